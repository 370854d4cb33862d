using System.Text.Json;
using MetSeg.Statistics;
using Xunit;
using static MetSeg.Tests.Statistics.GoldenStatistics;
using TestResult = MetSeg.Statistics.TestResult;

namespace MetSeg.Tests.Statistics;

/// <summary>Every value of the golden statistics, with the option set that its name says.</summary>
public sealed class GoldenStatisticsTests
{
    private static readonly (string Name, Alternative Value)[] alternatives =
        [("two-sided", Alternative.TwoSided), ("less", Alternative.Less), ("greater", Alternative.Greater)];

    [Fact]
    public void Shapiro_Wilk_as_R()
    {
        foreach (var golden in Block("shapiroWilk").EnumerateArray())
        {
            var (name, result, r) = (golden.Text("name"), ShapiroWilk.Test(golden.Numbers("x")), golden.GetProperty("r"));
            if (r.TryGetProperty("error", out _))
            {
                Assert.Equal("all values are equal", result.Undefined);
                continue;
            }

            Matches(r.Number("w"), result.W, $"{name} W");
            Matches(r.Number("p"), result.P, $"{name} p");
        }
    }

    [Fact]
    public void Mann_Whitney_as_R_and_scipy()
    {
        foreach (var golden in Block("mannWhitney").EnumerateArray())
        {
            var (name, x, y) = (golden.Text("name"), golden.Numbers("x"), golden.Numbers("y"));
            Matches(golden.Number("cliffsDelta"), EffectSizes.CliffsDelta(x, y).Value, $"{name} delta");
            foreach (var (direction, alternative) in alternatives)
            {
                var expected = golden.GetProperty("alternatives").GetProperty(direction);
                foreach (var (key, options) in new (string, MannWhitneyOptions)[]
                {
                    ("scipyAuto", new()),
                    ("rExact", new() { Method = RankMethod.Exact }),
                    ("scipyExact", new() { Method = RankMethod.Exact }),
                    ("scipyNormalContinuity", new() { Method = RankMethod.Normal }),
                    ("scipyNormal", new() { Method = RankMethod.Normal, Continuity = false }),
                })
                {
                    if (!expected.TryGetProperty(key, out var p))
                    {
                        continue;
                    }

                    var result = MannWhitney.Test(x, y, options with { Alternative = alternative });
                    Matches(golden.Number("u"), result.Statistic, $"{name} U");
                    Matches(name.StartsWith("all-equal", StringComparison.Ordinal) ? double.NaN : p.Number(), result.P, $"{name} {direction} {key}");
                }
            }
        }
    }

    [Fact]
    public void Wilcoxon_as_R_and_scipy()
    {
        foreach (var golden in Block("wilcoxonSignedRank").EnumerateArray())
        {
            var (name, difference) = (golden.Text("name"), golden.Numbers("difference"));
            foreach (var (direction, alternative) in alternatives)
            {
                foreach (var expected in golden.GetProperty("alternatives").GetProperty(direction).EnumerateObject())
                {
                    var result = WilcoxonSignedRank.Test(difference, OptionsNamed(expected.Name) with { Alternative = alternative });
                    var what = $"{name} {direction} {expected.Name}";
                    if (result.Undefined is not null)
                    {
                        Assert.Equal("all-zero-6", name);
                        Assert.Equal("all differences are 0", result.Undefined);
                        Assert.Equal(double.NaN, result.P);
                        continue;
                    }

                    var hasStatistic = expected.Value.ValueKind == JsonValueKind.Object;
                    Matches(hasStatistic ? expected.Value.Number("p") : expected.Value.Number(), result.P, what);
                    if (hasStatistic)
                    {
                        Matches(expected.Value.Number("statistic"), ScipyStatistic(result, difference, expected.Name), $"{what} statistic");
                    }
                }
            }

            if (golden.Number("zeros") < difference.Length)
            {
                Matches(golden.Number("wPlusZerosDropped"), WilcoxonSignedRank.Test(difference).Statistic, $"{name} W+");
            }
        }
    }

    [Fact]
    public void T_tests_as_R()
    {
        foreach (var golden in Block("tTests").EnumerateArray())
        {
            var (name, x, y) = (golden.Text("name"), golden.Numbers("x"), golden.Numbers("y"));
            Matches(golden.Number("hedgesG"), EffectSizes.HedgesG(x, y).Value, $"{name} g");
            foreach (var test in golden.GetProperty("tests").EnumerateObject())
            {
                foreach (var (direction, alternative) in alternatives)
                {
                    var r = test.Value.GetProperty(direction).GetProperty("r");
                    var result = test.Name switch
                    {
                        "paired" => TTests.Paired(x, y, alternative),
                        "unpaired" => TTests.Unpaired(x, y, alternative),
                        _ => TTests.Welch(x, y, alternative),
                    };
                    var what = $"{name} {test.Name} {direction}";
                    Matches(r.Number("t"), result.Statistic, $"{what} t");
                    Matches(r.Number("p"), result.P, $"{what} p");
                    Matches(double.IsNaN(result.P) ? double.NaN : r.Number("df"), result.DegreesOfFreedom, $"{what} df");
                    Matches(r.Number("ciLow"), result.Difference!.CiLow, $"{what} low");
                    Matches(r.Number("ciHigh"), result.Difference.CiHigh, $"{what} high");
                }
            }

            if (golden.TryGetProperty("equivalencePairedMargin0.05", out var equivalence))
            {
                Matches(equivalence.Number(), Equivalence.P(x, y, 0.05, (a, b, alternative) => TTests.Paired(a, b, alternative)), $"{name} equivalence");
            }
        }
    }

    [Fact]
    public void Descriptions_and_intervals_as_numpy_and_scipy()
    {
        foreach (var golden in Block("intervals").GetProperty("samples").EnumerateArray())
        {
            var (name, x) = (golden.Text("name"), golden.Numbers("x"));
            var description = Description.Of(x);
            Matches(golden.Number("mean"), description.Mean, $"{name} mean");
            Matches(golden.Number("sd"), description.Sd, $"{name} SD");
            Matches(golden.Number("median"), description.Median, $"{name} median");
            Matches(golden.Number("q25Linear"), description.LowerQuartile, $"{name} lower quartile");
            Matches(golden.Number("q75Linear"), description.UpperQuartile, $"{name} upper quartile");
            if (golden.TryGetProperty("t95", out var t))
            {
                Matches(t.Numbers()[0], description.CiLow, $"{name} t low");
                Matches(t.Numbers()[1], description.CiHigh, $"{name} t high");
                var normal = ConfidenceIntervals.MeanNormal(x);
                Matches(golden.Numbers("normal95")[0], normal.CiLow, $"{name} normal low");
                Matches(golden.Numbers("normal95")[1], normal.CiHigh, $"{name} normal high");
            }
        }
    }

    [Fact]
    public void Bootstrap_intervals_as_scipy_within_its_own_error()
    {
        var checkedIntervals = 0;
        foreach (var golden in Block("intervals").GetProperty("samples").EnumerateArray().Where(one => one.TryGetProperty("bootstrap95", out _)))
        {
            foreach (var expected in golden.GetProperty("bootstrap95").EnumerateObject())
            {
                Func<double[], double> statistic = expected.Name.StartsWith("mean", StringComparison.Ordinal) ? values => values.Average() : Median;
                var kind = Enum.Parse<BootstrapInterval>(expected.Name.Split('-')[1], ignoreCase: true);
                var actual = Bootstrap.OneSample(golden.Numbers("x"), statistic, new() { Interval = kind, Resamples = 20_000 });
                var tolerance = expected.Value.Number("toleranceAbs");
                Assert.Equal(expected.Value.Numbers("interval")[0], actual.CiLow, tolerance);
                Assert.Equal(expected.Value.Numbers("interval")[1], actual.CiHigh, tolerance);
                checkedIntervals++;
            }
        }

        Assert.Equal(18, checkedIntervals);
    }

    [Fact]
    public void Intervals_of_proportions_as_statsmodels()
    {
        foreach (var golden in Block("intervals").GetProperty("proportions").EnumerateArray())
        {
            var (successes, trials) = ((int)golden.Number("successes"), (int)golden.Number("n"));
            foreach (var (name, actual) in new[]
            {
                ("wilson95", ConfidenceIntervals.Wilson(successes, trials)),
                ("clopperPearson95", ConfidenceIntervals.ClopperPearson(successes, trials)),
            })
            {
                Assert.Equal(golden.Numbers(name)[0], actual.CiLow, 1e-9);
                Assert.Equal(golden.Numbers(name)[1], actual.CiHigh, 1e-9);
            }
        }
    }

    [Fact]
    public void Several_groups_as_R()
    {
        var severalGroups = Block("severalGroups");
        foreach (var golden in severalGroups.GetProperty("kruskalWallis").EnumerateArray())
        {
            AreEqual(golden, "h", KruskalWallis.Test([.. golden.GetProperty("groups").EnumerateArray().Select(group => group.Numbers())]));
        }

        foreach (var golden in severalGroups.GetProperty("friedman").EnumerateArray())
        {
            double[][] rows = [.. golden.GetProperty("rowsAreCases").EnumerateArray().Select(row => row.Numbers())];
            AreEqual(golden, "chi2", Friedman.Test([.. Enumerable.Range(0, rows[0].Length).Select(k => rows.Select(row => row[k]).ToArray())]));
        }

        foreach (var golden in severalGroups.GetProperty("multiplicity").EnumerateArray())
        {
            foreach (var correction in new[] { Correction.Holm, Correction.BenjaminiHochberg, Correction.Bonferroni })
            {
                var key = JsonNamingPolicy.CamelCase.ConvertName($"{correction}");
                var adjusted = MultipleComparisons.Adjust(golden.Numbers("p"), correction);
                Assert.All(golden.Numbers(key).Zip(adjusted), pair => Matches(pair.First, pair.Second, $"{golden.Text("name")} {key}"));
            }
        }
    }

    private static WilcoxonOptions OptionsNamed(string name) => new()
    {
        Method = name.EndsWith("Exact", StringComparison.Ordinal) ? RankMethod.Exact : RankMethod.Normal,
        Zeros = name.Contains("pratt", StringComparison.Ordinal) ? ZeroHandling.Pratt
            : name.Contains("zsplit", StringComparison.Ordinal) ? ZeroHandling.Zsplit : ZeroHandling.Wilcox,
        Continuity = name.EndsWith("ontinuity", StringComparison.Ordinal),
    };

    /// <summary>scipy prints the smaller of W+ and W− where two-sided; they sum to the ranks of what is not dropped.</summary>
    private static double ScipyStatistic(TestResult result, double[] difference, string name)
    {
        double n = difference.Length;
        double zeros = name.Contains("zsplit", StringComparison.Ordinal) ? 0 : difference.Count(value => value == 0);
        var all = name.Contains("pratt", StringComparison.Ordinal)
            ? ((n * (n + 1)) - (zeros * (zeros + 1))) / 2
            : (n - zeros) * (n - zeros + 1) / 2;
        return result.Alternative == Alternative.TwoSided ? Math.Min(result.Statistic, all - result.Statistic) : result.Statistic;
    }

    private static void AreEqual(JsonElement golden, string statistic, TestResult result)
    {
        Matches(golden.Number(statistic), result.Statistic, golden.Text("name"));
        Matches(golden.Number("p"), result.P, golden.Text("name"));
        Matches(golden.GetProperty("r").Number("parameter"), result.DegreesOfFreedom, golden.Text("name"));
    }

    private static double Median(double[] values)
    {
        Array.Sort(values);
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }
}
