using MetSeg.Files;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>The files and figures of a domain assessment.</summary>
public static class DomainFigures
{
    /// <summary>Name of the file that holds the numbers.</summary>
    public const string FileName = "domain_gap.json";

    /// <summary>
    /// Writes domain_gap.json and, as PNG and SVG, confusion_N and tsne_N for each kind of features, latent, and, where there are lesions,
    /// lesion_contrast.
    /// </summary>
    /// <param name="result">What was measured.</param>
    /// <param name="folder">Created where it is missing.</param>
    /// <exception cref="MetSegException">A file cannot be written.</exception>
    public static void Write(DomainAssessmentResult result, string folder)
    {
        JsonFile.Write(Path.Combine(folder, FileName), result, JsonFile.OwnStyle);
        for (var i = 0; i < result.Measures.Count; i++)
        {
            Confusion(result, i).Write(Path.Combine(folder, $"confusion_{i + 1}"));
            Neighborhoods(result, i).Write(Path.Combine(folder, $"tsne_{i + 1}"));
        }

        LatentMap(result).Write(Path.Combine(folder, "latent"));
        if (result.LesionContrast.Count > 0)
        {
            LesionContrast(result).Write(Path.Combine(folder, "lesion_contrast"));
        }
    }

    /// <summary>The confusion matrix of one kind of features.</summary>
    public static Figure Confusion(DomainAssessmentResult result, int measure)
    {
        var rows = result.Measures[measure].Confusion;
        var counts = new int[rows.Count, rows.Count];
        for (var i = 0; i < rows.Count; i++)
        {
            for (var j = 0; j < rows.Count; j++)
            {
                counts[i, j] = rows[i][j];
            }
        }

        return new ConfusionChart { Classes = result.Institutions, Counts = counts, Title = result.Measures[measure].Features }.Draw();
    }

    /// <summary>The scans by t-SNE of one kind of features, colored by institution.</summary>
    public static Figure Neighborhoods(DomainAssessmentResult result, int measure) => new ScatterChart
    {
        Title = result.Measures[measure].Features,
        XLabel = $"t-SNE 1 (perplexity {result.Measures[measure].Perplexity:0.#})",
        YLabel = "t-SNE 2",
        Groups = Groups(result, result.Measures[measure].Neighborhoods),
    }.Draw();

    /// <summary>The scans' latent codes in their first two principal components, colored by institution.</summary>
    public static Figure LatentMap(DomainAssessmentResult result) => new ScatterChart
    {
        XLabel = "first principal component",
        YLabel = "second principal component",
        Groups = Groups(result, result.LatentPoints),
    }.Draw();

    /// <summary>Mean contrast of lesions by volume, before and after.</summary>
    public static Figure LesionContrast(DomainAssessmentResult result) => new GroupedBarChart
    {
        Groups = [.. result.LesionContrast.Select(bin => $"{bin.Name}, n = {bin.N}")],
        Series =
        [
            new BarSeries("original", [.. result.LesionContrast.Select(bin => new Bar(bin.ContrastToNoise.Before))]),
            new BarSeries("harmonized", [.. result.LesionContrast.Select(bin => new Bar(bin.ContrastToNoise.After))]),
        ],
        ValueLabel = "mean contrast-to-noise ratio of lesions",
    }.Draw();

    private static IReadOnlyList<PointGroup> Groups(DomainAssessmentResult result, IReadOnlyList<double[]> points) =>
        [.. result.Institutions.Select(name => new PointGroup(
            name, [.. points.Zip(result.InstitutionOfCase).Where(pair => pair.Second == name).Select(pair => (pair.First[0], pair.First[1]))]))];
}
