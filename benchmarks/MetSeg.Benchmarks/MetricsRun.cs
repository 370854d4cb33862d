using System.Diagnostics;
using MetSeg.Evaluation;
using MetSeg.Nifti;

namespace MetSeg.Benchmarks;

/// <summary>
/// One case of 240×240×155 voxels through the evaluation, after reading: all metrics of papers P1 and P2, the BraTS lesion-wise scores of three
/// regions, and both with ten times as many lesions; against the same steps in Python, and a cohort of a hundred cases for its memory.
/// </summary>
internal static class MetricsRun
{
    private const int Repeats = 15;
    private const int Many = 200;
    private const int CohortCases = 100;

    private static readonly EvaluationOptions papers = new() { Label = 3, Lesions = new LesionOptions { BratsBeside = null } };
    private static readonly EvaluationOptions brats = new() { Regions = EvaluationRegion.Brats, Lesions = new LesionOptions { BratsBeside = "met" } };

    /// <summary>Measures and prints a table.</summary>
    /// <returns>0.</returns>
    public static int Start()
    {
        var folder = Directory.CreateTempSubdirectory("metseg-metrics-").FullName;
        try
        {
            Console.Error.WriteLine("measuring; this takes about three minutes ...");
            var load = Machine.Load();
            var (reference, prediction) = SyntheticCase.Regions(SyntheticCase.Lesions);
            var (manyReference, manyPrediction) = SyntheticCase.Regions(Many);
            NiftiWriter.Write(Path.Combine(folder, "reference.nii.gz"), reference);
            NiftiWriter.Write(Path.Combine(folder, "prediction.nii.gz"), prediction);
            var (ours, oneRegion) = Least(() => Evaluator.EvaluateCase("case", reference, prediction, papers).Regions[0]);
            var (oursMany, _) = Least(() => Evaluator.EvaluateCase("case", manyReference, manyPrediction, papers));
            var (threeRegions, scored) = Least(() => BratsScoresOf(reference, prediction));
            var (peers, absence) = Peers.Measure("peers_metrics.py", folder);
            Console.WriteLine("| work, after reading | MetSeg | peer | ratio | answers |");
            Console.WriteLine("|---|---|---|---|---|");
            Print("all of P1 and P2, one region, 20 lesions", ours, peers?.Results["papers"], oneRegion.Dice);
            Print("BraTS-MET lesion-wise, three regions", threeRegions, peers?.Results["brats"], scored.Sum(score => score.Dice));
            Console.WriteLine($"| the first with {Many} lesions | {oursMany * 1000:0} ms | {ours * 1000:0} ms with {SyntheticCase.Lesions} | {oursMany / ours:0.0} | |");
            Console.WriteLine(peers is null ? $"peers absent ({absence})" : $"Peer: numpy and scipy, {string.Join(", ", peers.Versions.Select(version => $"{version.Key} {version.Value}"))}.");
            PrintCohort(folder, reference, prediction);
            Console.WriteLine($"{DateTime.UtcNow:yyyy-MM-dd}, {Machine.Description()}. Load before: {load:0.0}, after: {Machine.Load():0.0}.");
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Print(string what, double ours, PeerResult? peer, double answer) => Console.WriteLine(
        $"| {what} | {ours * 1000:0} ms | {(peer is null ? "–" : $"{peer.Seconds:0.00} s")} | {(peer is null ? "–" : $"{peer.Seconds / ours:0}×")} | {answer:0.0000}, {peer?.Answer:0.0000} |");

    private static List<BratsScores> BratsScoresOf(LabelMap reference, LabelMap prediction) =>
        [.. EvaluationRegion.Brats.Select(region => BratsScores.Compute(Of(reference, region), Of(prediction, region)))];

    private static LabelMap Of(LabelMap labels, EvaluationRegion region) => labels.Select([.. region.Labels.Select(label => (byte)label)]);

    private static void PrintCohort(string folder, LabelMap reference, LabelMap prediction)
    {
        foreach (var (name, map) in new[] { ("references", reference), ("predictions", prediction) })
        {
            NiftiWriter.Write(Path.Combine(folder, name, "case000.nii.gz"), map);
            for (var i = 1; i < CohortCases; i++)
            {
                File.CreateSymbolicLink(Path.Combine(folder, name, $"case{i:000}.nii.gz"), Path.Combine(folder, name, "case000.nii.gz"));
            }
        }

        GC.Collect();
        var before = Process.GetCurrentProcess().WorkingSet64;
        var peak = before;
        var start = Stopwatch.StartNew();
        var input = new EvaluationInput { Predictions = Path.Combine(folder, "predictions"), References = Path.Combine(folder, "references") };
        Evaluator.EvaluateFolder(input, brats, new Peak(() => peak = Math.Max(peak, Process.GetCurrentProcess().WorkingSet64)));
        Console.WriteLine($"{CohortCases} cases, three regions, everything, reading included: {start.Elapsed.TotalSeconds:0.0} s, at most {(peak - before) / 1e6:0} MB more than before.");
    }

    private static (double Seconds, T Result) Least<T>(Func<T> work)
    {
        var (least, result) = (double.PositiveInfinity, work());
        for (var i = 0; i < Repeats; i++)
        {
            var start = Stopwatch.GetTimestamp();
            result = work();
            least = Math.Min(least, Stopwatch.GetElapsedTime(start).TotalSeconds);
        }

        return (least, result);
    }

    private sealed class Peak(Action look) : IProgress<Progress>
    {
        public void Report(Progress value) => look();
    }
}
