namespace MetSeg.Imaging;

/// <summary>
/// A smooth function over an image: the tensor product of uniform cubic B-splines, given by its lattice of control points. The image's outer
/// edges are the ends of the splines, so the function does not depend on the number of voxels that it is looked at with.
/// </summary>
internal sealed class SplineLattice
{
    private const int Border = SplineAxis.Support - 1;

    private SplineLattice(int[] spans, double[] points)
    {
        (Spans, Points) = (spans, points);
        (CountX, CountY, CountZ) = (spans[0] + Border, spans[1] + Border, spans[2] + Border);
    }

    /// <summary>Spans along x, y and z.</summary>
    public int[] Spans { get; }

    /// <summary>Control points along x: one more than the spans plus 2.</summary>
    public int CountX { get; }

    /// <summary>Control points along y.</summary>
    public int CountY { get; }

    /// <summary>Control points along z.</summary>
    public int CountZ { get; }

    /// <summary>The control points, x fastest.</summary>
    public double[] Points { get; }

    /// <summary>The function that is 0 everywhere.</summary>
    /// <param name="spans">Spans along x, y and z.</param>
    public static SplineLattice Zero(params int[] spans) => new(spans, new double[(spans[0] + Border) * (spans[1] + Border) * (spans[2] + Border)]);

    /// <summary>The splines along the three axes at the centers of some of a grid's voxels.</summary>
    /// <param name="size">The grid.</param>
    /// <param name="voxels">The x, the y and the z of the voxels.</param>
    public SplineAxis[] AxesOf(Size size, int[][] voxels) =>
        [new(voxels[0], size.X, Spans[0]), new(voxels[1], size.Y, Spans[1]), new(voxels[2], size.Z, Spans[2])];

    /// <summary>The splines along the three axes at the centers of all of a grid's voxels.</summary>
    public SplineAxis[] AxesOf(Size size) => AxesOf(size, [.. size.ToArray().Select(count => Enumerable.Range(0, count).ToArray())]);

    /// <summary>The same function with every span halved along the axes where that is asked for.</summary>
    /// <remarks>Uniform knot insertion: a new point is (c₋ + 6c + c₊)/8 at an old one and (c + c₊)/2 between two.</remarks>
    public SplineLattice Refined(bool alongX, bool alongY, bool alongZ)
    {
        bool[] halve = [alongX, alongY, alongZ];
        var (spans, points) = (Spans, Points);
        for (var axis = 0; axis < 3; axis++)
        {
            if (halve[axis])
            {
                points = Refine(points, [.. spans.Select(count => count + Border)], axis);
                spans = [.. spans.Select((count, i) => i == axis ? 2 * count : count)];
            }
        }

        return new SplineLattice(spans, points);
    }

    /// <summary>Sums the control points along z for one slice: what is left depends on x and y alone.</summary>
    /// <param name="axis">The spline along z.</param>
    /// <param name="z">The slice.</param>
    /// <param name="plane">Receives CountX · CountY values.</param>
    public void Slice(SplineAxis axis, int z, Span<double> plane) => Contract(Points, axis, z, plane);

    /// <summary>Sums a plane of control points along y for one row: what is left depends on x alone.</summary>
    /// <param name="plane">What <see cref="Slice"/> has filled.</param>
    /// <param name="axis">The spline along y.</param>
    /// <param name="y">The row.</param>
    /// <param name="line">Receives CountX values.</param>
    public static void Row(ReadOnlySpan<double> plane, SplineAxis axis, int y, Span<double> line) => Contract(plane, axis, y, line);

    /// <summary>The function's value at a voxel of a row.</summary>
    /// <param name="line">What <see cref="Row"/> has filled.</param>
    /// <param name="axis">The spline along x.</param>
    /// <param name="x">The voxel.</param>
    public static double At(ReadOnlySpan<double> line, SplineAxis axis, int x)
    {
        var points = line.Slice(axis.First[x], SplineAxis.Support);
        var weights = axis.Weights.AsSpan(SplineAxis.Support * x, SplineAxis.Support);
        return (points[0] * weights[0]) + (points[1] * weights[1]) + (points[2] * weights[2]) + (points[3] * weights[3]);
    }

    private static void Contract(ReadOnlySpan<double> source, SplineAxis axis, int place, Span<double> target)
    {
        target.Clear();
        for (var tap = 0; tap < SplineAxis.Support; tap++)
        {
            var weight = axis.Weights[(SplineAxis.Support * place) + tap];
            var points = source.Slice((axis.First[place] + tap) * target.Length, target.Length);
            for (var i = 0; i < target.Length; i++)
            {
                target[i] += weight * points[i];
            }
        }
    }

    private static double[] Refine(double[] points, int[] counts, int axis)
    {
        var stride = counts.Take(axis).Aggregate(1, (product, count) => product * count);
        var (before, after) = (counts[axis], (2 * (counts[axis] - Border)) + Border);
        var refined = new double[points.Length / before * after];
        for (var target = 0; target < refined.Length; target++)
        {
            var (outer, inner) = Math.DivRem(target, stride * after);
            var place = inner / stride;
            var old = (outer * stride * before) + (inner % stride) + ((place / 2) * stride);
            refined[target] = place % 2 == 0
                ? (points[old] + points[old + stride]) / 2
                : (points[old] + (6 * points[old + stride]) + points[old + (2 * stride)]) / 8;
        }

        return refined;
    }
}
