namespace MetSeg.Imaging;

/// <summary>Makes the inside of a <see cref="BrainSurface"/> a mask: adds tissue that the smooth surface cut off, removes air and bone that it enclosed.</summary>
internal static class BrainRefinement
{
    /// <summary>How far beyond the surface tissue is added, in mm.</summary>
    private const double TissueMm = 3;

    /// <summary>Share of the brain's level below which a voxel is air or bone; fluid is at 0.2 to 0.35.</summary>
    public const float DarkestFluid = 0.15f;

    /// <summary>Radius of the ball that smooths dents, in mm; dark spaces that it fits into are cut out.</summary>
    private const double DentMm = 3;

    /// <summary>Radius of the ball that smooths bumps, in mm.</summary>
    private const double BumpMm = 4;

    /// <summary>The mask, one piece without holes.</summary>
    /// <param name="inside">The voxels inside the surface.</param>
    /// <param name="core">The first guess.</param>
    public static LabelMap Refine(LabelMap inside, BrainCore core)
    {
        var frame = (int)Math.Ceiling(DentMm / inside.Grid.Spacing.X) + 2;
        var near = Morphology.DilateByBall(inside, TissueMm);
        var solid = new byte[inside.Labels.Length];
        for (var i = 0; i < solid.Length; i++)
        {
            var isTissue = core.Tissue.Labels[i] != 0 && near.Labels[i] != 0;
            solid[i] = isTissue || (inside.Labels[i] != 0 && core.Shares[i] >= DarkestFluid) ? (byte)1 : (byte)0;
        }

        var framed = Resampler.Resample(new LabelMap(inside.Grid, solid), BrainCore.Frame(inside.Grid, frame));
        var closed = Morphology.FillHoles(Morphology.CloseByBall(framed, DentMm));
        return Resampler.Resample(LargestPiece(Morphology.OpenByBall(closed, BumpMm)), inside.Grid);
    }

    private static LabelMap LargestPiece(LabelMap mask)
    {
        var components = Components.Find(mask, connectivity: 6);
        var largest = components.Items.MaxBy(component => component.Voxels);
        return components.Keep(mask.Grid, component => component == largest);
    }
}
