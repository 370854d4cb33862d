using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Simulation;

/// <summary>Acquires one image of a phantom.</summary>
/// <param name="Session">Scanner and day.</param>
/// <param name="Weighting">Which image.</param>
public sealed record Scan(Session Session, ImageWeighting Weighting)
{
    private const float Texture = 0.02f;

    /// <summary>Shift of the image against the phantom along x and y in mm: the patient has moved between images. The default is none.</summary>
    public (double X, double Y) ShiftMm { get; init; }

    /// <summary>Share of the signal that ghosts take along y, from regular motion such as pulse; 0 for none, which is the default.</summary>
    public double Ghosting { get; init; }

    /// <summary>Whether to keep what is outside the brain; otherwise it is 0, and the brain nowhere is. The default is false.</summary>
    public bool KeepSkull { get; init; }

    /// <summary>
    /// Acquires the image: signal of each tissue, mean over the slice's thickness, point spread of k-space within it, 2 % of texture in the
    /// brain, ghosts, bias field, noise, scale, rounding to whole numbers.
    /// </summary>
    /// <param name="phantom">The patient.</param>
    /// <param name="grid">Grid of the image; shares the outer corner and directions with the phantom's.</param>
    /// <param name="seed">Seed of texture, bias field and noise.</param>
    /// <returns>Not negative; the same whatever the number of threads.</returns>
    /// <remarks>
    /// Noise: magnitude of one coil Rician, of several non-central chi. Gudbjartsson and Patz, Magn Reson Med 1995;34:910-914; Constantinides
    /// et al., Magn Reson Med 1997;38:852-857.
    /// </remarks>
    public Volume Acquire(Phantom phantom, Grid grid, long seed)
    {
        var image = WithGhosts(Form(phantom, grid), grid);
        var brain = PartialVolume.Shares(phantom.Brain, grid);
        var texture = new RandomField(Seeds.Generator(seed, "texture"), 112, 6);
        var bias = new RandomField(Seeds.Generator(seed, "bias"), 120, 40);
        var plane = grid.Size.X * grid.Size.Y;
        Parallel.For(0, grid.Size.Z, z =>
        {
            var noise = Seeds.Generator(seed, "noise", z);
            for (var i = plane * z; i < plane * (z + 1); i++)
            {
                var isBrain = brain[i] >= 0.5f;
                if (!isBrain && !KeepSkull)
                {
                    image[i] = 0;
                    continue;
                }

                var point = WorldPoint(grid, i);
                var field = MathF.Exp((float)((Session.Scanner.Bias * bias.At(point)) + (Session.Scanner.EdgeBrightness * point.LengthSquared() / 6400)));
                var signal = field * image[i] * (isBrain ? 1 + (Texture * texture.At(point)) : 1);
                image[i] = MathF.Max(Stored(signal, noise), isBrain ? 1 : 0);
            }
        });
        return new Volume(grid, image);
    }

    /// <summary>The image without noise and bias field, relative to white matter.</summary>
    private float[] Form(Phantom phantom, Grid grid)
    {
        var (fine, size) = (phantom.Tissues.Grid.Size, grid.Size);
        var ratios = new[] { grid.Spacing.X / phantom.Tissues.Grid.Spacing.X, grid.Spacing.Y / phantom.Tissues.Grid.Spacing.Y };
        var alongX = PointSpread.Weights(fine.X, size.X, ratios[0], Session.Scanner, ShiftMm.X / grid.Spacing.X);
        var alongY = PointSpread.Weights(fine.Y, size.Y, ratios[1], Session.Scanner, ShiftMm.Y / grid.Spacing.Y);
        var alongZ = PartialVolume.Overlaps(fine.Z, size.Z, grid.Spacing.Z / phantom.Tissues.Grid.Spacing.Z);
        var palette = Palette(phantom);
        var image = new float[size.Count];
        Parallel.For(0, size.Z, () => new float[(fine.X * fine.Y) + (fine.X * size.Y)], (z, _, work) =>
        {
            var slice = work.AsSpan(0, fine.X * fine.Y);
            var rows = work.AsSpan(fine.X * fine.Y);
            work.AsSpan().Clear();
            AddSlices(phantom, palette, alongZ[z], slice);
            PartialVolume.Rows(slice, fine.X, alongY, rows);
            PartialVolume.Columns(rows, fine.X, alongX, image.AsSpan(size.X * size.Y * z, size.X * size.Y));
            return work;
        }, _ => { });
        return image;
    }

    /// <summary>Brightness by tissue; then, from 256 on, that of each metastasis' enhancing part.</summary>
    private float[] Palette(Phantom phantom)
    {
        var palette = new float[512];
        for (var tissue = 0; tissue < TissueTable.Count; tissue++)
        {
            palette[tissue] = (float)Session.Brightness((Tissue)tissue, Weighting);
        }

        for (var i = 0; i < phantom.Metastases.Count; i++)
        {
            palette[257 + i] = (float)Session.Brightness(Tissue.MetastasisRim, Weighting, phantom.Metastases[i].Uptake);
        }

        palette[256] = palette[(int)Tissue.MetastasisRim];
        return palette;
    }

    private static void AddSlices(Phantom phantom, float[] palette, (int First, float[] Weights) shares, Span<float> slice)
    {
        var tissues = ImmutableCollectionsMarshal.AsArray(phantom.Tissues.Labels)!;
        var numbers = ImmutableCollectionsMarshal.AsArray(phantom.LesionNumbers.Labels)!;
        for (var k = 0; k < shares.Weights.Length; k++)
        {
            var (start, weight) = (slice.Length * (shares.First + k), shares.Weights[k]);
            var source = tissues.AsSpan(start, slice.Length);
            for (var i = 0; i < slice.Length; i++)
            {
                var tissue = source[i];
                slice[i] += weight * (tissue == (byte)Tissue.MetastasisRim ? palette[256 + numbers[start + i]] : palette[tissue]);
            }
        }
    }

    /// <summary>Regular motion leaves faint copies a quarter of the field of view off, along the phase encoding.</summary>
    private float[] WithGhosts(float[] image, Grid grid)
    {
        if (Ghosting == 0)
        {
            return image;
        }

        var size = grid.Size;
        var ghosted = new float[image.Length];
        Parallel.For(0, size.Y * size.Z, row =>
        {
            var (y, z) = (row % size.Y, row / size.Y);
            var (before, after) = (size.Index(0, (y + (size.Y / 4)) % size.Y, z), size.Index(0, (y + size.Y - (size.Y / 4)) % size.Y, z));
            for (var x = 0; x < size.X; x++)
            {
                var ghost = (image[before + x] + image[after + x]) / 2;
                ghosted[size.Index(x, y, z)] = (float)(((1 - Ghosting) * image[size.Index(x, y, z)]) + (Ghosting * ghost));
            }
        });
        return ghosted;
    }

    private float Stored(float signal, Random random)
    {
        var (real, imaginary) = random.NormalPair();
        var squares = Square(Math.Max(signal, 0) + (Session.Scanner.Noise * real)) + Square(Session.Scanner.Noise * imaginary);
        for (var coil = 1; coil < Session.Scanner.Coils; coil++)
        {
            (real, imaginary) = random.NormalPair();
            squares += Square(Session.Scanner.Noise * real) + Square(Session.Scanner.Noise * imaginary);
        }

        return (float)Math.Round(Session.Scanner.Scale * Math.Sqrt(squares));
    }

    private static double Square(double value) => value * value;

    private static Vector3 WorldPoint(Grid grid, int index)
    {
        var size = grid.Size;
        var (x, y, z) = grid.ToWorld.Apply(index % size.X, index / size.X % size.Y, index / (size.X * size.Y));
        return new Vector3((float)x, (float)y, (float)z);
    }
}
