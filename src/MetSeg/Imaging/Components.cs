using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// The connected components of a mask. They are kept as runs of voxels along x, so that time and memory follow the foreground and not the
/// grid; <see cref="ToLabels"/> gives a label per voxel.
/// </summary>
/// <remarks>Union-find over runs, as in He, Chao, Suzuki: A run-based two-scan labeling algorithm, IEEE T Image Process 2008;17:749.</remarks>
public sealed class Components
{
    private readonly ImmutableArray<Run> runs;

    private Components(Size size, ImmutableArray<Run> runs, ImmutableArray<Component> items)
    {
        (Size, this.runs, Items) = (size, runs, items);
    }

    /// <summary>Size of the grid on which the components lie.</summary>
    public Size Size { get; }

    /// <summary>The components; the one with <see cref="Component.Id"/> n is at place n − 1. Empty where the mask is.</summary>
    public ImmutableArray<Component> Items { get; }

    /// <summary>Number of components.</summary>
    public int Count => Items.Length;

    /// <summary>The runs of all components in the order of the voxels, each with its component's id.</summary>
    internal ReadOnlySpan<Run> Runs => runs.AsSpan();

    /// <summary>Finds the components of everything that is not background; different labels that touch are one component.</summary>
    /// <param name="map">Labels; 0 is background.</param>
    /// <param name="connectivity">Voxels join through 6 (faces), 18 (faces, edges) or 26 (faces, edges, corners) neighbors.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="connectivity"/> is none of 6, 18, 26.</exception>
    public static Components Find(LabelMap map, int connectivity = 26) => Find(map.Labels.AsSpan(), map.Grid.Size, connectivity);

    /// <summary>The component of each voxel, x fastest: its id, 0 in the background.</summary>
    public int[] ToLabels()
    {
        var labels = new int[Size.Count];
        foreach (var run in runs)
        {
            labels.AsSpan(run.Start, run.Length).Fill(run.Component);
        }

        return labels;
    }

    /// <summary>A mask that keeps some of the components: 1 in their voxels, else 0.</summary>
    /// <param name="grid">The grid on which the components were found.</param>
    /// <param name="keep">Whether to keep a component.</param>
    public LabelMap Keep(Grid grid, Func<Component, bool> keep)
    {
        var kept = Items.Select(keep).ToArray();
        var mask = new byte[Size.Count];
        foreach (var run in runs)
        {
            if (kept[run.Component - 1])
            {
                mask.AsSpan(run.Start, run.Length).Fill(1);
            }
        }

        return new LabelMap(grid, mask);
    }

    /// <summary>Some of the components, numbered anew in their order.</summary>
    /// <param name="keep">Whether to keep a component.</param>
    internal Components Where(Func<Component, bool> keep)
    {
        var numbers = new int[Count + 1];
        var kept = Items.Where(keep).Select((item, i) =>
        {
            numbers[item.Id] = i + 1;
            return item with { Id = i + 1 };
        }).ToImmutableArray();
        return kept.Length == Count
            ? this
            : new Components(Size, [.. runs.Where(run => numbers[run.Component] > 0).Select(run => run with { Component = numbers[run.Component] })], kept);
    }

    /// <inheritdoc cref="Find(LabelMap, int)"/>
    internal static Components Find(ReadOnlySpan<byte> mask, Size size, int connectivity)
    {
        if (connectivity is not (6 or 18 or 26))
        {
            throw new ArgumentOutOfRangeException(nameof(connectivity), connectivity, "Connectivity must be 6, 18 or 26.");
        }

        var (found, firstOfRow) = FindRuns(mask, size);
        var parents = Enumerable.Range(0, found.Count).ToArray();
        JoinRows(CollectionsMarshal.AsSpan(found), firstOfRow, size, connectivity, parents);
        var count = Number(CollectionsMarshal.AsSpan(found), parents);
        return new Components(size, [.. found], Measure(CollectionsMarshal.AsSpan(found), size, count));
    }

    private static (List<Run> Runs, int[] FirstOfRow) FindRuns(ReadOnlySpan<byte> mask, Size size)
    {
        var rows = size.Y * size.Z;
        var runs = new List<Run>();
        var firstOfRow = new int[rows + 1];
        for (var row = 0; row < rows; row++)
        {
            firstOfRow[row] = runs.Count;
            var line = mask.Slice(row * size.X, size.X);
            for (var (start, end) = (MaskLine.NextForeground(line, 0), 0); start < size.X; start = MaskLine.NextForeground(line, end))
            {
                end = MaskLine.NextBackground(line, start);
                runs.Add(new Run((row * size.X) + start, end - start, row, start, 0));
            }
        }

        firstOfRow[rows] = runs.Count;
        return (runs, firstOfRow);
    }

    /// <summary>
    /// Joins each row with those of its neighbors that come before it. A step along one of y, z leaves room for a step along x at 18 and
    /// 26 neighbors, a step along both only at 26.
    /// </summary>
    private static void JoinRows(ReadOnlySpan<Run> runs, int[] firstOfRow, Size size, int connectivity, int[] parents)
    {
        var straight = connectivity == 6 ? 0 : 1;
        var diagonal = connectivity == 26 ? 1 : 0;
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            if (firstOfRow[row] == firstOfRow[row + 1])
            {
                continue;
            }

            var (z, y) = Math.DivRem(row, size.Y);
            if (y > 0)
            {
                JoinPair(runs, firstOfRow, (row, row - 1), straight, parents);
            }

            if (z > 0)
            {
                var below = row - size.Y;
                JoinPair(runs, firstOfRow, (row, below), straight, parents);
                if (connectivity > 6 && y > 0)
                {
                    JoinPair(runs, firstOfRow, (row, below - 1), diagonal, parents);
                }

                if (connectivity > 6 && y < size.Y - 1)
                {
                    JoinPair(runs, firstOfRow, (row, below + 1), diagonal, parents);
                }
            }
        }
    }

    private static void JoinPair(ReadOnlySpan<Run> runs, int[] firstOfRow, (int A, int B) rows, int reach, int[] parents)
    {
        var (a, b) = (firstOfRow[rows.A], firstOfRow[rows.B]);
        var (endA, endB) = (firstOfRow[rows.A + 1], firstOfRow[rows.B + 1]);
        while (a < endA && b < endB)
        {
            var (lastA, lastB) = (runs[a].X + runs[a].Length - 1, runs[b].X + runs[b].Length - 1);
            if (runs[a].X <= lastB + reach && runs[b].X <= lastA + reach)
            {
                var (rootA, rootB) = (Root(parents, a), Root(parents, b));
                parents[Math.Max(rootA, rootB)] = Math.Min(rootA, rootB);
            }

            if (lastA < lastB)
            {
                a++;
            }
            else
            {
                b++;
            }
        }
    }

    private static int Root(int[] parents, int run)
    {
        while (parents[run] != run)
        {
            parents[run] = parents[parents[run]];
            run = parents[run];
        }

        return run;
    }

    /// <summary>Gives each run its component's id; a root comes before all runs that point to it.</summary>
    private static int Number(Span<Run> runs, int[] parents)
    {
        var count = 0;
        for (var i = 0; i < runs.Length; i++)
        {
            var root = Root(parents, i);
            runs[i] = runs[i] with { Component = root == i ? ++count : runs[root].Component };
        }

        return count;
    }

    private static ImmutableArray<Component> Measure(ReadOnlySpan<Run> runs, Size size, int count)
    {
        var boxes = new VoxelBox[count];
        var sums = new (long Voxels, double X, double Y, double Z)[count];
        Array.Fill(boxes, VoxelBox.Empty);
        foreach (var run in runs)
        {
            var (z, y) = Math.DivRem(run.Row, size.Y);
            ref var sum = ref sums[run.Component - 1];
            ref var box = ref boxes[run.Component - 1];
            var n = run.Length;
            sum = (sum.Voxels + n, sum.X + (n * (run.X + ((n - 1) / 2.0))), sum.Y + ((double)n * y), sum.Z + ((double)n * z));
            box = box.Around(new VoxelBox(run.X, y, z, run.X + n, y + 1, z + 1));
        }

        var items = new Component[count];
        for (var i = 0; i < count; i++)
        {
            var (voxels, x, y, z) = sums[i];
            items[i] = new Component(i + 1, (int)voxels, boxes[i], x / voxels, y / voxels, z / voxels);
        }

        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    /// <summary>Neighboring foreground voxels along x.</summary>
    /// <param name="Start">Place of the first in the flat array.</param>
    /// <param name="Length">Their number.</param>
    /// <param name="Row">y + Y·z.</param>
    /// <param name="X">x of the first.</param>
    /// <param name="Component">The component's id.</param>
    internal readonly record struct Run(int Start, int Length, int Row, int X, int Component);
}
