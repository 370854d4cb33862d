using System.Globalization;
using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

/// <summary>Resampling against scipy.ndimage and scikit-image, to 1e-5 of the intensity range (asked for: 1e-4).</summary>
public sealed class ResamplingPeerTests : IDisposable
{
    private const float Tolerance = 1e-5f;

    // Source, target: finer, coarser, mixed, axes of one and two voxels, more lanes than a vector holds.
    private static readonly (Size From, Size To)[] shapes =
    [
        (new Size(9, 8, 7), new Size(13, 5, 20)),
        (new Size(31, 2, 5), new Size(30, 3, 4)),
        (new Size(6, 1, 3), new Size(3, 4, 3)),
        (new Size(21, 40, 19), new Size(50, 33, 18)),
    ];

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(Interpolation.Linear, 1)]
    [InlineData(Interpolation.Cubic, 3)]
    public void Agrees_with_scipy_zoom(Interpolation interpolation, int order) => Compare(
        $"numpy.clip(scipy.ndimage.zoom(source, target / numpy.array(source.shape), order={order}, mode='nearest', grid_mode=True), source.min(), source.max())",
        "scipy.ndimage",
        (source, to) => Resampler.Resample(source, Resampler.Resize(source.Grid, to), interpolation));

    [Theory]
    [InlineData(Interpolation.Linear, 1, false)]
    [InlineData(Interpolation.Cubic, 3, false)]
    [InlineData(Interpolation.Linear, 1, true)]
    [InlineData(Interpolation.Cubic, 3, true)]
    public void Agrees_with_scikit_images_resize(Interpolation interpolation, int order, bool antiAliasing) => Compare(
        $"skimage.transform.resize(source.astype('f8'), target, {order}, mode='edge', clip=True, anti_aliasing={(antiAliasing ? "True" : "False")})",
        "skimage.transform",
        (source, to) => Resampler.Resample(source, Resampler.Resize(source.Grid, to), interpolation, antiAliasing: antiAliasing));

    [Theory]
    [InlineData(Interpolation.Linear, 1)]
    [InlineData(Interpolation.Cubic, 3)]
    public void Agrees_with_scipy_map_coordinates_on_a_turned_grid(Interpolation interpolation, int order)
    {
        // 20 voxels a side around the middle of a 21×40×19 image: all inside.
        var map = new Affine(0.5, 0.2, 0.1, 3.3, -0.2, 0.6, 0.1, 12.1, -0.1, -0.15, 0.4, 7.2);
        var rows = string.Join(", ", map.ToArray().Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        Compare(
            $"turned(source, numpy.array([{rows}]).reshape(3, 4), {order})",
            "scipy.ndimage",
            (source, _) => Resampler.Resample(source, new Grid(new Size(20, 20, 20), source.Grid.ToWorld.After(map)), interpolation),
            shapes[^1..]);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 3)]
    public void Agrees_with_nnU_Nets_rule_for_a_coarse_axis(int axis, int order)
    {
        var (from, to) = (new Size(12, 14, 16).ToArray(), new Size(18, 11, 20).ToArray());
        double[] lengths = [1, 1, 1];
        lengths[axis] = 4;
        Compare(
            $"apart(source, target, {2 - axis}, {order})",
            "skimage.transform",
            (source, _) =>
            {
                var grid = Grid.Axial(source.Grid.Size, new Spacing(lengths[0], lengths[1], lengths[2]));
                var spacing = new Spacing(lengths[0] * from[0] / to[0], lengths[1] * from[1] / to[1], lengths[2] * from[2] / to[2]);
                return new ShapeResampling(grid, spacing).Apply(new Volume(grid, [.. source.Voxels]), order == 3 ? Interpolation.Cubic : Interpolation.Linear);
            },
            [(new Size(from[0], from[1], from[2]), new Size(to[0], to[1], to[2]))]);
    }

    [Fact]
    public void Agrees_with_nnU_Nets_rule_for_labels()
    {
        static byte Label(float value) => (byte)(value * 4);
        Compare(
            "labels(numpy.floor(source * 4), target)",
            "skimage.transform",
            (source, to) =>
            {
                var map = new LabelMap(source.Grid, [.. source.Voxels.Select(Label)]);
                var resampled = new ShapeResampling(source.Grid, Resampler.Resize(source.Grid, to).Spacing).Apply(map);
                return new Volume(resampled.Grid, [.. resampled.Labels.Select(label => (float)label)]);
            },
            [(new Size(9, 7, 7), new Size(13, 5, 9)), (new Size(15, 25, 9), new Size(5, 15, 3))]);    // odd: no share is one half but for rounding
    }

    private void Compare(string expression, string module, Func<Volume, Size, Volume> resample, params (Size From, Size To)[] only)
    {
        var cases = only.Length > 0 ? only : shapes;
        for (var i = 0; i < cases.Length; i++)
        {
            File.WriteAllBytes(folder.PathOf($"source{i}"), MemoryMarshal.AsBytes(Noise(cases[i].From).Voxels.AsSpan()).ToArray());
        }

        var list = string.Join(", ", cases.Select(one => $"(({Shape(one.From)}), ({Shape(one.To)}))"));
        PythonPeer.Run($"numpy, sys, scipy.ndimage, {module}", Reference + $"""
            for i, (shape, target) in enumerate([{list}]):
                source = numpy.fromfile(sys.argv[1] + f'/source<i>', '<f4').reshape(shape)
                result = {expression}
                result.astype('<f4').tofile(sys.argv[1] + f'/result<i>')
            """.Replace("<i>", "{i}", StringComparison.Ordinal), folder.Path);
        for (var i = 0; i < cases.Length; i++)
        {
            var expected = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.PathOf($"result{i}")));
            var actual = resample(Noise(cases[i].From), cases[i].To).Voxels;
            Assert.Equal(expected.Length, actual.Length);
            for (var voxel = 0; voxel < expected.Length; voxel++)
            {
                Assert.Equal(expected[voxel], actual[voxel], Tolerance);
            }
        }
    }

    private static string Shape(Size size) => $"{size.Z}, {size.Y}, {size.X}";

    private static Volume Noise(Size size)
    {
        var random = new Random(1);
        return new Volume(Grid.Axial(size, new Spacing(1, 1, 1)), [.. Enumerable.Range(0, size.Count).Select(_ => (float)random.NextDouble())]);
    }

    /// <summary>What nnU-Net does with skimage, written anew from its description; arrays are [z, y, x].</summary>
    private const string Reference = """
        def resized(image, shape, order):
            return skimage.transform.resize(image.astype('f8'), shape, order, mode='edge', clip=True, anti_aliasing=False)

        def apart(image, target, axis, order):
            plane = [n for i, n in enumerate(target) if i != axis]
            slices = numpy.stack([resized(numpy.take(image, k, axis), plane, order) for k in range(image.shape[axis])], axis)
            n, m = target[axis], image.shape[axis]
            return numpy.take(slices, [min(m - 1, int((k + 0.5) * m / n)) for k in range(n)], axis)

        def labels(image, target):
            result = numpy.zeros(target)
            for label in numpy.unique(image):
                result[resized(image == label, target, 1) >= 0.5] = label
            return result

        def turned(image, rows, order):
            z, y, x = numpy.mgrid[0:20, 0:20, 0:20]
            at = rows[:, :3] @ numpy.stack([x.ravel(), y.ravel(), z.ravel()]) + rows[:, 3:]
            values = scipy.ndimage.map_coordinates(image, at[::-1], order=order, mode='nearest')
            return numpy.clip(values, image.min(), image.max()).reshape(20, 20, 20)


        """;
}
