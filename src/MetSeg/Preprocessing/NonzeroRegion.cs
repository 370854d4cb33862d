using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>The part of a scan that is not background: nnU-Net's "nonzero" region.</summary>
/// <remarks>
/// nnU-Net's background is 0. Here it is the value of more than 99 % of the voxels on the volume's six faces, if there is one, and
/// otherwise 0: so an image that was standardized before its background was cut (a negative constant) is cropped, too.
/// </remarks>
public sealed class NonzeroRegion
{
    /// <summary>Share of the six faces' voxels that one value must exceed to count as the background.</summary>
    public const double FaceShare = 0.99;

    private readonly LabelMap foreground;

    private NonzeroRegion(LabelMap foreground, CropBox box) => (this.foreground, Box) = (foreground, box);

    /// <summary>The smallest block that holds every voxel of the region.</summary>
    public CropBox Box { get; }

    /// <summary>Finds the region: voxels that differ from the background in any channel.</summary>
    /// <param name="channels">The channels, all on one grid.</param>
    /// <exception cref="DatasetException">All voxels are background.</exception>
    public static NonzeroRegion Find(IReadOnlyList<Volume> channels)
    {
        var grid = channels[0].Grid;
        var mask = new byte[grid.Size.Count];
        foreach (var channel in channels)
        {
            var background = Background(channel);
            var voxels = channel.Voxels.AsSpan();
            for (var i = 0; i < mask.Length; i++)
            {
                mask[i] |= voxels[i] != background ? (byte)1 : (byte)0;
            }
        }

        return mask.AsSpan().Contains((byte)1)
            ? new NonzeroRegion(new LabelMap(grid, mask), BoxAround(mask, grid.Size))
            : throw new DatasetException("The image has the same value everywhere: there is nothing in it. Check the file.");
    }

    /// <summary>
    /// The region on the grid of its box: 1 inside, 0 outside. Holes are filled: background that no path of face-neighbors leads out of.
    /// </summary>
    public LabelMap Mask() => Morphology.FillHoles(Box.Crop(foreground));

    /// <summary>The value of an image's background: see <see cref="Find"/>.</summary>
    public static float Background(Volume volume)
    {
        var size = volume.Grid.Size;
        var voxels = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var counts = new Dictionary<float, int>();
        var total = 0;
        ForEachFaceVoxel(size, index =>
        {
            CollectionsMarshal.GetValueRefOrAddDefault(counts, voxels[index], out _)++;
            total++;
        });
        var (value, count) = counts.MaxBy(pair => pair.Value);
        return count > FaceShare * total ? value : 0;
    }

    private static CropBox BoxAround(byte[] mask, Size size)
    {
        var (minX, minY, minZ, maxX, maxY, maxZ) = (size.X, size.Y, size.Z, -1, -1, -1);
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var row = mask.AsSpan(size.Index(0, y, z), size.X);
                if (row.IndexOf((byte)1) is >= 0 and var first)
                {
                    (minX, maxX) = (Math.Min(minX, first), Math.Max(maxX, row.LastIndexOf((byte)1)));
                    (minY, maxY) = (Math.Min(minY, y), Math.Max(maxY, y));
                    (minZ, maxZ) = (Math.Min(minZ, z), z);
                }
            }
        }

        return new CropBox(minX, minY, minZ, new Size(maxX - minX + 1, maxY - minY + 1, maxZ - minZ + 1));
    }

    /// <summary>Visits every voxel that lies on a face of the volume once.</summary>
    private static void ForEachFaceVoxel(Size size, Action<int> visit)
    {
        for (var z = 0; z < size.Z; z++)
        {
            for (var y = 0; y < size.Y; y++)
            {
                var step = z == 0 || z == size.Z - 1 || y == 0 || y == size.Y - 1 ? 1 : Math.Max(1, size.X - 1);
                for (var x = 0; x < size.X; x += step)
                {
                    visit(size.Index(x, y, z));
                }
            }
        }
    }
}
