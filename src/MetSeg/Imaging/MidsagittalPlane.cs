using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>The plane that mirrors a brain onto itself best; places are in mm from the first voxel along the grid's axes.</summary>
/// <param name="Normal">Unit vector across the plane, about along the first axis.</param>
/// <param name="Point">A point of the plane.</param>
/// <param name="Overlap">Share of the brain that its mirror image covers, 0 to 1.</param>
internal sealed record MidsagittalPlane(Vector3 Normal, Vector3 Point, float Overlap)
{
    /// <summary>Edge of the voxels on which the plane is looked for, in mm; also the width of the smoothing that makes the search downhill.</summary>
    private const double SearchSpacingMm = 4.8;

    /// <summary>First and last step of the search: radians for both angles, then mm.</summary>
    private static readonly (float Angle, float Shift) firstStep = (0.12f, 6), lastStep = (0.015f, 0.75f);

    /// <summary>Looks for the plane by small turns and shifts, from the plane through the center of gravity across the first axis.</summary>
    /// <param name="brain">A brain in RAS order; must not be empty.</param>
    public static MidsagittalPlane Find(LabelMap brain)
    {
        var coarse = Resampler.Resample(brain, Resampler.Regrid(brain.Grid, new Spacing(SearchSpacingMm, SearchSpacingMm, SearchSpacingMm)));
        var voxels = Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(coarse.Labels)!, label => (float)Math.Min((int)label, 1));
        var field = new ImageField(GaussianFilter.Smooth(new Volume(coarse.Grid, voxels), SearchSpacingMm, SearchSpacingMm, SearchSpacingMm), outside: 0);
        var places = Places(coarse);
        var center = places.Aggregate(Vector3.Zero, (sum, place) => sum + place) / places.Count;
        var best = At(Vector3.Zero);
        var at = Vector3.Zero;
        for (var (angle, shift) = firstStep; angle >= lastStep.Angle; (angle, shift) = (angle / 2, shift / 2))
        {
            Vector3[] steps = [new(angle, 0, 0), new(-angle, 0, 0), new(0, angle, 0), new(0, -angle, 0), new(0, 0, shift), new(0, 0, -shift)];
            for (var improves = true; improves;)
            {
                var next = steps.Select(step => (Place: at + step, Plane: At(at + step))).MaxBy(candidate => candidate.Plane.Overlap);
                improves = next.Plane.Overlap > best.Overlap;
                (at, best) = improves ? (next.Place, next.Plane) : (at, best);
            }
        }

        return best;

        MidsagittalPlane At(Vector3 parameters)
        {
            var normal = Vector3.Normalize(new Vector3(1, MathF.Tan(parameters.X), MathF.Tan(parameters.Y)));
            var plane = new MidsagittalPlane(normal, center + (parameters.Z * normal), 0);
            var sum = 0.0;
            foreach (var place in places)
            {
                sum += field.At(plane.Mirror(place));
            }

            return plane with { Overlap = (float)(sum / places.Count) };
        }
    }

    /// <summary>The mirror image of a place.</summary>
    public Vector3 Mirror(Vector3 place) => place - (2 * Vector3.Dot(place - Point, Normal) * Normal);

    /// <summary>A mask and its mirror image together.</summary>
    public LabelMap Symmetrize(LabelMap mask)
    {
        var (size, spacing) = (mask.Grid.Size, mask.Grid.Spacing);
        var labels = mask.Labels.ToArray();
        Parallel.For(0, size.Z, z =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                for (var x = 0; x < size.X; x++)
                {
                    var other = Mirror(new Vector3((float)(x * spacing.X), (float)(y * spacing.Y), (float)(z * spacing.Z)));
                    var (i, j, k) = ((int)Math.Round(other.X / spacing.X), (int)Math.Round(other.Y / spacing.Y), (int)Math.Round(other.Z / spacing.Z));
                    labels[size.Index(x, y, z)] |= size.Contains(i, j, k) ? mask[i, j, k] : (byte)0;
                }
            }
        });
        return new LabelMap(mask.Grid, labels);
    }

    private static List<Vector3> Places(LabelMap mask)
    {
        var (size, spacing) = (mask.Grid.Size, mask.Grid.Spacing);
        var places = new List<Vector3>();
        for (var i = 0; i < mask.Labels.Length; i++)
        {
            if (mask.Labels[i] != 0)
            {
                var (row, x) = Math.DivRem(i, size.X);
                var (z, y) = Math.DivRem(row, size.Y);
                places.Add(new Vector3((float)(x * spacing.X), (float)(y * spacing.Y), (float)(z * spacing.Z)));
            }
        }

        return places;
    }
}
