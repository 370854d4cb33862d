using System.Globalization;
using System.Text.Json;
using MetSeg.Learning.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

public class StructuralSimilarityTests
{
    [Theory]
    [InlineData(SimilarityWindow.Uniform)]
    [InlineData(SimilarityWindow.ZeroPadded)]
    [InlineData(SimilarityWindow.Gaussian)]
    public void Equal_images_score_one(SimilarityWindow form)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var image = rand([1, 1, 12, 12, 12], generator: generator);

        Assert.Equal(1, StructuralSimilarity.Compute(image, image, new SimilarityOptions { Form = form }).item<float>(), tolerance: 1e-5);
    }

    [Fact]
    public void At_the_border_the_window_holds_the_voxels_that_there_are()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var (first, second) = (rand([1, 1, 4, 5, 6], generator: generator), rand([1, 1, 4, 5, 6], generator: generator));
        double InWindow(int z, int y, int x)
        {
            TensorIndex Around(int at) => TensorIndex.Slice(Math.Max(0, at - 1), at + 2);
            Tensor Window(Tensor image) => image[0, 0, Around(z), Around(y), Around(x)];
            var (a, b) = (Window(first), Window(second));
            var (meanA, meanB) = (a.mean().item<float>(), b.mean().item<float>());
            var (varianceA, varianceB) = ((a - meanA).square().mean().item<float>(), (b - meanB).square().mean().item<float>());
            var covariance = ((a - meanA) * (b - meanB)).mean().item<float>();
            return ((2 * meanA * meanB) + 1e-4) * ((2 * covariance) + 9e-4)
                / (((meanA * meanA) + (meanB * meanB) + 1e-4) * (varianceA + varianceB + 9e-4));
        }

        var map = StructuralSimilarity.Map(first, second, new SimilarityOptions { DataRange = 1, Window = 3 });

        foreach (var (z, y, x) in new[] { (0, 0, 0), (3, 4, 5), (0, 2, 5), (1, 2, 3) })
        {
            Assert.Equal(InWindow(z, y, x), map[0, 0, z, y, x].item<float>(), tolerance: 1e-4);
        }
    }

    [Theory]
    [InlineData(SimilarityWindow.Uniform, "ssimUniform11PopulationCovariance")]
    [InlineData(SimilarityWindow.Gaussian, "ssimGaussian1.5PopulationCovariance")]
    public void Agrees_with_scikit_image_away_from_the_border(SimilarityWindow form, string golden)
    {
        using var scope = NewDisposeScope();
        var map = StructuralSimilarity.Map((2 * Image(3)) - 1, (2 * Image(4)) - 1, new SimilarityOptions { Form = form });
        var interior = map.narrow(2, 5, 10).narrow(3, 5, 8).narrow(4, 5, 6).mean().item<float>();

        Assert.Equal(Golden("minusOneToOne", golden), interior, tolerance: 1e-4);
    }

    [Theory]
    [InlineData("unitRange", 1, 0)]
    [InlineData("minusOneToOne", 2, -1)]
    public void With_zeros_counted_and_a_range_of_one_it_is_the_released_code_of_the_paper(string images, double scale, double shift)
    {
        using var scope = NewDisposeScope();
        var options = new SimilarityOptions { DataRange = 1, Form = SimilarityWindow.ZeroPadded };
        var value = StructuralSimilarity.Compute((scale * Image(3)) + shift, (scale * Image(4)) + shift, options).item<float>();

        Assert.Equal(Golden(images, "ssimSeedCode000Window11"), value, tolerance: 1e-4);
    }

    [Fact]
    public void An_even_window_is_refused() => Assert.Contains("odd", Assert.Single(new SimilarityOptions { Window = 10 }.Problems()));

    private static Tensor Image(int column)
    {
        var rows = File.ReadLines(SharedData.PathOf("golden/statistics/images.csv")).Skip(1).Select(line => line.Split(','));
        return tensor([.. rows.Select(row => float.Parse(row[column], CultureInfo.InvariantCulture))], [1, 1, 20, 18, 16]);
    }

    private static double Golden(string images, string name)
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")));
        return golden.RootElement.GetProperty("images").GetProperty(images).GetProperty(name).GetDouble();
    }
}
