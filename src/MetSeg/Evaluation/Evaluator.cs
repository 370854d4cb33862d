using System.Runtime.ExceptionServices;
using MetSeg.Nifti;

namespace MetSeg.Evaluation;

/// <summary>Compares predictions with references: voxels, surfaces and lesions, per case and per institution.</summary>
public static class Evaluator
{
    /// <summary>One case a core, and never so many that their label maps (18 MB a case of 240×240×155) fill the memory.</summary>
    private static readonly int casesAtOnce = Math.Min(Environment.ProcessorCount, 16);

    /// <summary>
    /// Evaluates one case. Without a label or regions in the options its own labels decide (see <see cref="EvaluationOptions.Label"/>).
    /// </summary>
    /// <param name="id">The case's id.</param>
    /// <param name="reference">The reference's labels.</param>
    /// <param name="prediction">The prediction's labels, on the same grid.</param>
    /// <param name="options">How to compare.</param>
    /// <param name="group">The institution the case belongs to.</param>
    /// <exception cref="GridMismatchException">The label maps lie on different grids.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static CaseEvaluation EvaluateCase(
        string id, LabelMap reference, LabelMap prediction, EvaluationOptions options, string group = CaseEvaluation.UnknownGroup)
    {
        OptionsException.ThrowIfAny("Evaluation options", options.Problems());
        MaskPair.RequireSameGrid(($"the reference of case '{id}'", reference.Grid), ("its prediction", prediction.Grid));
        var regions = LabelEvaluations.Of(reference, prediction, options);
        return new CaseEvaluation(id, group, regions.For(LabelEvaluations.RegionNames([regions], options), options));
    }

    /// <summary>Evaluates every reference of a folder against the prediction of the same name (.nii.gz or .nii).</summary>
    /// <param name="input">The folders, and where each case comes from.</param>
    /// <param name="options">How to compare.</param>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="MetSegException">An institution has the name of the group of all cases.</exception>
    /// <exception cref="DatasetException">A folder is missing, there is no reference, or a reference has no prediction or no brain mask.</exception>
    /// <exception cref="GridMismatchException">A prediction or brain mask lies on another grid than its reference.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static EvaluationResult EvaluateFolder(
        EvaluationInput input, EvaluationOptions options, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        OptionsException.ThrowIfAny("Evaluation options", options.Problems());
        if (input.Groups?.Values.Any(origin => origin.Institution == GroupEvaluation.AllCases) == true)
        {
            throw new MetSegException($"An institution is named '{GroupEvaluation.AllCases}', which means all cases; rename it in the groups.");
        }

        options = options with { Probabilities = input.Probabilities is not null };
        var pairs = CasePairs.Find(input, options.AllowMissing);
        var evaluated = EvaluateAll(pairs.Cases, options, progress, cancellation);
        var names = LabelEvaluations.RegionNames(evaluated, options);
        var cases = pairs.Cases.Zip(evaluated, (pair, labels) =>
        {
            var (institution, patient) = input.Groups?.GetValueOrDefault(pair.Id) ?? default;
            return new CaseEvaluation(pair.Id, institution ?? CaseEvaluation.UnknownGroup, labels.For(names, options)) { Patient = patient ?? pair.Id };
        }).ToList();
        return new EvaluationResult
        {
            Cases = cases,
            Groups = GroupEvaluation.Of(cases, input.Groups is not null, options),
            Options = options,
            MissingPredictions = pairs.MissingPredictions,
            IgnoredPredictions = pairs.IgnoredPredictions,
        };
    }

    private static LabelEvaluations[] EvaluateAll(
        IReadOnlyList<CasePair> cases, EvaluationOptions options, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var evaluated = new LabelEvaluations[cases.Count];
        var done = 0;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = casesAtOnce, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, cases.Count, parallel, i =>
            {
                evaluated[i] = Evaluate(cases[i], options);
                lock (parallel)
                {
                    progress?.Report(new Progress("evaluate", ++done, cases.Count, cases[i].Id));
                }
            });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        return evaluated;
    }

    private static LabelEvaluations Evaluate(CasePair pair, EvaluationOptions options)
    {
        var reference = NiftiReader.ReadLabelMap(pair.ReferencePath);
        var prediction = NiftiReader.ReadLabelMap(pair.PredictionPath);
        MaskPair.RequireSameGrid(($"'{pair.ReferencePath}'", reference.Grid), ($"'{pair.PredictionPath}'", prediction.Grid));
        var brain = pair.BrainMaskPath is { } path ? NiftiReader.ReadLabelMap(path) : null;
        if (brain is not null)
        {
            MaskPair.RequireSameGrid(($"'{pair.ReferencePath}'", reference.Grid), ($"'{pair.BrainMaskPath}'", brain.Grid));
            prediction = new LabelMap(prediction.Grid, [.. prediction.Labels.Zip(brain.Labels, (label, inside) => inside == 0 ? (byte)0 : label)]);
        }

        var evaluations = LabelEvaluations.Of(reference, prediction, options);
        evaluations.AddProbabilities(reference, brain, (region, alone) =>
            pair.ProbabilityPath(region, alone) is { } map ? NiftiReader.ReadVolume(map) : null);
        return evaluations;
    }
}
