using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>How much one lesion stands out from what surrounds it.</summary>
/// <param name="Lesion">The lesion's component, from 1 in the order of <see cref="Components"/>.</param>
/// <param name="VolumeCm3">Its volume in cm³.</param>
/// <param name="ShellVoxels">Number of voxels of the shell around it.</param>
/// <param name="ContrastToNoise">(Mean inside − mean of the shell) / standard deviation of the shell; negative for a dark lesion, NaN where undefined.</param>
/// <param name="PeakContrast">(Maximum inside − mean of the shell) / standard deviation of the shell; NaN where undefined.</param>
/// <param name="Undefined">Why both are NaN; null where they are not.</param>
public sealed record LesionContrastValue(
    int Lesion, double VolumeCm3, int ShellVoxels, double ContrastToNoise, double PeakContrast, string? Undefined)
{
    /// <summary>Mean inside − mean of the shell, in the image's unit: unlike the ratios it falls where an image is blurred. NaN where undefined.</summary>
    public double Difference { get; init; } = double.NaN;
}

/// <summary>
/// Contrast-to-noise ratio of lesions: inside against a shell around them. Neither scaling nor shifting the intensities changes it, so scans of
/// any unit compare. What lies in the shell counts as noise, edema and vessels included.
/// </summary>
public static class LesionContrast
{
    /// <summary>Measures every lesion.</summary>
    /// <param name="image">The scan; values that are not finite count for nothing.</param>
    /// <param name="lesions">Everything but 0 is lesion.</param>
    /// <param name="brain">The voxels that a shell may hold: everything but 0. Null for those where the scan is not 0.</param>
    /// <param name="options">Shell, gap and connectivity; null for the defaults.</param>
    /// <returns>One value per lesion, in the order of the components.</returns>
    /// <exception cref="GridMismatchException">The images lie on different grids.</exception>
    /// <exception cref="OptionsException">The options contradict themselves.</exception>
    public static IReadOnlyList<LesionContrastValue> Measure(
        Volume image, LabelMap lesions, LabelMap? brain = null, LesionContrastOptions? options = null)
    {
        options ??= new LesionContrastOptions();
        OptionsException.ThrowIfAny("lesion contrast", options.Problems());
        SameGrid.ThrowIfNot(image.Grid, lesions.Grid, "lesion mask");
        SameGrid.ThrowIfNot(image.Grid, brain?.Grid, "brain mask");
        var components = Components.Find(lesions, options.Connectivity);
        var labels = components.ToLabels();
        var surroundings = Surroundings(image, lesions, brain, options.GapVoxels);
        var reachMm = Math.Max(options.ShellMm, (options.GapVoxels + 1) * image.Grid.Spacing.ToArray().Min());
        return [.. components.Items.Select(lesion =>
        {
            var (inside, shell) = Intensities(image, labels, lesion, (surroundings, reachMm));
            return Value(lesion.Id, lesion.VolumeCm3(image.Grid.Spacing), inside, shell);
        })];
    }

    /// <summary>Where a shell may lie: finite, in the brain, and farther from every lesion than the gap.</summary>
    private static bool[] Surroundings(Volume image, LabelMap lesions, LabelMap? brain, int gap)
    {
        var near = Morphology.Dilate(lesions, connectivity: 26, gap);
        var surroundings = new bool[image.Voxels.Length];
        for (var i = 0; i < surroundings.Length; i++)
        {
            var isBrain = brain is null ? image.Voxels[i] != 0 : brain.Labels[i] != 0;
            surroundings[i] = isBrain && near.Labels[i] == 0 && float.IsFinite(image.Voxels[i]);
        }

        return surroundings;
    }

    /// <summary>The intensities in a lesion and in its shell; all work is done in a box around them.</summary>
    private static (List<double> Inside, List<double> Shell) Intensities(
        Volume image, int[] labels, Component lesion, (bool[] Surroundings, double Mm) shell)
    {
        var (size, spacing) = (image.Grid.Size, image.Grid.Spacing);
        var (x0, xEnd) = Reach(lesion.Box.MinX, lesion.Box.EndX, shell.Mm / spacing.X, size.X);
        var (y0, yEnd) = Reach(lesion.Box.MinY, lesion.Box.EndY, shell.Mm / spacing.Y, size.Y);
        var (z0, zEnd) = Reach(lesion.Box.MinZ, lesion.Box.EndZ, shell.Mm / spacing.Z, size.Z);
        var part = new Size(xEnd - x0, yEnd - y0, zEnd - z0);
        var mask = new byte[part.Count];
        ForEach((local, voxel) => mask[local] = labels[voxel] == lesion.Id ? (byte)1 : (byte)0);
        var reached = Morphology.DilateByBall(new LabelMap(Grid.Axial(part, spacing), mask), shell.Mm);
        var (inside, around) = (new List<double>(), new List<double>());
        ForEach((local, voxel) =>
        {
            if (mask[local] != 0 && float.IsFinite(image.Voxels[voxel]))
            {
                inside.Add(image.Voxels[voxel]);
            }
            else if (reached.Labels[local] != 0 && shell.Surroundings[voxel])
            {
                around.Add(image.Voxels[voxel]);
            }
        });
        return (inside, around);

        void ForEach(Action<int, int> action)
        {
            for (var local = 0; local < part.Count; local++)
            {
                var (row, x) = (local / part.X, local % part.X);
                action(local, size.Index(x0 + x, y0 + (row % part.Y), z0 + (row / part.Y)));
            }
        }
    }

    private static (int First, int End) Reach(int first, int end, double voxels, int length)
    {
        var reach = (int)Math.Ceiling(Math.Min(voxels, length));
        return (Math.Max(first - reach, 0), Math.Min(end + reach, length));
    }

    private static LesionContrastValue Value(int lesion, double volumeCm3, List<double> inside, List<double> shell)
    {
        var undefined = inside.Count == 0 ? "no intensity in the lesion is finite"
            : shell.Count < 2 ? "the shell around it is empty"
            : shell.TrueForAll(value => value == shell[0]) ? "the shell around it is constant" : null;
        if (undefined is not null)
        {
            return new LesionContrastValue(lesion, volumeCm3, shell.Count, double.NaN, double.NaN, undefined);
        }

        var mean = shell.Average();
        var deviation = Math.Sqrt(shell.Sum(value => (value - mean) * (value - mean)) / (shell.Count - 1));
        return new LesionContrastValue(
            lesion, volumeCm3, shell.Count, (inside.Average() - mean) / deviation, (inside.Max() - mean) / deviation, null)
        {
            Difference = inside.Average() - mean,
        };
    }
}
