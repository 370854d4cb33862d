using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>Draws chosen components into a box, touching no voxel but theirs.</summary>
internal sealed class ComponentMasks
{
    private readonly Components components;
    private readonly int[] order;
    private readonly int[] firstOf;

    /// <summary>Sorts the components' runs by component.</summary>
    public ComponentMasks(Components components)
    {
        this.components = components;
        firstOf = new int[components.Count + 2];
        foreach (var run in components.Runs)
        {
            firstOf[run.Component + 1]++;
        }

        for (var id = 1; id < firstOf.Length; id++)
        {
            firstOf[id] += firstOf[id - 1];
        }

        order = new int[components.Runs.Length];
        var next = firstOf.ToArray();
        for (var i = 0; i < order.Length; i++)
        {
            order[next[components.Runs[i].Component]++] = i;
        }
    }

    /// <summary>A mask of a box that holds the components of these ids, whole.</summary>
    public byte[] Draw(VoxelBox box, ReadOnlySpan<int> ids)
    {
        var size = box.Size;
        var mask = new byte[size.Count];
        foreach (var id in ids)
        {
            for (var i = firstOf[id]; i < firstOf[id + 1]; i++)
            {
                var run = components.Runs[order[i]];
                var (z, y) = Math.DivRem(run.Row, components.Size.Y);
                mask.AsSpan(size.Index(run.X - box.MinX, y - box.MinY, z - box.MinZ), run.Length).Fill(1);
            }
        }

        return mask;
    }
}
