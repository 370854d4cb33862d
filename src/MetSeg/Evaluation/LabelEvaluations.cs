namespace MetSeg.Evaluation;

/// <summary>
/// The evaluations of one case before it is known which labels the other cases hold: each label that occurs and, where neither mask holds
/// two, everything that is not background. So every file is read once.
/// </summary>
internal sealed class LabelEvaluations
{
    private readonly Grid grid;
    private readonly byte[] referenceLabels;
    private readonly byte[] predictionLabels;
    private readonly Dictionary<string, RegionEvaluation> regions;
    private readonly Dictionary<string, bool[]> chosen = [];

    private LabelEvaluations(LabelMap reference, LabelMap prediction)
    {
        grid = reference.Grid;
        (referenceLabels, predictionLabels) = (reference.PresentLabels(), prediction.PresentLabels());
        regions = [];
    }

    private bool HoldsOneLabel => referenceLabels.Length <= 1 && predictionLabels.Length <= 1;

    /// <summary>Evaluates the regions that the options name, or else those that may be wanted.</summary>
    public static LabelEvaluations Of(LabelMap reference, LabelMap prediction, EvaluationOptions options)
    {
        var evaluations = new LabelEvaluations(reference, prediction);
        foreach (var region in Named(options) ?? evaluations.Present())
        {
            evaluations.chosen[region.Name] = region.Chosen();
            evaluations.regions[region.Name] = RegionEvaluation.Of(region.Name, MaskPair.Of(reference, prediction, region.Chosen()), options);
        }

        if (Named(options) is null && evaluations.HoldsOneLabel)
        {
            evaluations.chosen[RegionEvaluation.Whole] = [.. Enumerable.Range(0, 256).Select(label => label != 0)];
            evaluations.regions[RegionEvaluation.Whole] = evaluations.regions.Count == 1
                ? evaluations.regions.Values.Single() with { Region = RegionEvaluation.Whole }
                : RegionEvaluation.Of(RegionEvaluation.Whole, MaskPair.Of(reference, prediction), options);
        }

        return evaluations;
    }

    /// <summary>Adds what probability maps are worth.</summary>
    /// <param name="reference">The reference's labels.</param>
    /// <param name="brain">The voxels that count; null for all.</param>
    /// <param name="read">Reads the map of a region, and is told whether it is the only one; null where there is none.</param>
    /// <exception cref="GridMismatchException">A map lies on another grid.</exception>
    /// <exception cref="MetSegException">A map cannot be read or holds something else than probabilities.</exception>
    public void AddProbabilities(LabelMap reference, LabelMap? brain, Func<string, bool, Volume?> read)
    {
        foreach (var (name, evaluation) in regions.ToList())
        {
            if (read(name, regions.Count == 1 || name == RegionEvaluation.Whole) is { } map)
            {
                regions[name] = evaluation with { Probability = ProbabilityMetrics.Compute(map, reference.Map(label => (byte)(chosen[name][label] ? 1 : 0)), brain) };
            }
        }
    }

    /// <summary>The regions to report for all cases: those that the options name, one of everything, or every label that occurs.</summary>
    public static IReadOnlyList<string> RegionNames(IReadOnlyList<LabelEvaluations> cases, EvaluationOptions options)
    {
        if (Named(options) is { } named)
        {
            return [.. named.Select(region => region.Name)];
        }

        var references = cases.SelectMany(c => c.referenceLabels).Distinct().ToList();
        var predictions = cases.SelectMany(c => c.predictionLabels).Distinct().ToList();
        return references.Count <= 1 && predictions.Count <= 1
            ? [RegionEvaluation.Whole]
            : [.. references.Union(predictions).Order().Select(label => EvaluationRegion.Single(label).Name)];
    }

    /// <summary>The evaluations of these regions, in their order; a label that does not occur in the case is empty in both masks.</summary>
    public IReadOnlyList<RegionEvaluation> For(IReadOnlyList<string> names, EvaluationOptions options) =>
        [.. names.Select(name => regions.GetValueOrDefault(name) ?? RegionEvaluation.Of(name, MaskPair.Empty(grid), options))];

    private static IReadOnlyList<EvaluationRegion>? Named(EvaluationOptions options) =>
        options.Label is { } label ? [EvaluationRegion.Single((byte)label)] : options.Regions.Count > 0 ? options.Regions : null;

    private IReadOnlyList<EvaluationRegion> Present() => [.. referenceLabels.Union(predictionLabels).Select(EvaluationRegion.Single)];
}
