namespace MetSeg.Reports;

/// <summary>One cell of a table.</summary>
/// <param name="Text">What it shows.</param>
/// <param name="IsNumber">Whether it reads as a number: a column that holds one is aligned to the right.</param>
/// <param name="Value">The number by which a row finds its best cell, as rounded as it is shown; null for cells that do not compete.</param>
public sealed record ReportCell(string Text, bool IsNumber = false, double? Value = null)
{
    private const string Undefined = "n/a";

    /// <summary>A cell of text.</summary>
    public static implicit operator ReportCell(string text) => FromString(text);

    /// <summary>A cell of text; the same as the conversion.</summary>
    public static ReportCell FromString(string text) => new(text);

    /// <summary>A number that does not compete, in its own spelling: a count, a p value such as "&lt; 0.001".</summary>
    public static ReportCell NumberText(string text) => new(text, IsNumber: true);

    /// <summary>A number that competes; "n/a" where it is undefined (NaN or infinite).</summary>
    /// <param name="value">The number.</param>
    /// <param name="format">Its .NET format. The default is three decimals.</param>
    public static ReportCell Number(double value, string format = "0.000") => double.IsFinite(value)
        ? new ReportCell(value.ToString(format), IsNumber: true, double.Parse(value.ToString(format)))
        : NumberText(Undefined);

    /// <summary>An estimate with its interval, such as "0.620 [0.551, 0.684]"; it competes by the estimate.</summary>
    /// <param name="value">The estimate.</param>
    /// <param name="low">Lower end; the interval is left out where an end is undefined.</param>
    /// <param name="high">Upper end.</param>
    /// <param name="format">The numbers' .NET format. The default is three decimals.</param>
    public static ReportCell Interval(double value, double low, double high, string format = "0.000")
    {
        var estimate = Number(value, format);
        return estimate.Value is null || !double.IsFinite(low) || !double.IsFinite(high)
            ? estimate
            : estimate with { Text = $"{estimate.Text} [{low.ToString(format)}, {high.ToString(format)}]" };
    }
}
