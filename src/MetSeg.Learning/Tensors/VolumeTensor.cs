using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>
/// The only converter between volumes and tensors. Tensors are [N, C, Z, Y, X]: a volume's memory, x fastest, already lies so.
/// </summary>
public static class VolumeTensor
{
    /// <summary>Channels of one case, on one grid, as a tensor [1, C, Z, Y, X] of 32-bit floats on the CPU.</summary>
    /// <exception cref="ArgumentException">There is no channel, or the channels differ in size.</exception>
    public static Tensor FromVolumes(IReadOnlyList<Volume> channels)
    {
        if (channels.Count == 0 || channels.Any(channel => channel.Grid.Size != channels[0].Grid.Size))
        {
            throw new ArgumentException("A tensor needs at least one channel, all of one size.", nameof(channels));
        }

        var size = channels[0].Grid.Size;
        var values = new float[channels.Count * size.Count];
        for (var c = 0; c < channels.Count; c++)
        {
            channels[c].Voxels.CopyTo(values, c * size.Count);
        }

        return tensor(values, [1, channels.Count, size.Z, size.Y, size.X]);
    }

    /// <summary>A label map as a tensor [1, 1, Z, Y, X] of bytes on the CPU.</summary>
    public static Tensor FromLabels(LabelMap labels)
    {
        var size = labels.Grid.Size;
        return tensor(labels.Labels.ToArray(), [1, 1, size.Z, size.Y, size.X]);
    }

    /// <summary>Labels as channels: channel k − 1 is 1 where the label is k, else 0.</summary>
    /// <param name="labels">[1, Z, Y, X].</param>
    /// <param name="classes">Highest label.</param>
    /// <returns>[classes, Z, Y, X], 32-bit floats.</returns>
    public static Tensor OneHot(Tensor labels, int classes)
    {
        using var scope = NewDisposeScope();
        return labels.eq(arange(1, classes + 1, device: labels.device).reshape(-1, 1, 1, 1)).to(ScalarType.Float32).MoveToOuterDisposeScope();
    }

    /// <summary>A tensor of as many elements as the grid has voxels, with x fastest, as a volume.</summary>
    /// <exception cref="ArgumentException">The number of elements is not the grid's number of voxels.</exception>
    public static Volume ToVolume(Tensor values, Grid grid) => new(grid, ToArray(values));

    /// <summary>All elements as floats, in memory order of the contiguous tensor.</summary>
    public static float[] ToArray(Tensor values)
    {
        using var scope = NewDisposeScope();
        var flat = values.detach().to(ScalarType.Float32).cpu().contiguous();
        return MemoryMarshal.Cast<byte, float>(flat.bytes).ToArray();
    }
}
