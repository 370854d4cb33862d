namespace MetSeg.Statistics;

/// <summary>The departure from "no difference" that a test looks for; always of the first sample against the second, as in R and scipy.</summary>
public enum Alternative
{
    /// <summary>The samples differ in either direction.</summary>
    TwoSided,

    /// <summary>The first sample tends to smaller values.</summary>
    Less,

    /// <summary>The first sample tends to greater values.</summary>
    Greater,
}
