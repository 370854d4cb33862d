using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class MedianFilterTests
{
    [Fact]
    public void A_row_gets_the_median_of_three()
    {
        // With one voxel along y and z every value stands nine times in the cube; beyond the ends 5 and 2 are repeated.
        var filtered = MedianFilter.Apply(new Volume(Grid.Axial(new Size(5, 1, 1), new Spacing(1, 1, 1)), [5, 1, 9, 3, 2]));

        Assert.Equal([5, 5, 3, 3, 2], filtered.Voxels);
    }

    [Fact]
    public void A_single_bright_voxel_vanishes_and_an_edge_stays()
    {
        var size = new Size(6, 6, 6);
        var edge = new float[size.Count];
        for (var i = 0; i < edge.Length; i++)
        {
            edge[i] = i % 6 < 3 ? 10 : 20;
        }

        var spoiled = edge.ToArray();
        spoiled[size.Index(1, 3, 3)] = 1000;

        Assert.Equal(edge, MedianFilter.Apply(new Volume(Grid.Axial(size, new Spacing(1, 1, 1)), spoiled)).Voxels);
    }

    [Fact]
    public void Radius_0_changes_nothing_and_impossible_ones_are_refused()
    {
        var volume = new Volume(Grid.Axial(new Size(2, 1, 1), new Spacing(1, 1, 1)), [1, 2]);

        Assert.Same(volume, MedianFilter.Apply(volume, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => MedianFilter.Apply(volume, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => MedianFilter.Apply(volume, 11));
    }

    [Fact]
    public void Equals_scipy()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(4);
        (Size Size, int Radius)[] cases =
        [
            (new(1, 1, 1), 1), (new(1, 2, 9), 1), (new(16, 5, 4), 1), (new(33, 12, 7), 1), (new(40, 9, 8), 2), (new(3, 2, 1), 2), (new(17, 4, 5), 3),
        ];
        var volumes = cases.Select((one, kind) => new Volume(
            Grid.Axial(one.Size, new Spacing(1, 2, 3)),
            [.. Enumerable.Range(0, one.Size.Count).Select(_ => kind % 2 == 0 ? (float)random.NextDouble() - 0.5f : random.Next(-3, 4))])).ToArray();
        for (var i = 0; i < cases.Length; i++)
        {
            File.WriteAllBytes(folder.PathOf($"{i}"), MemoryMarshal.AsBytes(volumes[i].Voxels.AsSpan()).ToArray());
        }

        PythonPeer.Run(
            "numpy, scipy.ndimage, sys",
            """
            for i, word in enumerate(sys.argv[2].split()):
                x, y, z, radius = [int(number) for number in word.split(',')]
                volume = numpy.fromfile(sys.argv[1] + '/' + str(i), '<f4').reshape(z, y, x)
                scipy.ndimage.median_filter(volume, 2 * radius + 1, mode='nearest').tofile(sys.argv[1] + '/' + str(i))
            """,
            folder.Path, string.Join(' ', cases.Select(one => $"{one.Size.X},{one.Size.Y},{one.Size.Z},{one.Radius}")));

        for (var i = 0; i < cases.Length; i++)
        {
            Assert.Equal(
                MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(folder.PathOf($"{i}"))).ToArray(),
                MedianFilter.Apply(volumes[i], cases[i].Radius).Voxels);
        }
    }
}
