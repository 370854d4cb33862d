namespace MetSeg.Simulation;

/// <summary>The reference segmentation of a phantom: known exactly, then put onto the image's voxels.</summary>
internal static class Reference
{
    private const byte Core = 1, Edema = 2, Enhancing = 3;

    /// <summary>Names and values of the labels, background first.</summary>
    public static LabelScheme Names(ReferenceLabels labels) => LabelScheme.Plain(labels == ReferenceLabels.Merged
        ? [new("background", 0), new("metastasis", 1)]
        : [new("background", 0), new("NETC", Core), new("SNFH", Edema), new("ET", Enhancing)]);

    /// <summary>
    /// Draws the reference. A voxel belongs to a metastasis that fills half of it or more. One that fills no voxel half gets the voxel that it
    /// fills most, so every metastasis is in the label map. In parts, the larger part of the voxel decides.
    /// </summary>
    public static LabelMap Draw(Phantom phantom, Grid grid, ReferenceLabels labels)
    {
        var coverage = PartialVolume.Shares(phantom.LesionNumbers, grid);
        var isLesion = Merged(phantom, grid, coverage);
        if (labels == ReferenceLabels.Merged)
        {
            return new LabelMap(grid, isLesion);
        }

        var edema = PartialVolume.Shares(phantom.Tissues, grid, (byte)Tissue.Edema, (byte)Tissue.Edema);
        var enhancing = PartialVolume.Shares(phantom.Tissues, grid, (byte)Tissue.MetastasisRim, (byte)Tissue.MetastasisRim);
        for (var i = 0; i < isLesion.Length; i++)
        {
            isLesion[i] = isLesion[i] != 0 ? enhancing[i] >= coverage[i] / 2 ? Enhancing : Core : edema[i] >= 0.5f ? Edema : (byte)0;
        }

        return new LabelMap(grid, isLesion);
    }

    private static byte[] Merged(Phantom phantom, Grid grid, float[] coverage)
    {
        var labels = new byte[grid.Size.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)(coverage[i] >= 0.5f ? 1 : 0);
        }

        foreach (var voxels in phantom.VoxelsOfLesions(grid))
        {
            if (voxels.Count > 0 && !voxels.Exists(voxel => labels[voxel] != 0))
            {
                labels[voxels.MaxBy(voxel => coverage[voxel])] = 1;
            }
        }

        return labels;
    }
}
