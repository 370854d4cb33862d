namespace MetSeg.Reports;

/// <summary>
/// The colors of every figure, as "#RRGGBB": told apart by readers with any color vision, and the same for the same place in every chart.
/// </summary>
/// <remarks>Okabe and Ito, Color Universal Design (2008); its yellow and black come last because they are weak as marks on white.</remarks>
public static class Palette
{
    /// <summary>The eight colors in the order in which series take them.</summary>
    public static IReadOnlyList<string> Colors { get; } =
        ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#000000"];

    /// <summary>The color of a series; the palette begins anew after the eighth.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="series"/> is negative.</exception>
    public static string ColorOf(int series)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(series);
        return Colors[series % Colors.Count];
    }
}
