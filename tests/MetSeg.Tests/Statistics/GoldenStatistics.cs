using System.Globalization;
using System.Text.Json;
using Xunit;

namespace MetSeg.Tests.Statistics;

/// <summary>shared/golden/statistics/golden.json: values of R 4.2.2, scipy 1.10.1 and statsmodels 0.13.5.</summary>
internal static class GoldenStatistics
{
    private const double Relative = 1e-6;

    public static JsonElement Block(string name) =>
        JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json"))).RootElement.GetProperty(name);

    /// <summary>A number; the strings NaN, Infinity and -Infinity are those.</summary>
    public static double Number(this JsonElement element) => element.ValueKind == JsonValueKind.String
        ? double.Parse(element.GetString()!, CultureInfo.InvariantCulture)
        : element.GetDouble();

    public static double Number(this JsonElement element, string name) => element.GetProperty(name).Number();

    public static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(one => one.Number())];

    public static double[] Numbers(this JsonElement element, string name) => element.GetProperty(name).Numbers();

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    /// <summary>Asserts equality to a relative error of one in a million; NaN equals NaN.</summary>
    public static void Matches(double expected, double actual, string what)
    {
        var agrees = expected.Equals(actual) || Math.Abs(actual - expected) <= Math.Max(Relative * Math.Abs(expected), 1e-15);
        Assert.True(agrees, $"{what}: {actual:R}, not {expected:R}");
    }
}
