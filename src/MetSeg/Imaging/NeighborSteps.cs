namespace MetSeg.Imaging;

/// <summary>Erosion and dilation of masks with a bit per voxel: 64 voxels in one operation, slices in parallel.</summary>
internal static class NeighborSteps
{
    private interface IStep
    {
        static abstract ulong Join(ulong a, ulong b);
    }

    /// <summary>Repeats a dilation.</summary>
    public static MaskBits Dilate(MaskBits source, int connectivity, int iterations) => Repeat<Dilation>(source, connectivity, iterations);

    /// <summary>Repeats an erosion.</summary>
    public static MaskBits Erode(MaskBits source, int connectivity, int iterations) => Repeat<Erosion>(source, connectivity, iterations);

    private static MaskBits Repeat<TStep>(MaskBits source, int connectivity, int iterations)
        where TStep : IStep
    {
        ArgumentOutOfRangeException.ThrowIfNegative(iterations);
        if (connectivity is not (6 or 18 or 26))
        {
            throw new ArgumentOutOfRangeException(nameof(connectivity), connectivity, "Connectivity must be 6, 18 or 26.");
        }

        var (current, next) = (source, new MaskBits(source.Size));
        for (var i = 0; i < iterations; i++)
        {
            Step<TStep>(current, next, connectivity);
            (current, next) = (next, current);
        }

        return current;
    }

    private static void Step<TStep>(MaskBits source, MaskBits target, int connectivity)
        where TStep : IStep => Parallel.For(0, source.Size.Z, () => new ulong[(2 * source.WordsPerRow) + 2], (z, _, buffer) =>
    {
        var turning = buffer.AsSpan(1, source.WordsPerRow);
        var straight = buffer.AsSpan(source.WordsPerRow + 2);
        for (var y = 0; y < source.Size.Y; y++)
        {
            source.Row(y, z).CopyTo(turning);
            source.Row(y, z).CopyTo(straight);
            for (var neighbor = 0; neighbor < 9; neighbor++)
            {
                var (dy, dz) = ((neighbor % 3) - 1, (neighbor / 3) - 1);
                var axes = Math.Abs(dy) + Math.Abs(dz);
                if (axes == 0 || (axes == 2 && connectivity == 6))
                {
                    continue;
                }

                // Steps along y and z; connectivity 18 allows two axes in all, 26 three.
                var leavesRoomForX = (connectivity == 18 && axes == 1) || connectivity == 26;
                Join<TStep>(source, (y + dy, z + dz), leavesRoomForX ? turning : straight);
            }

            Finish<TStep>(buffer, straight, target.Row(y, z), target.LastBits);
        }

        return buffer;
    }, _ => { });

    private static void Join<TStep>(MaskBits source, (int Y, int Z) place, Span<ulong> joined)
        where TStep : IStep
    {
        var isInside = source.Size.Contains(0, place.Y, place.Z);
        var row = isInside ? source.Row(place.Y, place.Z) : [];
        for (var i = 0; i < joined.Length; i++)
        {
            joined[i] = TStep.Join(joined[i], isInside ? row[i] : 0);
        }
    }

    /// <summary>Joins each voxel with its neighbors along x and with the rows that allow no step along x.</summary>
    /// <param name="padded">A row with an empty word before it and at least one word after it.</param>
    /// <param name="straight">The other rows, joined.</param>
    /// <param name="target">The result.</param>
    /// <param name="lastBits">The bits of the last word that are voxels.</param>
    private static void Finish<TStep>(ReadOnlySpan<ulong> padded, ReadOnlySpan<ulong> straight, Span<ulong> target, ulong lastBits)
        where TStep : IStep
    {
        for (var i = 0; i < target.Length; i++)
        {
            var word = padded[i + 1];
            var fromLeft = (word << 1) | (padded[i] >> 63);
            var fromRight = (word >> 1) | (padded[i + 2] << 63);
            target[i] = TStep.Join(TStep.Join(word, straight[i]), TStep.Join(fromLeft, fromRight));
        }

        target[^1] &= lastBits;
    }

    private readonly struct Dilation : IStep
    {
        public static ulong Join(ulong a, ulong b) => a | b;
    }

    private readonly struct Erosion : IStep
    {
        public static ulong Join(ulong a, ulong b) => a & b;
    }
}
