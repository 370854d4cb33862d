using System.Text.Json.Nodes;
using MetSeg.Files;

namespace MetSeg.Evaluation;

/// <summary>The voxels of one case.</summary>
/// <param name="Case">Its id.</param>
/// <param name="Counts">For each class or region of <see cref="LabelScheme.Foreground"/>.</param>
public sealed record SummarizedCase(string Case, IReadOnlyList<VoxelCounts> Counts);

/// <summary>
/// The Dice of a model's classes or regions over some cases, as nnU-Net's summary.json has it. Lesions and surfaces are the
/// <see cref="Evaluator"/>'s.
/// </summary>
/// <param name="Scheme">The labels.</param>
/// <param name="Cases">The cases.</param>
public sealed record SegmentationSummary(LabelScheme Scheme, IReadOnlyList<SummarizedCase> Cases)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "summary.json";

    /// <summary>Mean Dice of each class or region over the cases where it is defined; NaN where it is defined nowhere.</summary>
    public IReadOnlyList<double> MeanDice => [.. Scheme.Foreground.Select((_, k) => MeanOf(Cases.Select(one => Dice.Compute(one.Counts[k]))))];

    /// <summary>Mean of <see cref="MeanDice"/> over the classes where it is defined. nnU-Net's is NaN where one is not.</summary>
    public double ForegroundMean => MeanOf(MeanDice);

    /// <summary>Compares a prediction with its reference, class by class; voxels whose reference is "ignore" do not count.</summary>
    /// <exception cref="GridMismatchException">They lie on different grids.</exception>
    public static SummarizedCase Compare(string id, LabelMap reference, LabelMap prediction, LabelScheme scheme)
    {
        MaskPair.RequireSameGrid(($"the reference of case '{id}'", reference.Grid), ("its prediction", prediction.Grid));
        var pairs = new long[256, 256];
        for (var i = 0; i < reference.Labels.Length; i++)
        {
            pairs[reference.Labels[i], prediction.Labels[i]]++;
        }

        return new SummarizedCase(id, [.. scheme.Foreground.Select(entry => Count(pairs, entry.Values, scheme.Ignore))]);
    }

    /// <summary>Writes summary.json with nnU-Net's keys; undefined numbers are null, files are named without their folders.</summary>
    /// <param name="folder">Where to.</param>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string folder)
    {
        var mean = MeanDice;
        var json = new JsonObject
        {
            ["disclaimer"] = EvaluationResult.Disclaimer,
            ["foreground_mean"] = new JsonObject { ["Dice"] = Number(MeanOf(mean)) },
            ["mean"] = PerClass(k => new JsonObject { ["Dice"] = Number(mean[k]) }),
            ["metric_per_case"] = new JsonArray([.. Cases.Select(one => new JsonObject
            {
                ["metrics"] = PerClass(k => Metrics(one.Counts[k])),
                ["prediction_file"] = $"{one.Case}.nii.gz",
                ["reference_file"] = $"{one.Case}.nii.gz",
            })]),
        };
        JsonFile.Write(Path.Combine(folder, FileName), json, JsonFile.OwnStyle);
    }

    private static VoxelCounts Count(long[,] pairs, IReadOnlyList<int> values, int? ignore)
    {
        var (both, reference, prediction, all) = (0L, 0L, 0L, 0L);
        for (var r = 0; r < 256; r++)
        {
            for (var p = 0; p < 256 && r != ignore; p++)
            {
                var (inReference, inPrediction) = (values.Contains(r), values.Contains(p));
                both += inReference && inPrediction ? pairs[r, p] : 0;
                reference += inReference ? pairs[r, p] : 0;
                prediction += inPrediction ? pairs[r, p] : 0;
                all += pairs[r, p];
            }
        }

        return new VoxelCounts(both, prediction - both, reference - both, all - reference - prediction + both);
    }

    private static JsonObject Metrics(VoxelCounts counts) => new()
    {
        ["Dice"] = Number(Dice.Compute(counts)),
        ["FN"] = counts.FalseNegatives,
        ["FP"] = counts.FalsePositives,
        ["IoU"] = Number((double)counts.TruePositives / (counts.TruePositives + counts.FalsePositives + counts.FalseNegatives)),
        ["TN"] = counts.TrueNegatives,
        ["TP"] = counts.TruePositives,
        ["n_pred"] = counts.TruePositives + counts.FalsePositives,
        ["n_ref"] = counts.TruePositives + counts.FalseNegatives,
    };

    /// <summary>Classes by their value, regions as "(1, 2, 3)".</summary>
    private JsonObject PerClass(Func<int, JsonNode> value) => new(Scheme.Foreground.Select((entry, k) =>
        KeyValuePair.Create(Scheme.HasRegions ? $"({string.Join(", ", entry.Values)}{(entry.Values.Count == 1 ? "," : "")})" : $"{entry.Values[0]}", (JsonNode?)value(k))));

    private static double MeanOf(IEnumerable<double> values) => values.Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average();

    private static JsonNode? Number(double value) => double.IsFinite(value) ? JsonValue.Create(value) : null;
}
