namespace MetSeg.Statistics;

/// <summary>The tests for a difference.</summary>
public enum StatisticalTest
{
    /// <summary>Mann–Whitney U (Wilcoxon rank sum): two independent samples.</summary>
    MannWhitney,

    /// <summary>Wilcoxon signed-rank: pairs.</summary>
    Wilcoxon,

    /// <summary>Student's t of the differences of pairs.</summary>
    PairedT,

    /// <summary>Student's t of two independent samples with equal variances.</summary>
    UnpairedT,

    /// <summary>Welch's t of two independent samples.</summary>
    Welch,

    /// <summary>Kruskal–Wallis H: several independent samples.</summary>
    KruskalWallis,

    /// <summary>Friedman's χ²: several treatments of the same cases.</summary>
    Friedman,
}
