namespace MetSeg.Simulation;

/// <summary>The usual settings of an institution's scanner, in units that do not depend on the size of the simulated images.</summary>
public sealed record Scanner
{
    /// <summary>Brightness of the tissues.</summary>
    public Contrast Contrast { get; init; } = new();

    /// <summary>Value of white matter in the stored image. The default is 1000.</summary>
    public double Scale { get; init; } = 1000;

    /// <summary>Exponent applied to the image relative to white matter; above 1 spreads the bright end. The default is 1.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Standard deviation of the noise in each of the two receiver channels, relative to white matter. The default is 0.03.</summary>
    public double Noise { get; init; } = 0.03;

    /// <summary>Standard deviation of the logarithm of the bias field. The default is 0.1.</summary>
    public double Bias { get; init; } = 0.1;

    /// <summary>Blur before the voxels are formed: full width at half maximum, in voxels within a slice. The default is 0.6.</summary>
    public double Blur { get; init; } = 0.6;

    /// <summary>Thickness of a slice relative to the voxel size within it, 1 or more. The default is 1.</summary>
    public double SliceRatio { get; init; } = 1;

    /// <summary>
    /// Draws the settings of one session around the usual ones: every tissue by 3 % (vessels and metastases by 8 %), scale by 20 %, noise and
    /// bias field by 15 %; log-normal.
    /// </summary>
    public Scan Prepare(Random random)
    {
        var brightness = Contrast.ByTissue();
        for (var tissue = 0; tissue < brightness.Length; tissue++)
        {
            brightness[tissue] *= random.Factor((Tissue)tissue is Tissue.Vessel or Tissue.MetastasisRim ? 0.08 : 0.03);
        }

        var session = this with
        {
            Scale = Scale * random.Factor(0.2),
            Noise = Noise * random.Factor(0.15),
            Bias = Bias * random.Factor(0.15),
        };
        return new Scan(session, brightness);
    }
}
