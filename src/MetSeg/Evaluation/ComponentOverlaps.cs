using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>How many voxels the components of two masks of one grid share.</summary>
internal sealed class ComponentOverlaps
{
    private readonly SortedDictionary<int, int>?[] shared;

    private ComponentOverlaps(SortedDictionary<int, int>?[] shared) => this.shared = shared;

    /// <summary>Counts them, from the runs of both.</summary>
    public static ComponentOverlaps Of(Components first, Components second)
    {
        var shared = new SortedDictionary<int, int>?[first.Count];
        var (a, b) = (0, 0);
        while (a < first.Runs.Length && b < second.Runs.Length)
        {
            var (one, other) = (first.Runs[a], second.Runs[b]);
            var (endA, endB) = (one.Start + one.Length, other.Start + other.Length);
            var voxels = Math.Min(endA, endB) - Math.Max(one.Start, other.Start);
            if (voxels > 0)
            {
                var of = shared[one.Component - 1] ??= [];
                of[other.Component] = of.GetValueOrDefault(other.Component) + voxels;
            }

            (a, b) = endA < endB ? (a + 1, b) : (a, b + 1);
        }

        return new ComponentOverlaps(shared);
    }

    /// <summary>The components of the second mask that a component of the first touches, by ascending id, with the voxels they share.</summary>
    public IReadOnlyDictionary<int, int> With(int first) => shared[first - 1] ?? none;

    private static readonly SortedDictionary<int, int> none = [];
}
