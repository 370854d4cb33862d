namespace MetSeg.Imaging;

/// <summary>
/// How <see cref="BrainMask"/> finds the brain. The defaults suit T1-weighted heads of adults with and without contrast agent.
/// Intensities are shares: 0 is background and bone, 1 is the brain's own level nearby.
/// </summary>
public sealed record BrainMaskOptions
{
    /// <summary>Edge of the voxels on which the brain is looked for, in mm. The default is 1.2.</summary>
    public double WorkingSpacingMm { get; init; } = 1.2;

    /// <summary>Darkest brain tissue, as a share of the brain's level. The default is 0.6: fluid and bone are darker.</summary>
    public double DarkestTissue { get; init; } = 0.6;

    /// <summary>Brightest brain tissue for the first guess, as a share of the brain's level. The default is 1.4: fat and vessels with contrast agent are brighter.</summary>
    public double BrightestTissue { get; init; } = 1.4;

    /// <summary>How thick tissue must be to count as surely brain: half of its thickness in mm. The default is 4.5.</summary>
    public double CoreDepthMm { get; init; } = 4.5;

    /// <summary>Radius in mm of the ball that bridges gaps of the first guess: fissures, ventricles, bright lesions at the surface. The default is 20.</summary>
    public double BridgeMm { get; init; } = 20;

    /// <summary>
    /// The same above the brain's middle, in mm: there the skull bulges everywhere, and nothing but brain fits under it. The default is 40.
    /// </summary>
    public double DomeBridgeMm { get; init; } = 40;

    /// <summary>How far the surface may leave the first guess, in mm. The default is 4.</summary>
    public double ReachMm { get; init; } = 4;

    /// <summary>
    /// Share of the way from dark to the local brain level at which the surface stops. The default is 0.5; less gives a larger mask.
    /// </summary>
    /// <remarks>The fractional intensity threshold b_t of Smith, Hum Brain Mapp 2002;17:143.</remarks>
    public double SurfaceThreshold { get; init; } = 0.5;

    /// <summary>Layer to add around the mask (or to take away, if negative), in mm. The default is 0.</summary>
    public double MarginMm { get; init; }

    /// <summary>
    /// Whether an image whose skull has been removed already gives its non-background region. The default is true; false looks for the brain
    /// in every image.
    /// </summary>
    public bool KeepStripped { get; init; } = true;

    /// <summary>One sentence for each value that cannot work.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(WorkingSpacingMm is >= 0.5 and <= 3))
        {
            yield return $"brainMask.workingSpacingMm must be from 0.5 to 3, not {WorkingSpacingMm}.";
        }

        if (!(DarkestTissue is > 0 and < 1))
        {
            yield return $"brainMask.darkestTissue must be between 0 and 1, not {DarkestTissue}.";
        }

        if (!(BrightestTissue > 1))
        {
            yield return $"brainMask.brightestTissue must be more than 1, not {BrightestTissue}.";
        }

        if (!(CoreDepthMm is >= 2 and <= 10))
        {
            yield return $"brainMask.coreDepthMm must be from 2 to 10, not {CoreDepthMm}.";
        }

        if (!(BridgeMm is >= 0 and <= 50))
        {
            yield return $"brainMask.bridgeMm must be from 0 to 50, not {BridgeMm}.";
        }

        if (!(DomeBridgeMm is >= 0 and <= 80))
        {
            yield return $"brainMask.domeBridgeMm must be from 0 to 80, not {DomeBridgeMm}.";
        }

        if (!(ReachMm is >= 0 and <= 20))
        {
            yield return $"brainMask.reachMm must be from 0 to 20, not {ReachMm}.";
        }

        if (!(SurfaceThreshold is > 0 and < 1))
        {
            yield return $"brainMask.surfaceThreshold must be between 0 and 1, not {SurfaceThreshold}.";
        }

        if (!(MarginMm is >= -20 and <= 20))
        {
            yield return $"brainMask.marginMm must be from -20 to 20, not {MarginMm}.";
        }
    }
}
