using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>Shrinks volumes by averaging blocks of voxels: no aliasing, less noise.</summary>
internal static class BlockMean
{
    /// <summary>The mean of each block; the last block along an axis may be cut off by the border.</summary>
    /// <param name="volume">The volume.</param>
    /// <param name="factors">Edge lengths of a block in voxels, x first; 1 leaves an axis as it is.</param>
    public static Volume Shrink(Volume volume, (int X, int Y, int Z) factors)
    {
        if (factors == (1, 1, 1))
        {
            return volume;
        }

        var (from, source) = (volume.Grid.Size, ImmutableCollectionsMarshal.AsArray(volume.Voxels)!);
        var size = new Size(Blocks(from.X, factors.X), Blocks(from.Y, factors.Y), Blocks(from.Z, factors.Z));
        var means = new float[size.Count];
        Parallel.For(0, size.Z, () => new float[from.X], (z, _, sums) =>
        {
            for (var y = 0; y < size.Y; y++)
            {
                var rows = SumRows(source, from, factors, (y, z), sums);
                AverageAlongX(sums, factors.X, rows, means.AsSpan(size.Index(0, y, z), size.X));
            }

            return sums;
        }, _ => { });
        var toWorld = volume.Grid.ToWorld.After(new Affine(
            factors.X, 0, 0, (factors.X - 1) / 2.0, 0, factors.Y, 0, (factors.Y - 1) / 2.0, 0, 0, factors.Z, (factors.Z - 1) / 2.0));
        return new Volume(new Grid(size, toWorld), means);
    }

    private static int Blocks(int length, int factor) => (length + factor - 1) / factor;

    /// <summary>Adds up the rows of a block, and says how many they are.</summary>
    private static int SumRows(float[] source, Size from, (int X, int Y, int Z) factors, (int Y, int Z) block, float[] sums)
    {
        Array.Clear(sums);
        var rows = 0;
        for (var z = block.Z * factors.Z; z < Math.Min((block.Z + 1) * factors.Z, from.Z); z++)
        {
            for (var y = block.Y * factors.Y; y < Math.Min((block.Y + 1) * factors.Y, from.Y); y++)
            {
                Add(sums, source.AsSpan(from.Index(0, y, z), from.X));
                rows++;
            }
        }

        return rows;
    }

    private static void Add(Span<float> sums, ReadOnlySpan<float> row)
    {
        var targets = MemoryMarshal.Cast<float, Vector<float>>(sums);
        var sources = MemoryMarshal.Cast<float, Vector<float>>(row);
        for (var i = 0; i < targets.Length; i++)
        {
            targets[i] += sources[i];
        }

        for (var i = targets.Length * Vector<float>.Count; i < sums.Length; i++)
        {
            sums[i] += row[i];
        }
    }

    private static void AverageAlongX(ReadOnlySpan<float> sums, int factor, int rows, Span<float> means)
    {
        for (var x = 0; x < means.Length; x++)
        {
            var block = sums.Slice(x * factor, Math.Min(factor, sums.Length - (x * factor)));
            var sum = 0f;
            foreach (var value in block)
            {
                sum += value;
            }

            means[x] = sum / (rows * block.Length);
        }
    }
}
