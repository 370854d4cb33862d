using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Imaging;

namespace MetSeg.Reports;

/// <summary>One lesion.</summary>
/// <param name="Id">Its number, from 1, by falling volume.</param>
/// <param name="VolumeCm3">Volume in cm³: number of voxels times the volume of one.</param>
/// <param name="LongestDiameterMm">
/// Largest distance between the centers of any two of its voxels in mm, in three dimensions; 0 for a single voxel.
/// </param>
/// <param name="CentroidXMm">Mean of its voxels' centers in world mm (RAS+), x to the patient's right.</param>
/// <param name="CentroidYMm">The same, y to the front.</param>
/// <param name="CentroidZMm">The same, z up.</param>
/// <param name="MeanProbability">Mean probability of its voxels; NaN where no probabilities are known.</param>
/// <param name="MaxProbability">Highest probability of its voxels; NaN where no probabilities are known.</param>
/// <param name="TouchesBrainBorder">
/// Whether one of its voxels lies on a face of the grid or outside the brain, or shares a face with a voxel outside the brain.
/// </param>
public sealed record Lesion(
    int Id,
    double VolumeCm3,
    double LongestDiameterMm,
    double CentroidXMm,
    double CentroidYMm,
    double CentroidZMm,
    double MeanProbability,
    double MaxProbability,
    bool TouchesBrainBorder);

/// <summary>The lesions of a segmentation, the largest first: the 26-connected components of everything that is not background.</summary>
/// <param name="Lesions">The lesions; empty where the segmentation is.</param>
public sealed record LesionTable(IReadOnlyList<Lesion> Lesions)
{
    private const int MmDecimals = 3;
    private const int FineDecimals = 6;

    private static readonly string[] header =
    [
        "id", "volume_cm3", "longest_diameter_mm", "centroid_x_mm", "centroid_y_mm", "centroid_z_mm",
        "mean_probability", "max_probability", "touches_brain_border",
    ];

    /// <summary>Finds and measures the lesions.</summary>
    /// <param name="prediction">The segmentation; labels that touch form one lesion.</param>
    /// <param name="probability">Probability of lesion per voxel on the same grid; null where it is not known.</param>
    /// <param name="brainMask">
    /// Not 0 inside the brain, on the same grid; null where it is not known: then only the grid's faces count as border.
    /// </param>
    /// <exception cref="GridMismatchException">Probability or brain mask are on another grid.</exception>
    public static LesionTable Measure(LabelMap prediction, Volume? probability = null, LabelMap? brainMask = null)
    {
        var grid = prediction.Grid;
        ThrowUnlessSameGrid(grid, probability?.Grid, "probability volume");
        ThrowUnlessSameGrid(grid, brainMask?.Grid, "brain mask");
        var components = Components.Find(prediction);
        var diameters = LesionDiameter.Longest(components, grid);
        var probabilities = Probabilities(components, probability);
        var touching = Touching(components, brainMask);
        return new LesionTable([.. components.Items.OrderByDescending(item => item.Voxels).Select((item, place) =>
        {
            var (x, y, z) = item.CentroidMm(grid);
            var (mean, max) = probabilities[item.Id - 1];
            return new Lesion(
                place + 1, item.VolumeCm3(grid.Spacing), diameters[item.Id - 1], x, y, z, mean, max, touching[item.Id - 1]);
        })]);
    }

    /// <summary>
    /// Writes CASE_lesions.csv: a header and a row per lesion, cm³ and probabilities with up to six decimals, mm with up to three, unknown
    /// probabilities empty.
    /// </summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string path) => CsvFile.Write(path, header, Lesions.Select(lesion => (string[])
    [
        lesion.Id.ToString(),
        Rounded(lesion.VolumeCm3, FineDecimals),
        Rounded(lesion.LongestDiameterMm, MmDecimals),
        Rounded(lesion.CentroidXMm, MmDecimals),
        Rounded(lesion.CentroidYMm, MmDecimals),
        Rounded(lesion.CentroidZMm, MmDecimals),
        Rounded(lesion.MeanProbability, FineDecimals),
        Rounded(lesion.MaxProbability, FineDecimals),
        lesion.TouchesBrainBorder ? "true" : "false",
    ]));

    /// <summary>The number as text; adding 0 turns −0 into 0.</summary>
    private static string Rounded(double value, int decimals) => CsvFile.Number(Math.Round(value, decimals) + 0.0);

    private static (double Mean, double Max)[] Probabilities(Components components, Volume? probability)
    {
        var found = new (double Mean, double Max)[components.Count];
        Array.Fill(found, probability is null ? (double.NaN, double.NaN) : (0, double.NegativeInfinity));
        if (probability is null)
        {
            return found;
        }

        foreach (var run in components.Runs)
        {
            ref var lesion = ref found[run.Component - 1];
            var voxels = components.Items[run.Component - 1].Voxels;
            foreach (var value in probability.Voxels.AsSpan(run.Start, run.Length))
            {
                lesion = (lesion.Mean + ((double)value / voxels), Math.Max(lesion.Max, value));
            }
        }

        return found;
    }

    private static bool[] Touching(Components components, LabelMap? brainMask)
    {
        var touching = new bool[components.Count];
        foreach (var run in components.Runs)
        {
            touching[run.Component - 1] = touching[run.Component - 1] || Touches(run, components.Size, brainMask);
        }

        return touching;
    }

    private static bool Touches(Components.Run run, Size size, LabelMap? brainMask)
    {
        var (z, y) = Math.DivRem(run.Row, size.Y);
        if (run.X == 0 || y == 0 || z == 0 || run.X + run.Length == size.X || y == size.Y - 1 || z == size.Z - 1)
        {
            return true;
        }

        if (brainMask is null)
        {
            return false;
        }

        var brain = brainMask.Labels.AsSpan();
        var plane = size.X * size.Y;
        return brain.Slice(run.Start - 1, run.Length + 2).Contains((byte)0)
            || brain.Slice(run.Start - size.X, run.Length).Contains((byte)0)
            || brain.Slice(run.Start + size.X, run.Length).Contains((byte)0)
            || brain.Slice(run.Start - plane, run.Length).Contains((byte)0)
            || brain.Slice(run.Start + plane, run.Length).Contains((byte)0);
    }

    private static void ThrowUnlessSameGrid(Grid grid, Grid? other, string name)
    {
        if (other is not null && !grid.IsSameAs(other))
        {
            throw new GridMismatchException($"The segmentation is on {grid} but the {name} is on {other}. Resample one onto the other first.");
        }
    }
}
