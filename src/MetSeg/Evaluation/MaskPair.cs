using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>
/// Reference and prediction as masks of zeros and ones, cut to the smallest box around both: every metric but the number of true
/// negatives is the same there as on the whole grid.
/// </summary>
/// <param name="Grid">The whole grid.</param>
/// <param name="Box">Where the masks lie in it; empty where both masks are.</param>
/// <param name="Reference">The reference in the box, x fastest; one voxel of background where the box is empty.</param>
/// <param name="Prediction">The prediction in the box.</param>
internal sealed record MaskPair(Grid Grid, VoxelBox Box, byte[] Reference, byte[] Prediction)
{
    /// <summary>Size of the box; one voxel where it is empty, so that every size is a legal one.</summary>
    public Size Size => Box.IsEmpty ? new Size(1, 1, 1) : Box.Size;

    /// <summary>Two empty masks.</summary>
    public static MaskPair Empty(Grid grid) => new(grid, VoxelBox.Empty, [0], [0]);

    /// <summary>The same masks with some voxels of background around, as far as the grid goes.</summary>
    public MaskPair Widen(int voxels)
    {
        if (voxels == 0 || Box.IsEmpty)
        {
            return this;
        }

        var whole = Grid.Size;
        var wide = new VoxelBox(
            Math.Max(0, Box.MinX - voxels), Math.Max(0, Box.MinY - voxels), Math.Max(0, Box.MinZ - voxels),
            Math.Min(whole.X, Box.EndX + voxels), Math.Min(whole.Y, Box.EndY + voxels), Math.Min(whole.Z, Box.EndZ + voxels));
        return new MaskPair(Grid, wide, Place(Reference, wide), Place(Prediction, wide));
    }

    /// <summary>Everything that is not background.</summary>
    /// <exception cref="GridMismatchException">The label maps lie on different grids.</exception>
    public static MaskPair Of(LabelMap reference, LabelMap prediction) =>
        Of(reference, prediction, [.. Enumerable.Range(0, 256).Select(label => label != 0)]);

    /// <summary>The voxels whose label is one of those chosen.</summary>
    /// <param name="reference">The reference's labels.</param>
    /// <param name="prediction">The prediction's labels.</param>
    /// <param name="chosen">For each of the 256 labels whether it is foreground.</param>
    /// <exception cref="GridMismatchException">The label maps lie on different grids.</exception>
    public static MaskPair Of(LabelMap reference, LabelMap prediction, bool[] chosen)
    {
        RequireSameGrid(("the reference", reference.Grid), ("the prediction", prediction.Grid));
        var box = BoxOf(reference, chosen).Around(BoxOf(prediction, chosen));
        return new MaskPair(reference.Grid, box, Cut(reference, box, chosen), Cut(prediction, box, chosen));
    }

    /// <exception cref="GridMismatchException">The grids differ; the message names both.</exception>
    public static void RequireSameGrid((string Name, Grid Grid) reference, (string Name, Grid Grid) prediction)
    {
        if (!reference.Grid.IsSameAs(prediction.Grid))
        {
            throw new GridMismatchException(
                $"{Sentence(reference.Name)} is on {reference.Grid} but {prediction.Name} is on {prediction.Grid}. "
                + "Resample one onto the other first.");
        }
    }

    private byte[] Place(byte[] mask, VoxelBox wide)
    {
        var placed = new byte[wide.Size.Count];
        var size = Box.Size;
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var (z, y) = Math.DivRem(row, size.Y);
            mask.AsSpan(row * size.X, size.X).CopyTo(placed.AsSpan(wide.Size.Index(Box.MinX - wide.MinX, y + Box.MinY - wide.MinY, z + Box.MinZ - wide.MinZ)));
        }

        return placed;
    }

    private static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private static VoxelBox BoxOf(LabelMap map, bool[] chosen)
    {
        var size = map.Grid.Size;
        var box = VoxelBox.Empty;
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var labels = map.Labels.AsSpan(row * size.X, size.X);
            var (first, last) = (labels.IndexOfAnyExcept((byte)0), labels.LastIndexOfAnyExcept((byte)0));
            while (first >= 0 && first <= last && !chosen[labels[first]])
            {
                first++;
            }

            while (last > first && !chosen[labels[last]])
            {
                last--;
            }

            if (first >= 0 && first <= last)
            {
                var (z, y) = Math.DivRem(row, size.Y);
                box = box.Around(new VoxelBox(first, y, z, last + 1, y + 1, z + 1));
            }
        }

        return box;
    }

    private static byte[] Cut(LabelMap map, VoxelBox box, bool[] chosen)
    {
        if (box.IsEmpty)
        {
            return [0];
        }

        var size = box.Size;
        var mask = new byte[size.Count];
        Span<byte> values = stackalloc byte[256];
        for (var label = 0; label < 256; label++)
        {
            values[label] = (byte)(chosen[label] ? 1 : 0);
        }

        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var (z, y) = Math.DivRem(row, size.Y);
            var labels = map.Labels.AsSpan(map.Grid.Size.Index(box.MinX, box.MinY + y, box.MinZ + z), size.X);
            var target = mask.AsSpan(row * size.X, size.X);
            for (var x = MaskLine.NextForeground(labels, 0); x < labels.Length; x = MaskLine.NextForeground(labels, x + 1))
            {
                target[x] = values[labels[x]];
            }
        }

        return mask;
    }
}
