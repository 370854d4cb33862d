using System.Runtime.InteropServices;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

/// <summary>Distances and components of masks against scipy.ndimage.</summary>
public sealed class MaskPeerTests : IDisposable
{
    private static readonly Size size = new(37, 29, 23);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(1, 1, 1, 0.001)]
    [InlineData(0.43, 1.7, 5, 0.001)]
    [InlineData(0.9, 0.9, 3, 0.3)]
    public void Distances_are_scipys(double x, double y, double z, double density)
    {
        var mask = Mask(Grid.Axial(size, new Spacing(x, y, z)), density);

        var expected = Peer<double>(FormattableString.Invariant($"scipy.ndimage.distance_transform_edt(mask == 0, sampling=({z}, {y}, {x}))"), mask);

        var distances = DistanceTransform.ToForeground(mask).Voxels;
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], distances[i], tolerance: 1e-5);
        }
    }

    [Theory]
    [InlineData(6, 1, 0.3)]
    [InlineData(18, 2, 0.12)]
    [InlineData(26, 3, 0.08)]
    public void Components_are_scipys_up_to_their_order(int connectivity, int rank, double density)
    {
        var mask = Mask(Grid.Axial(size, new Spacing(1, 1, 1)), density);

        var theirs = Peer<int>($"scipy.ndimage.label(mask, scipy.ndimage.generate_binary_structure(3, {rank}))[0]", mask);

        var ours = Components.Find(mask, connectivity);
        Assert.InRange(ours.Count, 50, 2000);
        Assert.Equal(theirs.Max(), ours.Count);
        // As many pairs as components, all voxels of one of theirs in one of ours: the partitions are the same.
        Assert.Equal(ours.Count + 1, theirs.Zip(ours.ToLabels()).Distinct().Count());
    }

    private T[] Peer<T>(string expression, LabelMap mask)
        where T : unmanaged
    {
        var type = typeof(T) == typeof(int) ? "<i4" : "<f8";
        File.WriteAllBytes(folder.PathOf("mask"), [.. mask.Labels]);
        PythonPeer.Run(
            "numpy, scipy.ndimage, sys",
            $"""
            mask = numpy.fromfile(sys.argv[1] + '/mask', 'u1').reshape({size.Z}, {size.Y}, {size.X})
            ({expression}).astype('{type}').tofile(sys.argv[1] + '/result')
            """,
            folder.Path);
        return MemoryMarshal.Cast<byte, T>(File.ReadAllBytes(folder.PathOf("result"))).ToArray();
    }

    private static LabelMap Mask(Grid grid, double density)
    {
        var random = new Random(5);
        return new LabelMap(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(_ => (byte)(random.NextDouble() < density ? 1 : 0))]);
    }
}
