using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class ProbabilityMetricsTests
{
    /// <summary>Thresholds 0.9, 0.6, 0.3: recall 1/2, 1/2, 1 at precision 1, 1/2, 1/2 (0.3 is tied: one of each).</summary>
    [Fact]
    public void Hand_calculation_with_a_tie()
    {
        var metrics = ProbabilityMetrics.Compute([0.9f, 0.6f, 0.3f, 0.3f], [1, 0, 1, 0]);

        Assert.Equal((4L, 2L), (metrics.N, metrics.Positives));
        Assert.Equal((0.5 * 1) + (0.5 * 0.5), metrics.AveragePrecision, tolerance: 1e-12);
        Assert.Equal((2 + 0 + 0.5) / 4, metrics.RocAuc, tolerance: 1e-12);
        Assert.Equal((0.01 + 0.36 + 0.49 + 0.09) / 4, metrics.Brier, tolerance: 1e-7);
        Assert.Equal((0.1 + 0.6 + (2 * 0.2)) / 4, metrics.ExpectedCalibrationError, tolerance: 1e-7);
        Assert.Equal((0.1 + 0.6 + (2 * 0.2)) / 4, metrics.TopClassCalibrationError, tolerance: 1e-7);
        Assert.Null(metrics.Undefined);
    }

    [Fact]
    public void A_limit_belongs_to_the_bin_that_it_ends_and_nothing_is_lost()
    {
        var metrics = ProbabilityMetrics.Compute([0f, 0.1f, 0.3f, 0.7f, 0.70001f, 1f], [0, 0, 1, 1, 1, 1]);

        Assert.Equal([2, 0, 1, 0, 0, 0, 1, 1, 0, 1], metrics.Reliability.Select(bin => bin.N));
        Assert.Equal((0.05, 0.0), (metrics.Reliability[0].MeanProbability, metrics.Reliability[0].ObservedShare), Close);
        Assert.True(double.IsNaN(metrics.Reliability[1].MeanProbability));
        Assert.Equal((0.9, 1.0), (metrics.Reliability[9].Low, metrics.Reliability[9].High), Close);
    }

    [Theory]
    [InlineData(new float[0], new byte[0], "no voxels")]
    [InlineData(new[] { 0.2f, 0.4f }, new byte[] { 0, 0 }, "no foreground")]
    [InlineData(new[] { 0.2f, 0.4f }, new byte[] { 1, 1 }, "no background")]
    public void What_is_undefined_has_a_reason(float[] probabilities, byte[] truth, string reason)
    {
        var metrics = ProbabilityMetrics.Compute(probabilities, truth);

        Assert.Contains(reason, metrics.Undefined);
        Assert.True(double.IsNaN(metrics.RocAuc));
        Assert.Equal(truth.Contains((byte)1), double.IsFinite(metrics.AveragePrecision));
        Assert.Equal(truth.Length > 0, double.IsFinite(metrics.Brier));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(1.001f)]
    [InlineData(-0.001f)]
    public void What_is_no_probability_is_refused(float value) =>
        Assert.Contains("from 0 to 1", Assert.Throws<MetSegException>(() => ProbabilityMetrics.Compute([0.5f, value], [0, 1])).Message);

    [Fact]
    public void Negative_zero_is_zero() => Assert.Equal(0.5, ProbabilityMetrics.Compute([-0f, 0f], [0, 1]).RocAuc);

    [Fact]
    public void Only_voxels_within_the_mask_count()
    {
        var reference = Masks.Of((1, 1, 1), (2, 1, 1), (3, 1, 1));
        var probability = new Volume(Masks.Grid, [.. reference.Labels.Select(label => label == 1 ? 0.8f : 0.1f)]);
        var within = Masks.Of((1, 1, 1), (2, 1, 1), (8, 1, 1));

        var metrics = ProbabilityMetrics.Compute(probability, reference, within);

        Assert.Equal((3L, 2L), (metrics.N, metrics.Positives));
        Assert.Equal(((2 * 0.04) + 0.01) / 3, metrics.Brier, tolerance: 1e-6);
        var elsewhere = new LabelMap(Grid.Axial(Masks.Grid.Size, new Spacing(1, 1, 1)), [.. within.Labels]);
        Assert.Throws<GridMismatchException>(() => ProbabilityMetrics.Compute(probability, elsewhere));
    }

    [Fact]
    public void A_perfect_map_is_perfect_and_ranks_do_not_depend_on_monotone_changes()
    {
        var random = new Random(3);
        byte[] truth = [.. Enumerable.Range(0, 5000).Select(_ => (byte)(random.NextDouble() < 0.1 ? 1 : 0))];
        float[] noisy = [.. truth.Select(label => (float)((0.3 * label) + (0.7 * random.NextDouble())))];

        var perfect = ProbabilityMetrics.Compute([.. truth.Select(label => (float)label)], truth);
        var (raw, halved) = (ProbabilityMetrics.Compute(noisy, truth), ProbabilityMetrics.Compute([.. noisy.Select(value => value / 2)], truth));

        Assert.Equal((1, 1, 0, 0), (perfect.AveragePrecision, perfect.RocAuc, perfect.Brier, perfect.ExpectedCalibrationError));
        Assert.Equal(raw.AveragePrecision, halved.AveragePrecision, tolerance: 1e-9);
        Assert.Equal(raw.RocAuc, halved.RocAuc, tolerance: 1e-9);
        Assert.NotEqual(raw.Brier, halved.Brier, tolerance: 1e-3);
    }

    [Fact]
    public void A_sort_gives_what_counting_every_pair_gives()
    {
        var random = new Random(4);
        float[] probabilities = [.. Enumerable.Range(0, 300).Select(_ => random.Next(3) == 0 ? random.Next(5) / 4f : (float)Math.Pow(random.NextDouble(), 30))];
        byte[] truth = [.. probabilities.Select(p => (byte)(random.NextDouble() < 0.2 + (0.5 * p) ? 1 : 0))];
        var (wins, pairs) = (0.0, 0);
        for (var i = 0; i < truth.Length; i++)
        {
            for (var j = 0; j < truth.Length; j++)
            {
                if (truth[i] == 1 && truth[j] == 0)
                {
                    wins += probabilities[i] > probabilities[j] ? 1 : probabilities[i] == probabilities[j] ? 0.5 : 0;
                    pairs++;
                }
            }
        }

        Assert.Equal(wins / pairs, ProbabilityMetrics.Compute(probabilities, truth).RocAuc, tolerance: 1e-12);
    }

    /// <summary>scikit-learn 1.2.1 and MetricsReloaded 0.1.0, whose calibration error bins the positive class's probability.</summary>
    [Fact]
    public void Golden_values_are_met()
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")))!["probabilities"]!;
        float[] probabilities = [.. golden["p"]!.AsArray().Select(p => (float)(double)p!)];
        byte[] truth = [.. golden["y"]!.AsArray().Select(y => (byte)(int)y!)];

        var metrics = ProbabilityMetrics.Compute(probabilities, truth);

        Near(golden["averagePrecision"]!, metrics.AveragePrecision);
        Near(golden["rocAuc"]!, metrics.RocAuc);
        Near(golden["brier"]!, metrics.Brier);
        Near(golden["eceMetricsReloaded10TwoClasses"]!, metrics.ExpectedCalibrationError);
        var curve = golden["calibrationCurve10Uniform"]!;
        for (var bin = 0; bin < 10; bin++)
        {
            Near(curve["fractionPositive"]![bin]!, metrics.Reliability[bin].ObservedShare);
            Near(curve["meanPredicted"]![bin]!, metrics.Reliability[bin].MeanProbability);
        }

        Assert.Equal(0.100956, metrics.TopClassCalibrationError, tolerance: 1e-6);   // numpy, max(p, 1 − p) against its class being right
    }

    private static void Near(JsonNode expected, double actual) => Assert.Equal((double)expected, actual, tolerance: 1e-6 * Math.Abs((double)expected));

    private static bool Close((double A, double B) x, (double A, double B) y) => Math.Abs(x.A - y.A) < 1e-7 && Math.Abs(x.B - y.B) < 1e-7;
}
