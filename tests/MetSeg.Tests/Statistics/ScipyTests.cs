using System.Text.Json;
using MetSeg.Statistics;
using Xunit;
using static MetSeg.Tests.Statistics.GoldenStatistics;

namespace MetSeg.Tests.Statistics;

/// <summary>Random samples, with and without ties, zeros and equal cases, compared with the system's scipy in one run.</summary>
public sealed class ScipyTests
{
    private const string Script = """
        import itertools, json, sys, warnings
        import numpy as np
        from scipy import stats
        warnings.simplefilter("ignore")
        results = []
        for x, y in json.load(open(sys.argv[1])):
            x, y = np.array(x), np.array(y)
            n = min(len(x), len(y))
            d = x[:n] - y[:n]
            one = {}
            for side in ("two-sided", "less", "greater"):
                for continuity in (True, False):
                    u = stats.mannwhitneyu(x, y, use_continuity=continuity, alternative=side, method="asymptotic")
                    one[f"u {side} {continuity}"] = [float(u.statistic), float(u.pvalue)]
                    for zeros in ("wilcox", "pratt", "zsplit"):
                        w = stats.wilcoxon(d, zero_method=zeros, correction=continuity, alternative=side, mode="approx")
                        one[f"w {zeros} {side} {continuity}"] = float(w.pvalue)
                for name, t in (("paired", stats.ttest_rel(x[:n], y[:n], alternative=side)), ("unpaired", stats.ttest_ind(x, y, alternative=side)),
                                ("welch", stats.ttest_ind(x, y, equal_var=False, alternative=side))):
                    one[f"t {name} {side}"] = [float(t.statistic), float(t.pvalue)]
            if len(x) + len(y) <= 14:
                ranks = stats.rankdata(np.concatenate([x, y]))
                sums = np.array([sum(c) for c in itertools.combinations(ranks, len(x))])
                own = ranks[:len(x)].sum()
                one["permuted u"] = [float((sums <= own + 1e-9).mean()), float((sums >= own - 1e-9).mean())]
                kept = d[d != 0]
                r = stats.rankdata(abs(kept))
                sums = np.array([np.dot(s, r) for s in itertools.product((0, 1), repeat=len(kept))])
                own = r[kept > 0].sum()
                one["permuted w"] = [float((sums <= own + 1e-9).mean()), float((sums >= own - 1e-9).mean())]
            h = stats.kruskal(x, y, x[:n] + y[:n])
            one["kruskal"] = [float(h.statistic), float(h.pvalue)]
            f = stats.friedmanchisquare(x[:n], y[:n], np.round(x[:n] * y[:n], 1))
            one["friedman"] = [float(f.statistic), float(f.pvalue)]
            one["quantiles"] = [float(v) for v in np.percentile(x, [25, 50, 75])]
            one["shapiro"] = float(stats.shapiro(x).statistic)
            results.append(one)
        print(json.dumps(results))
        """;

    private static readonly (string Name, Alternative Value)[] sides =
        [("two-sided", Alternative.TwoSided), ("less", Alternative.Less), ("greater", Alternative.Greater)];

    [Fact]
    public void Random_samples_give_what_scipy_gives()
    {
        using var folder = new TemporaryFolder();
        var samples = RandomSamples().ToList();
        File.WriteAllText(folder.PathOf("samples.json"), JsonSerializer.Serialize(samples));
        var peer = JsonDocument.Parse(PythonPeer.Run("numpy, scipy.stats", Script, folder.PathOf("samples.json"))).RootElement;

        for (var i = 0; i < samples.Count; i++)
        {
            var (x, y) = (samples[i][0], samples[i][1]);
            RankTestsAgree(peer[i], x, y);
            TTestsAgree(peer[i], x, y);
            PermutationsAgree(peer[i], x, y);
            SeveralSamplesAgree(peer[i], x, y);
        }
    }

    private static void RankTestsAgree(JsonElement peer, double[] x, double[] y)
    {
        var n = Math.Min(x.Length, y.Length);
        foreach (var ((side, alternative), continuity) in sides.SelectMany(side => new[] { true, false }.Select(on => (side, on))))
        {
            var (word, method) = (continuity ? "True" : "False", RankMethod.Normal);
            var u = MannWhitney.Test(x, y, new() { Alternative = alternative, Method = method, Continuity = continuity });
            Matches(peer.Numbers($"u {side} {word}")[0], u.Statistic, $"U {side}");
            Matches(peer.Numbers($"u {side} {word}")[1], u.P, $"U p {side} {word}");
            foreach (var zeros in Enum.GetValues<ZeroHandling>())
            {
                var w = WilcoxonSignedRank.Test(x[..n], y[..n], new() { Alternative = alternative, Method = method, Continuity = continuity, Zeros = zeros });
                var what = $"w {zeros.ToString().ToLowerInvariant()} {side} {word}";
                Matches(peer.Number(what), w.P, what);
            }
        }
    }

    private static void TTestsAgree(JsonElement peer, double[] x, double[] y)
    {
        var n = Math.Min(x.Length, y.Length);
        foreach (var (side, alternative) in sides)
        {
            foreach (var (name, result) in new[]
            {
                ("paired", TTests.Paired(x[..n], y[..n], alternative)),
                ("unpaired", TTests.Unpaired(x, y, alternative)),
                ("welch", TTests.Welch(x, y, alternative)),
            })
            {
                Matches(peer.Numbers($"t {name} {side}")[0], result.Statistic, $"t {name}");
                Matches(peer.Numbers($"t {name} {side}")[1], result.P, $"t {name} {side} p");
            }
        }
    }

    /// <summary>The exact tests count what enumerating all assignments of the midranks counts, ties or not.</summary>
    private static void PermutationsAgree(JsonElement peer, double[] x, double[] y)
    {
        if (!peer.TryGetProperty("permuted u", out var u))
        {
            return;
        }

        var n = Math.Min(x.Length, y.Length);
        foreach (var (alternative, tail) in new[] { (Alternative.Less, 0), (Alternative.Greater, 1) })
        {
            Matches(u.Numbers()[tail], MannWhitney.Test(x, y, new() { Alternative = alternative, Method = RankMethod.Exact }).P, "permuted U");
            var w = WilcoxonSignedRank.Test(x[..n], y[..n], new() { Alternative = alternative, Method = RankMethod.Exact });
            Matches(peer.Numbers("permuted w")[tail], w.P, "permuted W");
        }
    }

    private static void SeveralSamplesAgree(JsonElement peer, double[] x, double[] y)
    {
        var n = Math.Min(x.Length, y.Length);
        double[] sums = [.. x[..n].Zip(y, (a, b) => a + b)];
        double[] products = [.. x[..n].Zip(y, (a, b) => Math.Round(a * b, 1))];
        foreach (var (name, result) in new[] { ("kruskal", KruskalWallis.Test([x, y, sums])), ("friedman", Friedman.Test([x[..n], y[..n], products])) })
        {
            Matches(peer.Numbers(name)[0], result.Statistic, name);
            Matches(peer.Numbers(name)[1], result.P, $"{name} p");
        }

        var description = Description.Of(x, new() { Resamples = 100 });
        double[] quantiles = [description.LowerQuartile, description.Median, description.UpperQuartile];
        Assert.All(peer.Numbers("quantiles").Zip(quantiles), pair => Matches(pair.First, pair.Second, "quantile"));
        Assert.Equal(peer.Number("shapiro"), description.ShapiroWilk.W, 1e-4);
    }

    /// <summary>Pairs of samples of 4 to 40 values; every other rounded, so that ties and zeros occur. Rounding is exact in binary.</summary>
    private static IEnumerable<double[][]> RandomSamples()
    {
        for (var i = 0; i < 24; i++)
        {
            var random = Seeds.Generator(5, "scipy", i);
            var (m, n) = (random.Next(4, i < 12 ? 8 : 41), random.Next(4, i < 12 ? 8 : 41));
            yield return [Draw(m, 0), Draw(n, 0.4)];

            double[] Draw(int count, double shift) => [.. Enumerable.Range(0, count).Select(_ =>
            {
                var value = shift + random.NextDouble() + random.NextDouble() + random.NextDouble();
                return i % 2 == 0 ? value : Math.Round(value * 4) / 4;
            })];
        }
    }
}
