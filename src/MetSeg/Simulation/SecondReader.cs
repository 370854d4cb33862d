using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Simulation;

/// <summary>
/// A second physician's contours of the same scan: borders a little elsewhere, small metastases overlooked, vessels taken for
/// metastases. How often and how far is our choice, after the agreement of two physicians in paper P3 (Dice about 0.8, F1 about 0.83).
/// </summary>
public static class SecondReader
{
    private const double JitterMm = 0.7;
    private const double MissedAtOneVoxel = 0.45;
    private const double HalfMissedMm3 = 60;
    private const double FalseVesselsPerScan = 0.8;

    /// <summary>Reads a scan.</summary>
    /// <param name="reference">The true labels; value by value their places are kept or lost.</param>
    /// <param name="phantom">The patient, for vessels that look like metastases.</param>
    /// <param name="random">Where the reader's ways come from.</param>
    public static LabelMap Read(LabelMap reference, Phantom phantom, Random random)
    {
        var grid = reference.Grid;
        var labels = WithoutMissed(reference, random);
        var field = new RandomField(random, 120, 4);
        var jittered = new byte[labels.Length];
        var toLabel = ImmutableCollectionsMarshal.AsArray(DistanceTransform.ToForeground(new LabelMap(grid, [.. labels.Select(l => (byte)(l != 0 ? 1 : 0))])).Voxels)!;
        var toOutside = ImmutableCollectionsMarshal.AsArray(DistanceTransform.ToForeground(new LabelMap(grid, [.. labels.Select(l => (byte)(l != 0 ? 0 : 1))])).Voxels)!;
        var half = Math.Min(grid.Spacing.X, Math.Min(grid.Spacing.Y, grid.Spacing.Z)) / 2;
        for (var i = 0; i < jittered.Length; i++)
        {
            var signed = labels[i] != 0 ? half - toOutside[i] : toLabel[i] - half;
            if (Math.Abs(signed) > 4 * JitterMm)
            {
                jittered[i] = labels[i];
                continue;
            }

            var (x, y, z) = grid.ToWorld.Apply(i % grid.Size.X, i / grid.Size.X % grid.Size.Y, i / (grid.Size.X * grid.Size.Y));
            var isInside = signed < JitterMm * field.At(new((float)x, (float)y, (float)z));
            jittered[i] = isInside ? labels[i] != 0 ? labels[i] : NearestLabel(labels, grid.Size, i) : (byte)0;
        }

        AddVessels(jittered, grid, phantom, random);
        return new LabelMap(grid, jittered);
    }

    /// <summary>The chance to miss falls with the volume: by half every 60 mm³.</summary>
    private static byte[] WithoutMissed(LabelMap reference, Random random)
    {
        var labels = reference.Labels.ToArray();
        var components = Components.Find(reference);
        var numbers = components.ToLabels();
        var isMissed = components.Items.Select(component =>
        {
            var volume = component.Voxels * reference.Grid.Spacing.VoxelMm3;
            return random.NextDouble() < MissedAtOneVoxel * Math.Pow(0.5, volume / HalfMissedMm3);
        }).ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = numbers[i] > 0 && isMissed[numbers[i] - 1] ? (byte)0 : labels[i];
        }

        return labels;
    }

    private static byte NearestLabel(byte[] labels, Size size, int index)
    {
        var (x, y, z) = (index % size.X, index / size.X % size.Y, index / (size.X * size.Y));
        for (var (reach, found) = (1, (byte)0); reach <= 4; reach++)
        {
            foreach (var (dx, dy, dz) in new[] { (reach, 0, 0), (-reach, 0, 0), (0, reach, 0), (0, -reach, 0), (0, 0, reach), (0, 0, -reach) })
            {
                found = size.Contains(x + dx, y + dy, z + dz) ? Math.Max(found, labels[size.Index(x + dx, y + dy, z + dz)]) : found;
            }

            if (found != 0)
            {
                return found;
            }
        }

        return 0;
    }

    private static void AddVessels(byte[] labels, Grid grid, Phantom phantom, Random random)
    {
        var places = phantom.VesselVoxels(grid);
        var mark = labels.Max() is > 0 and var largest ? largest : (byte)1;
        for (var count = random.Geometric(1 + FalseVesselsPerScan) - 1; count > 0 && places.Count > 0; count--)
        {
            var place = places[random.Next(places.Count)];
            labels[place] = mark;
            if (place % grid.Size.X + 1 < grid.Size.X)
            {
                labels[place + 1] = mark;
            }
        }
    }
}
