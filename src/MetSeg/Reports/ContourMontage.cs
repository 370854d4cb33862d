using MetSeg.Nifti;
using MetSeg.Statistics;

namespace MetSeg.Reports;

/// <summary>Where the images of a montage lie.</summary>
/// <param name="Scans">Folder of scans, CASE_0000.nii.gz or CASE.nii.gz.</param>
/// <param name="References">Folder of reference label maps, CASE.nii.gz.</param>
/// <param name="Predictions">Folder of predicted label maps, CASE.nii.gz, by method's name; methods without one are not shown.</param>
public sealed record MontageImages(string Scans, string References, IReadOnlyDictionary<string, string> Predictions);

/// <summary>
/// The best, the median and the worst case by the mean of a metric over all methods, with the contours of reference and prediction: one row a
/// case, one column a method, all of a row in the same slice and window.
/// </summary>
internal static class ContourMontage
{
    private const int PanelHeight = 260;

    private static readonly string[] endings = [".nii.gz", ".nii"];

    public static void AddTo(ReportSection section, EvaluationReport report, MontageImages images)
    {
        var methods = report.Methods.Where(method => images.Predictions.ContainsKey(method.Name)).ToList();
        if (images.Predictions.Keys.FirstOrDefault(name => methods.All(method => method.Name != name)) is { } stray)
        {
            throw new MetSegException($"Predictions are given for '{stray}', but the evaluations are named {string.Join(", ", report.Methods.Select(method => method.Name))}.");
        }

        var column = report.First.Column(report.Options.Metric, report.First.Regions[0]);
        var chosen = Choose(report, column);
        if (chosen.Count == 0 || methods.Count == 0)
        {
            section.Paragraph(methods.Count == 0 ? "No folder of predictions is given." : $"No case has a value of {column} for every method.");
            return;
        }

        var rows = chosen.Select(one => Row(report, images, methods, column, one)).ToList();
        var shown = string.Join(", ", chosen.Select(one => $"{one.Rank} {one.Case}"));
        section.Figure(new ReportFigure(
            PictureSheet.Tile(rows),
            $"Cases ranked by {LabelOf(report)}{report.InRegion(report.First.Regions[0])} (mean over methods): {shown}; each through its largest reference lesion, with that lesion enlarged. Reference green, prediction red.",
            $"Contours of the best, median and worst case by {column}"));
    }

    /// <summary>Best, median and worst of the cases with a value for every method; fewer where there are fewer cases.</summary>
    internal static IReadOnlyList<(string Rank, string Case)> Choose(EvaluationReport report, string column)
    {
        if (report.First.Cases.All(one => !one.Scores.ContainsKey(column)))
        {
            throw new MetSegException(
                $"'{report.First.Folder}' has no column '{column}' of numbers in cases.csv. It has {string.Join(", ", report.First.Cases[0].Scores.Keys)}.");
        }

        var scores = report.Methods.Select(method => report.Scores(method, column)).ToList();
        var ranked = report.First.Cases.Select((one, i) => (one.Case, Mean: scores.Average(method => method[i])))
            .Where(one => double.IsFinite(one.Mean)).OrderByDescending(one => one.Mean).ThenBy(one => one.Case, StringComparer.Ordinal)
            .Select(one => one.Case).ToList();
        if (MetricDirection.LowerIsBetter(column) == true)
        {
            ranked.Reverse();
        }

        (string, int)[] places = ranked.Count < 3
            ? [("best", 0), ("worst", ranked.Count - 1)]
            : [("best", 0), ("median", ranked.Count / 2), ("worst", ranked.Count - 1)];
        return [.. places.Take(ranked.Count).Select(place => (place.Item1, ranked[place.Item2]))];
    }

    private static List<byte[]> Row(
        EvaluationReport report, MontageImages images, List<ComparedMethod> methods, string column, (string Rank, string Case) chosen)
    {
        var image = NiftiReader.ReadVolume(Find(images.Scans, chosen.Case, ["_0000", ""], "scan"));
        var reference = NiftiReader.ReadLabelMap(Find(images.References, chosen.Case, [""], "reference"));
        var place = report.First.Cases.Select(one => one.Case).ToList().IndexOf(chosen.Case);
        return [.. methods.Select(method =>
        {
            var prediction = NiftiReader.ReadLabelMap(Find(images.Predictions[method.Name], chosen.Case, [""], "prediction"));
            return SlicePicture.Draw(image, reference, prediction, new SlicePictureOptions
            {
                Planes = [SlicePlane.Axial],
                PanelHeight = PanelHeight,
                Title = $"{chosen.Rank}: {chosen.Case}, {method.Name}, {LabelOf(report)} {report.Scores(method, column)[place]:0.00}",
            });
        })];
    }

    private static string LabelOf(EvaluationReport report) =>
        ReportedMetric.OfCases(report.First.Options).FirstOrDefault(metric => metric.Name == report.Options.Metric)?.Label ?? report.Options.Metric;

    private static string Find(string folder, string id, string[] suffixes, string what) =>
        suffixes.SelectMany(suffix => endings.Select(ending => Path.Combine(folder, $"{id}{suffix}{ending}"))).FirstOrDefault(File.Exists)
            ?? throw new MetSegException($"'{folder}' holds no {what} of case '{id}' ({id}{suffixes[0]}.nii.gz). Name the folder that does.");
}
