using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class SplineLatticeTests
{
    [Fact]
    public void Weights_at_the_middle_of_a_span_are_1_23_23_1_of_48()
    {
        var axis = new SplineAxis([0], count: 1, spans: 1);

        Assert.Equal([1 / 48.0, 23 / 48.0, 23 / 48.0, 1 / 48.0], axis.Weights, (a, b) => Math.Abs(a - b) < 1e-15);
        // Σw² = 2(1 + 529)/2304, so w³/Σw² is 1/48 · 1/1060 at the ends.
        Assert.Equal(1 / 48.0 / 1060, axis.Cubes[0], tolerance: 1e-15);
        Assert.Equal(1 / 2304.0, axis.Squares[3], tolerance: 1e-15);
    }

    [Fact]
    public void Every_voxel_lies_in_its_span_and_weights_add_up_to_1()
    {
        var axis = new SplineAxis([0, 1, 2, 3, 4, 5], count: 6, spans: 3);

        Assert.Equal([0, 0, 1, 1, 2, 2], axis.First);
        Assert.All(axis.Weights.Chunk(SplineAxis.Support), weights => Assert.Equal(1, weights.Sum(), tolerance: 1e-15));
    }

    /// <summary>Control points at −1, 0, 1 … (in spans) that lie on a straight line make the spline that line.</summary>
    [Fact]
    public void Straight_lines_are_reproduced()
    {
        var (size, lattice) = (new Size(8, 6, 4), SplineLattice.Zero(4, 2, 1));
        Fill(lattice, (x, y, z) => (2 * x) + (3 * y) - z);

        Assert.Equal(Values(size, (x, y, z) => (2 * 4 * x) + (3 * 2 * y) - z), Values(lattice, size), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    [InlineData(false, false, true)]
    public void Halving_spans_leaves_the_function_as_it_is(bool x, bool y, bool z)
    {
        var (size, random, lattice) = (new Size(7, 9, 5), new Random(1), SplineLattice.Zero(1, 2, 3));
        Fill(lattice, (_, _, _) => random.NextDouble());

        var refined = lattice.Refined(x, y, z);

        Assert.Equal([x ? 2 : 1, y ? 4 : 2, z ? 6 : 3], refined.Spans);
        Assert.Equal(Values(lattice, size), Values(refined, size), (a, b) => Math.Abs(a - b) < 1e-12);
    }

    private static void Fill(SplineLattice lattice, Func<double, double, double, double> value)
    {
        for (var i = 0; i < lattice.Points.Length; i++)
        {
            lattice.Points[i] = value(
                (i % lattice.CountX) - 1, (i / lattice.CountX % lattice.CountY) - 1, (i / lattice.CountX / lattice.CountY) - 1);
        }
    }

    /// <summary>A function of the place from 0 to 1 along each axis at the voxels' centers.</summary>
    private static double[] Values(Size size, Func<double, double, double, double> value) => [.. Enumerable.Range(0, size.Count).Select(i =>
        value(((i % size.X) + 0.5) / size.X, ((i / size.X % size.Y) + 0.5) / size.Y, ((i / size.X / size.Y) + 0.5) / size.Z))];

    private static double[] Values(SplineLattice lattice, Size size)
    {
        var (axes, values) = (lattice.AxesOf(size), new double[size.Count]);
        var (plane, line) = (new double[lattice.CountX * lattice.CountY], new double[lattice.CountX]);
        for (var i = 0; i < values.Length; i++)
        {
            lattice.Slice(axes[2], i / size.X / size.Y, plane);
            SplineLattice.Row(plane, axes[1], i / size.X % size.Y, line);
            values[i] = SplineLattice.At(line, axes[0], i % size.X);
        }

        return values;
    }
}
