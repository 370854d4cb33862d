namespace MetSeg.Evaluation;

/// <summary>How the voxels of a window count.</summary>
public enum SimilarityWindow
{
    /// <summary>By a Gaussian around its center.</summary>
    Gaussian,

    /// <summary>All alike.</summary>
    Uniform,
}

/// <summary>Which windows count.</summary>
public enum SimilarityBorder
{
    /// <summary>Those that lie within the image.</summary>
    Valid,

    /// <summary>One around every voxel; what lies outside the image counts as 0.</summary>
    Zeros,
}

/// <summary>The conventions of <see cref="StructuralSimilarity"/>. The defaults are those of Wang et al. in three dimensions.</summary>
public sealed record StructuralSimilarityOptions
{
    /// <summary>How the voxels of a window count. The default is Gaussian.</summary>
    public SimilarityWindow Window { get; init; }

    /// <summary>Side of the window in voxels; odd. The default is 11.</summary>
    public int Taps { get; init; } = 11;

    /// <summary>Standard deviation of the Gaussian window in voxels. The default is 1.5.</summary>
    public double Sigma { get; init; } = 1.5;

    /// <summary>
    /// Whether variances and covariances are divided by n − 1 and not by n, where n is the number of voxels in a window; for the uniform window
    /// alone. The default is false.
    /// </summary>
    public bool SampleCovariance { get; init; }

    /// <summary>Which windows count. The default is those within the image.</summary>
    public SimilarityBorder Border { get; init; }

    /// <summary>R: the width of the images' range of values. The default is null: the reference's maximum minus its minimum.</summary>
    public double? DataRange { get; init; }

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (Taps < 3 || Taps % 2 == 0)
        {
            yield return $"taps must be odd and at least 3, not {Taps}.";
        }

        if (!(Sigma > 0 && double.IsFinite(Sigma)))
        {
            yield return $"sigma must be positive, not {Sigma}.";
        }

        if (SampleCovariance && Window == SimilarityWindow.Gaussian)
        {
            yield return "sampleCovariance needs the uniform window: a Gaussian one has no number of voxels.";
        }

        if (DataRange is { } range && !(range > 0 && double.IsFinite(range)))
        {
            yield return $"dataRange must be positive, not {range}.";
        }
    }
}
