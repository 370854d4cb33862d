using System.Globalization;
using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Files;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public class StructuralSimilarityTests
{
    private static readonly Grid grid = Grid.Axial(new Size(3, 3, 3), new Spacing(1, 1, 1));
    private static readonly StructuralSimilarityOptions smallest = new() { Window = SimilarityWindow.Uniform, Taps = 3 };

    [Fact]
    public void Defaults_are_those_of_wang()
    {
        var options = new StructuralSimilarityOptions();

        Assert.Equal((SimilarityWindow.Gaussian, 11, 1.5, false), (options.Window, options.Taps, options.Sigma, options.SampleCovariance));
        Assert.Equal(SimilarityBorder.Valid, options.Border);
        Assert.Null(options.DataRange);
        Assert.Empty(options.Problems());
    }

    /// <summary>One window of 27 voxels: a is 1 at one and 0 elsewhere, b is ½ there.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Hand_calculation(bool isSample)
    {
        var (a, b) = (Spot(1), Spot(0.5f));
        var scale = isSample ? 27 / 26.0 : 1;
        var (meanA, meanB) = (1 / 27.0, 0.5 / 27);
        var (varianceA, varianceB, covariance) = (scale * (meanA - (meanA * meanA)), scale * ((0.25 / 27) - (meanB * meanB)), scale * ((0.5 / 27) - (meanA * meanB)));

        var expected = ((2 * meanA * meanB) + 1e-4) * ((2 * covariance) + 9e-4)
            / (((meanA * meanA) + (meanB * meanB) + 1e-4) * (varianceA + varianceB + 9e-4));

        Assert.Equal(expected, StructuralSimilarity.Compute(a, b, smallest with { SampleCovariance = isSample }), tolerance: 1e-12);
    }

    /// <summary>Around a corner 8 of 27 voxels lie within, around an edge's middle 12, a face's 18, the center 27.</summary>
    [Fact]
    public void Zeros_around_the_image_count_as_image()
    {
        var (a, b) = (Constant(1), Constant(2));
        double Similarity(double share) => ((2 * share * 2 * share) + 1e-4) * ((2 * 2 * (share - (share * share))) + 9e-4)
            / (((share * share) + (4 * share * share) + 1e-4) * ((share - (share * share)) + (4 * (share - (share * share))) + 9e-4));
        var expected = ((8 * Similarity(8 / 27.0)) + (12 * Similarity(12 / 27.0)) + (6 * Similarity(18 / 27.0)) + Similarity(1)) / 27;

        Assert.Equal(expected, StructuralSimilarity.Compute(a, b, smallest with { Border = SimilarityBorder.Zeros, DataRange = 1 }), tolerance: 1e-12);
    }

    [Fact]
    public void Equal_images_reach_1_and_only_they()
    {
        var random = new Random(1);
        var noise = new Volume(Grid.Axial(new Size(14, 12, 13), new Spacing(1, 1, 2)), [.. Enumerable.Range(0, 14 * 12 * 13).Select(_ => (float)random.NextDouble())]);

        Assert.Equal(1, StructuralSimilarity.Compute(noise, noise), tolerance: 1e-12);
        Assert.Equal(1, StructuralSimilarity.Compute(noise, noise, new StructuralSimilarityOptions { Border = SimilarityBorder.Zeros }), tolerance: 1e-12);
        Assert.InRange(StructuralSimilarity.Compute(noise, noise.Map(value => 1 - value)), -1, 0.01);
    }

    [Fact]
    public void Scaling_both_images_changes_nothing_where_the_range_follows()
    {
        var (a, b) = Golden();

        Assert.Equal(StructuralSimilarity.Compute(a, b), StructuralSimilarity.Compute(a.Map(value => 8 * value), b.Map(value => 8 * value)), tolerance: 1e-9);
        Assert.Equal(StructuralSimilarity.Compute(a, b), StructuralSimilarity.Compute(b, a, new StructuralSimilarityOptions { DataRange = 1 }), tolerance: 1e-9);
    }

    [Fact]
    public void Where_no_window_fits_or_nothing_varies_it_is_undefined()
    {
        Assert.True(double.IsNaN(StructuralSimilarity.Compute(Spot(1), Spot(1))));
        Assert.True(double.IsNaN(StructuralSimilarity.Compute(Constant(1), Spot(1), smallest)));
        Assert.Equal(1, StructuralSimilarity.Compute(Constant(1), Constant(1), smallest with { DataRange = 1 }), tolerance: 1e-12);
        Assert.Equal(1, StructuralSimilarity.Compute(Spot(1), Spot(1), new StructuralSimilarityOptions { Border = SimilarityBorder.Zeros }), tolerance: 1e-12);
    }

    [Fact]
    public void Images_of_other_sizes_and_senseless_options_are_refused()
    {
        var other = new Volume(Grid.Axial(new Size(3, 3, 4), new Spacing(1, 1, 1)), new float[36]);
        Assert.Throws<ArgumentException>(() => StructuralSimilarity.Compute(Spot(1), other));

        var message = Assert.Throws<OptionsException>(() => StructuralSimilarity.Compute(
            Spot(1), Spot(1), new StructuralSimilarityOptions { Taps = 4, Sigma = 0, SampleCovariance = true, DataRange = -1 })).Message;
        Assert.All(["taps", "sigma", "sampleCovariance", "dataRange"], name => Assert.Contains(name, message));
    }

    /// <summary>scikit-image 0.19.3, paper P1's released function, MONAI 1.5.0.</summary>
    [Theory]
    [InlineData("unitRange")]
    [InlineData("minusOneToOne")]
    public void Golden_values_are_met(string range)
    {
        var golden = JsonNode.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")))!["images"]![range]!;
        var width = (double)golden["dataRange"]!;
        var (a, b) = Golden();
        var (first, second) = width == 1 ? (a, b) : (a.Map(ToSigned), b.Map(ToSigned));
        var gaussian = new StructuralSimilarityOptions { DataRange = width };
        var uniform = gaussian with { Window = SimilarityWindow.Uniform };

        Near("psnr", PeakSignalToNoise.Compute(first, second));
        Near("ssimUniform7SampleCovariance", Similarity(uniform with { Taps = 7, SampleCovariance = true }));
        Near("ssimUniform7PopulationCovariance", Similarity(uniform with { Taps = 7 }));
        Near("ssimUniform11PopulationCovariance", Similarity(uniform));
        Near("ssimGaussian1.5PopulationCovariance", Similarity(gaussian));
        Near("ssimMonaiGaussian11Valid", Similarity(gaussian));
        Near("ssimSeedCode000Window11", Similarity(uniform with { Border = SimilarityBorder.Zeros, DataRange = 1 }));

        double Similarity(StructuralSimilarityOptions options) => StructuralSimilarity.Compute(first, second, options);
        void Near(string key, double actual) => Assert.True(Math.Abs((double)golden[key]! - actual) <= 1e-6 * (double)golden[key]!, $"{key}: {golden[key]} but {actual:R}");
    }

    private static float ToSigned(float value) => (float)((2 * (double)value) - 1);

    private static Volume Spot(float value) => new(grid, [.. Enumerable.Range(0, 27).Select(i => i == 5 ? value : 0)]);

    private static Volume Constant(float value) => new(grid, [.. Enumerable.Repeat(value, 27)]);

    private static (Volume A, Volume B) Golden()
    {
        var size = new Size(20, 18, 16);
        var (a, b) = (new float[size.Count], new float[size.Count]);
        foreach (var row in CsvFile.Read(SharedData.PathOf("golden/statistics/images.csv")))
        {
            var place = size.Index(int.Parse(row["i"]), int.Parse(row["j"]), int.Parse(row["k"]));
            (a[place], b[place]) = (float.Parse(row["a"], CultureInfo.InvariantCulture), float.Parse(row["b"], CultureInfo.InvariantCulture));
        }

        var grid = Grid.Axial(size, new Spacing(1, 1, 1));
        return (new Volume(grid, a), new Volume(grid, b));
    }
}
