using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MetSeg;

/// <summary>A segmentation: one label (0–255, 0 is background) per voxel of a grid, x fastest.</summary>
public sealed class LabelMap
{
    /// <summary>Creates a label map and takes ownership of the array: it must not be written to afterwards.</summary>
    /// <param name="grid">Where the voxels lie.</param>
    /// <param name="labels">One label per voxel, x fastest.</param>
    /// <exception cref="ArgumentException">The number of labels is not the grid's number of voxels.</exception>
    public LabelMap(Grid grid, byte[] labels)
    {
        if (labels.Length != grid.Size.Count)
        {
            throw new ArgumentException($"{grid.Size} voxels need {grid.Size.Count} labels, not {labels.Length}.", nameof(labels));
        }

        Grid = grid;
        Labels = ImmutableCollectionsMarshal.AsImmutableArray(labels);
    }

    /// <summary>Where the voxels lie.</summary>
    public Grid Grid { get; }

    /// <summary>The labels, x fastest.</summary>
    public ImmutableArray<byte> Labels { get; }

    /// <summary>The label of voxel (x, y, z).</summary>
    public byte this[int x, int y, int z] => Labels[Grid.Size.Index(x, y, z)];

    /// <summary>A label map on the same grid whose every label is a function of this one's; the function is asked once for each of the 256 labels.</summary>
    public LabelMap Map(Func<byte, byte> function)
    {
        var images = new byte[256];
        for (var label = 0; label < images.Length; label++)
        {
            images[label] = function((byte)label);
        }

        var labels = Labels.AsSpan();
        var mapped = new byte[labels.Length];
        mapped.AsSpan().Fill(images[0]);
        for (var i = NextForeground(labels, 0); i < labels.Length; i = NextForeground(labels, i + 1))
        {
            mapped[i] = images[labels[i]];
        }

        return new LabelMap(Grid, mapped);
    }

    /// <summary>1 where the label is one of <paramref name="labels"/>, else 0.</summary>
    public LabelMap Select(params byte[] labels) => Map(label => (byte)(labels.Contains(label) ? 1 : 0));

    /// <summary>The labels that occur, ascending, background excluded.</summary>
    public byte[] PresentLabels()
    {
        var present = new bool[256];
        for (var rest = Labels.AsSpan(); !rest.IsEmpty;)
        {
            present[rest[0]] = true;
            var end = rest.IndexOfAnyExcept(rest[0]);
            rest = end < 0 ? [] : rest[end..];
        }

        return [.. Enumerable.Range(1, 255).Where(label => present[label]).Select(label => (byte)label)];
    }

    private static int NextForeground(ReadOnlySpan<byte> labels, int from) =>
        from < labels.Length && labels[from..].IndexOfAnyExcept((byte)0) is >= 0 and var step ? from + step : labels.Length;
}
