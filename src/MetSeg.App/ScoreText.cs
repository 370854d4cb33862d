namespace MetSeg.App;

/// <summary>Numbers of statistics as text.</summary>
internal static class ScoreText
{
    /// <summary>Three decimals, four from 0.001 to 0.1, three digits below that; ∞ as such, a dash where undefined.</summary>
    public static string Number(double value) => value switch
    {
        double.PositiveInfinity => "∞",
        double.NegativeInfinity => "−∞",
        double.NaN => "–",
        0 => "0.000",
        _ when Math.Abs(value) >= 0.1 => TextTable.Number(value),
        _ when Math.Abs(value) >= 0.001 => TextTable.Number(value, 4),
        _ => value.ToString("0.00e-0"),
    };

    /// <summary>An interval; a dash where undefined.</summary>
    public static string Interval(double low, double high) => double.IsNaN(low) || double.IsNaN(high) ? "–" : $"{Number(low)} to {Number(high)}";

    /// <summary>A p-value with six decimals, smaller ones in powers of ten; a dash where undefined.</summary>
    public static string P(double value) => value switch
    {
        double.NaN => "–",
        >= 1e-6 or 0 => value.ToString("F6"),
        _ => value.ToString("0.00e-0"),
    };
}
