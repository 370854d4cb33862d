using MetSeg.Evaluation;

namespace MetSeg.Learning.Experiments;

/// <summary>The domain gap before and after harmonization, and what harmonization did to the images.</summary>
public sealed record DomainAssessmentResult
{
    /// <summary>The institutions, sorted.</summary>
    public required IReadOnlyList<string> Institutions { get; init; }

    /// <summary>Number of scans.</summary>
    public required int Cases { get; init; }

    /// <summary>Number of patients.</summary>
    public required int Patients { get; init; }

    /// <summary>The gap by four kinds of features.</summary>
    public required IReadOnlyList<GapMeasure> Measures { get; init; }

    /// <summary>Latent units whose mean varies over the scans (variance above 0.01).</summary>
    public required int ActiveUnits { get; init; }

    /// <summary>Latent units in all.</summary>
    public required int LatentUnits { get; init; }

    /// <summary>Median peak signal-to-noise ratio of the harmonized scans against the originals, in dB.</summary>
    public required double MedianPsnr { get; init; }

    /// <summary>Median structural similarity of the same; NaN where no scan holds a window.</summary>
    public required double MedianSsim { get; init; }

    /// <summary>Number of scans with a label map: those whose lesions' contrast is compared.</summary>
    public required int LabelledCases { get; init; }

    /// <summary>How the lesions' contrast changed, all and by volume; empty without label maps.</summary>
    public required IReadOnlyList<ContrastChangeBin> LesionContrast { get; init; }

    /// <summary>First two principal components of each scan's latent code.</summary>
    public required IReadOnlyList<double[]> LatentPoints { get; init; }

    /// <summary>The institution of each scan, in the points' order.</summary>
    public required IReadOnlyList<string> InstitutionOfCase { get; init; }

    /// <summary>What the figures must not be used for.</summary>
    public string Disclaimer { get; init; } = EvaluationResult.Disclaimer;
}
