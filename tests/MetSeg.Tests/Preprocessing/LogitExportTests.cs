using System.Globalization;
using System.Runtime.InteropServices;
using MetSeg.Imaging;
using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class LogitExportTests
{
    /// <summary>
    /// nnU-Net's way with all classes at once: skimage's resize of each class (of each slice, where an axis is apart, and then the nearest one),
    /// arg-max, softmax, paste, and nibabel's reorientation. Prints how many labels differ where the two largest logits do not tie, how many
    /// different labels there are, and the largest differences of the probabilities of foreground and of class 2.
    /// </summary>
    private const string Reference = """
        import json, sys
        import numpy as np
        from nibabel.orientations import apply_orientation, io_orientation, ornt_transform
        from skimage.transform import resize
        for case in json.load(open(sys.argv[1])):
            shape = lambda name: tuple(case[name][::-1])
            load = lambda name, kind, size: np.fromfile(case[name], kind).reshape(size)
            logits = load('logits', '<f4', (4,) + shape('network')).astype(float)
            crop, axis = shape('crop'), None if case['separate'] is None else 2 - case['separate']
            def plain(values, size):
                return resize(values, size, order=1, mode='edge', anti_aliasing=False, clip=True)
            def apart(values):
                flat = tuple(np.delete(crop, axis))
                slices = np.stack([plain(values.take(i, axis), flat) for i in range(values.shape[axis])], axis)
                nearest = np.floor((np.arange(crop[axis]) + 0.5) * values.shape[axis] / crop[axis]).astype(int)
                return slices.take(nearest, axis)
            logits = np.stack([plain(one, crop) if axis is None else apart(one) for one in logits])
            ranked = np.sort(logits, 0)
            share = np.exp(logits - logits.max(0))
            share /= share.sum(0)
            where = tuple(slice(first, first + count) for first, count in zip(shape('first'), crop))
            turn = ornt_transform(io_orientation(np.array(case['reoriented'])), io_orientation(np.array(case['original'])))
            def back(values, outside=0):
                whole = np.full(shape('whole'), outside, values.dtype)
                whole[where] = values
                return apply_orientation(whole.T, turn).T
            labels, clear = back(np.array([0, 3, 1, 2])[logits.argmax(0)]), back(ranked[-1] - ranked[-2] > 1e-4)
            own = load('labels', 'u1', labels.shape)
            differ = lambda name, expected: np.abs(load(name, '<f4', labels.shape) - expected).max()
            print(((own != labels) & clear).sum(), len(np.unique(labels)), differ('foreground', back(1 - share[0])), differ('second', back(share[2])))
        """;

    /// <summary>Orientation of the file, its voxel size, and the network's, along its own (RAS).</summary>
    private static readonly (string Orientation, double[] Scan, double[] Network)[] cases =
    [
        ("RAS", [1, 1, 1], [1.3, 0.8, 1.7]),
        ("PIR", [0.9, 1.4, 2.2], [1, 1, 1]),
        ("ILP", [0.7, 4, 0.9], [1.1, 1.3, 1]),          // apart: the scan's slices are thick
        ("LSA", [1, 1.2, 0.9], [1.1, 5, 0.9]),          // apart: the network's are
        ("RAS", [1, 1, 1], [1, 1, 1]),
    ];

    [Fact]
    public void Labels_and_probabilities_are_those_of_all_classes_resampled_whole()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        var descriptions = cases.Select((one, i) => Describe(Export(one, random), folder, i)).ToList();
        File.WriteAllText(folder.PathOf("cases.json"), System.Text.Json.JsonSerializer.Serialize(descriptions));

        var rows = PythonPeer.Run("numpy, nibabel, skimage", Reference, folder.PathOf("cases.json")).Split('\n')
            .Select(line => line.Split(' ').Select(value => double.Parse(value, CultureInfo.InvariantCulture)).ToArray()).ToList();

        Assert.Equal(cases.Length, rows.Count);
        Assert.Equal([null, null, 0, 1, null], descriptions.Select(one => one["separate"]));
        Assert.All(rows, row =>
        {
            Assert.Equal([0, 4], row[..2]);
            Assert.InRange(row[2], 0, 1e-5);
            Assert.InRange(row[3], 0, 1e-5);
        });
    }

    [Fact]
    public void Outside_the_crop_lies_background_for_certain()
    {
        var (geometry, spacing) = GeometryOf(cases[1]);
        var logits = new float[geometry.Preprocessed.Size.Count];
        var export = new LogitExport(_ => logits, geometry, spacing, new LogitDecoding([0, 1, 2], hasRegions: false));

        Assert.True(geometry.Crop.Size.Count < geometry.Original.Size.Count / 2);
        Assert.Equal(0, export.Segment().Probability[0, 0, 0]);
        Assert.Equal(1, export.Probability(0)[0, 0, 0]);
        Assert.Equal(0, export.Probability(2)[0, 0, 0]);
        Assert.Equal(geometry.Crop.Size.Count, export.Probability(2).Voxels.Count(value => value > 0.3));
    }

    [Fact]
    public void Many_classes_take_little_memory()
    {
        const int Classes = 200;
        var (small, large) = (Grid.Axial(new Size(40, 40, 40), new Spacing(2, 2, 2)), new Size(80, 80, 80));
        var whole = Resampler.Resize(small, large);
        var geometry = new CaseGeometry(whole, whole, new CropBox(0, 0, 0, large), small);
        var logits = new float[small.Size.Count];
        var export = new LogitExport(_ => logits, geometry, small.Spacing, new LogitDecoding([.. Enumerable.Range(0, Classes)], hasRegions: false));

        var allocated = Enumerable.Range(0, 3).Min(_ =>         // tests that run beside this one only add
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            export.Segment();
            return GC.GetTotalAllocatedBytes(precise: true) - before;
        });

        // 5 bytes a voxel are the result; all classes would be 800.
        Assert.InRange(allocated, 5L * large.Count, 200L * large.Count);
    }

    [Fact]
    public void Logits_of_another_grid_are_refused()
    {
        var (geometry, spacing) = GeometryOf(cases[0]);

        var error = Assert.Throws<ArgumentException>(() =>
            new LogitExport(_ => new float[7], geometry, spacing, new LogitDecoding([0, 1], hasRegions: false)));

        Assert.Contains("7 logits", error.Message);
    }

    /// <summary>A phantom's way to the network, and the voxel size that was asked for along the preprocessed axes.</summary>
    private static (CaseGeometry Geometry, Spacing Spacing) GeometryOf((string Orientation, double[] Scan, double[] Network) one)
    {
        var axes = Phantom.GridOf(one.Orientation, degrees: 9).ToWorld.After(Affine.Scaling(new Spacing(one.Scan[0], one.Scan[1], one.Scan[2])));
        var plans = TestPlans.Small with { Spacing = [.. one.Network.Reverse()] };
        var scan = Phantom.On(new Grid(new Size(26, 24, 22), axes));
        var geometry = Preprocessor.Preprocess([scan.Image], null, plans).Geometry;
        return (geometry, plans.VoxelSizeFor(geometry.Reoriented));
    }

    private static (CaseGeometry Geometry, Spacing Spacing, float[] Logits, LogitExport Export) Export((string Orientation, double[] Scan, double[] Network) one, Random random)
    {
        var (geometry, spacing) = GeometryOf(one);
        var voxels = geometry.Preprocessed.Size.Count;
        float[] logits = [.. Enumerable.Range(0, 4 * voxels).Select(_ => (8 * random.NextSingle()) - 4)];
        var export = new LogitExport(
            output => logits.AsSpan(output * voxels, voxels), geometry, spacing, new LogitDecoding([0, 3, 1, 2], hasRegions: false));
        return (geometry, spacing, logits, export);
    }

    private static Dictionary<string, object?> Describe(
        (CaseGeometry Geometry, Spacing Spacing, float[] Logits, LogitExport Export) one, TemporaryFolder folder, int number)
    {
        string Write<T>(string name, ReadOnlySpan<T> values)
            where T : unmanaged
        {
            var path = folder.PathOf($"{number}_{name}");
            File.WriteAllBytes(path, MemoryMarshal.AsBytes(values));
            return path;
        }

        double[][] Rows(Affine map) => [.. Enumerable.Range(0, 4).Select(row => Enumerable.Range(0, 4).Select(column => row < 3 ? map[row, column] : column / 3).ToArray())];
        var (geometry, segmentation) = (one.Geometry, one.Export.Segment());
        return new Dictionary<string, object?>
        {
            ["logits"] = Write<float>("logits", one.Logits),
            ["labels"] = Write<byte>("labels", segmentation.Labels.Labels.AsSpan()),
            ["foreground"] = Write<float>("foreground", segmentation.Probability.Voxels.AsSpan()),
            ["second"] = Write<float>("second", one.Export.Probability(2).Voxels.AsSpan()),
            ["network"] = geometry.Preprocessed.Size.ToArray(),
            ["crop"] = geometry.Crop.Size.ToArray(),
            ["first"] = new[] { geometry.Crop.X, geometry.Crop.Y, geometry.Crop.Z },
            ["whole"] = geometry.Reoriented.Size.ToArray(),
            ["separate"] = ShapeResampling.SeparateAxis(one.Spacing, geometry.Reoriented.Spacing),
            ["reoriented"] = Rows(geometry.Reoriented.ToWorld),
            ["original"] = Rows(geometry.Original.ToWorld),
        };
    }
}
