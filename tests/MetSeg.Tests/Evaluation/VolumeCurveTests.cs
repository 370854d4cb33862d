using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class VolumeCurveTests
{
    private static readonly VolumeCurveOptions wide = new() { BandwidthDecades = 1, Points = 3, LeastEffective = 1, Resamples = 200 };

    [Fact]
    public void Options_have_the_documented_defaults()
    {
        var defaults = new VolumeCurveOptions();

        Assert.Equal((0.25, 61, 3.0, 0.95, 1000, 1L), (
            defaults.BandwidthDecades, defaults.Points, defaults.LeastEffective, defaults.Confidence, defaults.Resamples, defaults.Seed));
        Assert.Empty(defaults.Problems());
        var bad = new VolumeCurveOptions { BandwidthDecades = 0, Points = 1, LeastEffective = 0, Confidence = 1, Resamples = 0 };
        Assert.Equal(5, bad.Problems().Count());
        Assert.Throws<OptionsException>(() => VolumeCurve.Of([], [], bad));
    }

    [Fact]
    public void Two_lesions_a_decade_apart_are_weighted_by_the_kernel()
    {
        var curve = VolumeCurve.Of([new("p", 0.1, 0), new("q", 1, 1)], ["p", "q"], wide);

        var near = Math.Exp(-0.5);      // one decade away with a kernel of one decade
        Assert.Equal((2, 2), (curve.N, curve.Patients));
        Assert.Equal([0.1, Math.Sqrt(0.1), 1], curve.Points.Select(point => point.VolumeCm3), Close);
        Assert.Equal([near / (1 + near), 0.5, 1 / (1 + near)], curve.Points.Select(point => point.Value), Close);
        Assert.Equal([1 + near, 2 * Math.Exp(-0.125), 1 + near], curve.Points.Select(point => point.Effective), Close);
    }

    [Fact]
    public void Where_fewer_lesions_are_in_reach_than_asked_for_there_is_a_gap()
    {
        VolumeValue[] values = [new("p", 0.1, 1), new("q", 0.1, 0), new("p", 0.1, 1), new("q", 10, 0), new("q", 10, 0), new("p", 10, 0)];

        var curve = VolumeCurve.Of(values, ["p", "q"], new VolumeCurveOptions { BandwidthDecades = 0.2, Points = 3, Resamples = 10 });

        Assert.Equal([2.0 / 3, double.NaN, 0], curve.Points.Select(point => point.Value), Close);
        Assert.True(double.IsNaN(curve.Points[1].Low));
        Assert.True(double.IsFinite(curve.Points[0].Low));
    }

    [Fact]
    public void The_band_draws_patients_and_not_lesions()
    {
        // A patient whose 50 lesions were found and one whose were not: each resample has 0, 50 or 100 found of 100.
        var values = Enumerable.Range(0, 50).SelectMany(_ => new VolumeValue[] { new("p", 1, 1), new("q", 1, 0) }).ToList();

        var curve = VolumeCurve.Of(values, ["p", "q"]);

        var point = Assert.Single(curve.Points);
        Assert.Equal((0.5, 0, 1), (point.Value, point.Low, point.High));
    }

    [Fact]
    public void Patients_without_lesions_are_drawn_too()
    {
        // Of three patients one has no lesion; a resample of it alone says nothing and is left out.
        VolumeValue[] values = [new("p", 1, 1), new("q", 1, 1), new("q", 1, 0)];

        var curve = VolumeCurve.Of(values, ["none", "p", "q"], wide);

        Assert.Equal((0.5, 1), (curve.Points[0].Low, curve.Points[0].High));
    }

    [Fact]
    public void The_same_seed_gives_the_same_band_and_another_seed_another()
    {
        var random = new Random(5);
        var values = Enumerable.Range(0, 60).Select(i => new VolumeValue($"p{i / 4}", Math.Pow(10, (3 * random.NextDouble()) - 2), random.NextDouble())).ToList();
        string[] patients = [.. values.Select(value => value.Patient).Distinct()];

        var first = VolumeCurve.Of(values, patients, wide);
        Assert.Equal(first.Points, VolumeCurve.Of(values, patients, wide).Points);
        Assert.NotEqual(first.Points, VolumeCurve.Of(values, patients, wide with { Seed = 2 }).Points);
        Assert.All(first.Points, point => Assert.InRange(point.Value, point.Low, point.High));
    }

    [Fact]
    public void One_patient_has_no_band_and_no_value_no_curve()
    {
        var one = VolumeCurve.Of([new("p", 0.1, 0), new("p", 1, 1)], ["p", "q"], wide);
        Assert.All(one.Points, point => Assert.True(double.IsNaN(point.Low) && double.IsFinite(point.Value)));

        Assert.Empty(VolumeCurve.Of([new("p", 0.1, double.NaN)], ["p"]).Points);
    }

    [Fact]
    public void Volumes_must_be_positive_and_patients_known()
    {
        Assert.Throws<ArgumentException>(() => VolumeCurve.Of([new("p", 0, 1)], ["p"]));
        Assert.Throws<ArgumentException>(() => VolumeCurve.Of([new("p", 1, 1)], ["q"]));
    }

    [Fact]
    public void False_positives_stand_at_their_predicted_volume()
    {
        ListedLesion[] lesions = [Found("a", 1, predicted: 0.1), FalsePositive("a", 0.1)];
        var patients = new Dictionary<string, string> { ["a"] = "p", ["b"] = "q" };

        var known = VolumeCurves.Of(lesions, patients, wide);
        var unknown = VolumeCurves.Of([lesions[0] with { PredictedVolumeCm3 = double.NaN }, lesions[1]], patients, wide);

        Assert.True(known.PrecisionIsByPredictedVolume);
        Assert.Equal(0.5, Assert.Single(known.Precision.Points).Value);
        Assert.False(unknown.PrecisionIsByPredictedVolume);
        Assert.Equal(0.1, unknown.Precision.Points[0].VolumeCm3, 1e-9);
        Assert.True(unknown.Precision.Points[0].Value < 0.5);
        Assert.Equal((1, 1, 1, 2), (known.Sensitivity.N, known.Dice.N, known.Hd95.N, known.Precision.N));
        Assert.Throws<ArgumentException>(() => VolumeCurves.Of(lesions, new Dictionary<string, string>()));
    }

    [Fact]
    public void Bins_count_lesions_and_patients_and_an_edge_belongs_to_the_smaller()
    {
        ListedLesion[] lesions =
        [
            Found("a", 0.1) with { Dice = 0.5, Hd95 = 2 }, Missed("a", 0.05), Missed("b", 0.1), Found("b", 0.2), FalsePositive("b", 0.3), FalsePositive("c", 3),
        ];
        var patients = new Dictionary<string, string> { ["a"] = "p", ["b"] = "q", ["c"] = "r" };

        var bins = VolumeBin.Of(lesions, patients, seed: 3);

        Assert.Equal(["≤ 0.1", "0.1–0.4", "> 0.4"], bins.Select(bin => bin.Name));
        Assert.Equal([(3, 1, 0, 2), (1, 1, 1, 1), (0, 0, 1, 0)], bins.Select(bin => (bin.Lesions, bin.Found, bin.FalsePositives, bin.Patients)));
        Assert.Equal((1.0 / 3, 0.5, 2), (bins[0].Sensitivity, bins[0].MeanDice, bins[0].MedianHd95));
        Assert.Equal((0, 0.5), bins[0].SensitivityInterval);        // q alone: 0 of 1; p alone: 1 of 2
        Assert.True(double.IsNaN(bins[0].DiceInterval.Low));        // one patient has found lesions
        Assert.True(double.IsNaN(bins[2].Sensitivity) && double.IsNaN(bins[2].MedianHd95));
        Assert.Equal(bins, VolumeBin.Of(lesions, patients, seed: 3));
        Assert.Equal("all", Assert.Single(VolumeBin.Of(lesions, patients, [])).Name);
        Assert.Throws<OptionsException>(() => VolumeBin.Of(lesions, patients, [0.4, 0.1]));
    }

    private static ListedLesion Found(string id, double volume, double predicted = double.NaN) => Missed(id, volume) with
    {
        Detected = true, PredictedVolumeCm3 = predicted, Dice = 0.7, Hd95 = 1,
    };

    private static ListedLesion Missed(string id, double volume) => new()
    {
        Case = id, Group = "g", Region = "lesion", Kind = LesionKind.Reference, VolumeCm3 = volume,
    };

    private static ListedLesion FalsePositive(string id, double volume) => Missed(id, volume) with { Kind = LesionKind.FalsePositive };

    private static bool Close(double expected, double actual) =>
        (double.IsNaN(expected) && double.IsNaN(actual)) || Math.Abs(expected - actual) < 1e-12;
}
