using System.Numerics;
using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Simulation;

/// <summary>One session at a scanner: from a phantom to the stored image and its label map.</summary>
/// <param name="Settings">The settings of the session.</param>
/// <param name="Brightness">Brightness by <see cref="Tissue"/> number, relative to the scanner's usual white matter.</param>
public sealed record Scan(Scanner Settings, IReadOnlyList<double> Brightness)
{
    /// <summary>Full width at half maximum of a Gaussian in standard deviations: √(8 ln 2).</summary>
    private const double FullWidth = 2.3548;

    private const float Texture = 0.02f;

    /// <summary>
    /// Acquires the image: brightness with 2 % of texture in the brain, blur, mean over each voxel, bias field, Rician noise, gamma, scale,
    /// rounding to whole numbers.
    /// </summary>
    /// <param name="phantom">The patient.</param>
    /// <param name="grid">Grid of the image; shares the outer corner and directions with the phantom's.</param>
    /// <param name="keepSkull">Whether to keep what is outside the brain; otherwise it is 0, and the brain nowhere is.</param>
    /// <param name="random">Where texture, bias field and noise come from.</param>
    /// <remarks>Rician noise: Gudbjartsson and Patz, Magn Reson Med 1995;34:910-914.</remarks>
    public Volume Acquire(Phantom phantom, Grid grid, bool keepSkull, Random random)
    {
        var blur = Settings.Blur / FullWidth;
        var image = PartialVolume.Average(GaussianFilter.Smooth(Signal(phantom, random), blur * grid.Spacing.X), grid);
        var mask = Coverage(phantom.Brain, grid);
        var bias = new RandomField(random, 110, 40);
        var stored = new float[grid.Size.Count];
        for (var i = 0; i < stored.Length; i++)
        {
            var isBrain = mask.Voxels[i] >= 0.5f;
            var field = keepSkull || isBrain ? MathF.Exp((float)Settings.Bias * bias.At(WorldPoint(grid, i))) : 0;
            stored[i] = field == 0 ? 0 : MathF.Max(Stored(field * image.Voxels[i], random), isBrain ? 1 : 0);
        }

        return new Volume(grid, stored);
    }

    /// <summary>
    /// The reference: 1 where a metastasis (rim and core) fills half of the voxel or more. One that fills no voxel half gets the voxel that it
    /// fills most, so every metastasis is in the label map.
    /// </summary>
    /// <param name="phantom">The patient.</param>
    /// <param name="grid">Grid of the image.</param>
    public static LabelMap Label(Phantom phantom, Grid grid)
    {
        var labels = new byte[grid.Size.Count];
        var coverage = Coverage(phantom.LesionNumbers, grid).Voxels;
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)(coverage[i] >= 0.5f ? 1 : 0);
        }

        foreach (var (_, voxels) in VoxelsByLesion(phantom, grid))
        {
            if (!voxels.Exists(voxel => labels[voxel] != 0))
            {
                labels[voxels.MaxBy(voxel => coverage[voxel])] = 1;
            }
        }

        return new LabelMap(grid, labels);
    }

    private Volume Signal(Phantom phantom, Random random)
    {
        var (size, texture) = (phantom.Tissues.Grid.Size, new RandomField(random, 110, 4));
        var brightness = Brightness.Select(value => (float)value).ToArray();
        var uptake = phantom.Metastases.Select(lesion => (float)lesion.Uptake).Prepend(1).ToArray();
        var (tissues, numbers, brain) = (phantom.Tissues.Labels, phantom.LesionNumbers.Labels, phantom.Brain.Labels);
        var signal = new float[size.Count];
        Parallel.For(0, size.Z, z =>
        {
            for (var i = size.Index(0, 0, z); i < size.Index(0, 0, z) + (size.X * size.Y); i++)
            {
                var factor = tissues[i] == (byte)Tissue.MetastasisRim ? uptake[numbers[i]] : 1;
                var variation = brain[i] != 0 ? 1 + (Texture * texture.At(WorldPoint(phantom.Tissues.Grid, i))) : 1;
                signal[i] = factor * brightness[tissues[i]] * variation;
            }
        });
        return new Volume(phantom.Tissues.Grid, signal);
    }

    private float Stored(float signal, Random random)
    {
        var (real, imaginary) = random.NormalPair();
        var noisy = Complex.Abs(new Complex(signal + (Settings.Noise * real), Settings.Noise * imaginary));
        return (float)Math.Round(Settings.Scale * Math.Pow(noisy, Settings.Gamma));
    }

    private static Volume Coverage(LabelMap fine, Grid grid)
    {
        var shares = new float[fine.Grid.Size.Count];
        var labels = ImmutableCollectionsMarshal.AsArray(fine.Labels)!;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = labels[i] != 0 ? 1 : 0;
        }

        return PartialVolume.Average(new Volume(fine.Grid, shares), grid);
    }

    /// <summary>The coarse voxels that hold the centers of a metastasis' fine voxels.</summary>
    private static Dictionary<byte, List<int>> VoxelsByLesion(Phantom phantom, Grid grid)
    {
        var voxels = new Dictionary<byte, List<int>>();
        var (numbers, fine, toCoarse) = (phantom.LesionNumbers, phantom.LesionNumbers.Grid, grid.ToWorld.Inverse());
        for (var i = 0; i < numbers.Labels.Length; i++)
        {
            if (numbers.Labels[i] is not 0 and var number)
            {
                var point = WorldPoint(fine, i);
                var (x, y, z) = toCoarse.Apply(point.X, point.Y, point.Z);
                var (cx, cy, cz) = ((int)Math.Round(x), (int)Math.Round(y), (int)Math.Round(z));
                if (grid.Size.Contains(cx, cy, cz))
                {
                    (voxels.TryGetValue(number, out var list) ? list : voxels[number] = []).Add(grid.Size.Index(cx, cy, cz));
                }
            }
        }

        return voxels;
    }

    private static Vector3 WorldPoint(Grid grid, int index)
    {
        var size = grid.Size;
        var (x, y, z) = grid.ToWorld.Apply(index % size.X, index / size.X % size.Y, index / (size.X * size.Y));
        return new Vector3((float)x, (float)y, (float)z);
    }
}
