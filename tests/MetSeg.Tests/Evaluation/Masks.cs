namespace MetSeg.Tests.Evaluation;

/// <summary>Small label maps written down as voxels.</summary>
internal static class Masks
{
    public static Grid Grid { get; } = Grid.Axial(new Size(12, 8, 6), new Spacing(1, 2, 3));

    public static LabelMap Of(params (int X, int Y, int Z)[] voxels) => Labeled([.. voxels.Select(v => (v.X, v.Y, v.Z, (byte)1))]);

    public static LabelMap Labeled(params (int X, int Y, int Z, byte Label)[] voxels)
    {
        var labels = new byte[Grid.Size.Count];
        foreach (var (x, y, z, label) in voxels)
        {
            labels[Grid.Size.Index(x, y, z)] = label;
        }

        return new LabelMap(Grid, labels);
    }
}
