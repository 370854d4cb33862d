using System.Globalization;
using System.Text.Json;
using MetSeg.Learning.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

public class DiceCrossEntropyTests
{
    [Fact]
    public void Two_voxels_by_hand()
    {
        using var scope = NewDisposeScope();

        // Foreground probabilities 3/4 and 1/4, reference 1 and 0: CE = −ln 0.75; I = 0.75, P = G = 1, soft Dice 0.75.
        var logits = tensor(new[] { 0f, MathF.Log(3), MathF.Log(3), 0f }, [1, 2, 1, 1, 2]);
        var target = tensor(new long[] { 1, 0 }, [1, 1, 1, 1, 2]);

        var value = DiceCrossEntropy.Compute(logits, target).item<float>();

        Assert.Equal(-Math.Log(0.75) - 0.75, value, tolerance: 1e-4);
    }

    [Fact]
    public void An_empty_reference_and_no_prediction_cost_nothing()
    {
        using var scope = NewDisposeScope();
        var logits = cat([full([1, 1, 2, 2, 2], 60f), full([1, 1, 2, 2, 2], -60f)], 1);

        var value = DiceCrossEntropy.Compute(logits, zeros([1, 1, 2, 2, 2], ScalarType.Int64)).item<float>();

        Assert.Equal(-1, value, tolerance: 1e-4);
    }

    [Fact]
    public void Batch_dice_pools_the_samples()
    {
        using var scope = NewDisposeScope();

        // Sample 0 is right (Dice 1), sample 1 finds nothing of one voxel (Dice 0): mean 0.5, pooled 2·1 / (2 + 1) = 2/3.
        var logits = tensor(new[] { -60f, 60f, 60f, -60f }, [2, 2, 1, 1, 1]);
        var target = ones([2, 1, 1, 1, 1], ScalarType.Int64);

        var difference = DiceCrossEntropy.Compute(logits, target, batchDice: false).item<float>()
            - DiceCrossEntropy.Compute(logits, target, batchDice: true).item<float>();

        Assert.Equal((2.0 / 3) - 0.5, difference, tolerance: 1e-4);
    }
}

public class DeepSupervisionTests
{
    [Fact]
    public void Five_levels_weigh_as_nnUNet_does()
    {
        double[] expected = [0.5333, 0.2667, 0.1333, 0.0667, 0];

        Assert.All(DeepSupervision.Weights(5).Zip(expected), pair => Assert.Equal(pair.Second, pair.First, tolerance: 1e-4));
        Assert.Equal([1.0], DeepSupervision.Weights(1));
    }

    [Fact]
    public void The_target_is_reduced_to_each_level()
    {
        using var scope = NewDisposeScope();
        var target = arange(0, 8, ScalarType.Int64).reshape(1, 1, 1, 1, 8);
        var seen = new List<long[]>();

        DeepSupervision.Compute([zeros([1, 1, 1, 1, 8]), zeros([1, 1, 1, 1, 4]), zeros([1, 1, 1, 1, 2])], target, (_, label) =>
        {
            seen.Add(label.data<long>().ToArray());
            return zeros(1);
        });

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], seen[0]);
        Assert.Equal([1, 3, 5, 7], seen[1]);
        Assert.Equal(2, seen.Count);
    }
}

public class StructuralSimilarityTests
{
    [Fact]
    public void Equal_images_score_one()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var image = rand([1, 1, 12, 12, 12], generator: generator);

        Assert.Equal(1, StructuralSimilarity.Compute(image, image).item<float>(), tolerance: 1e-5);
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

        var map = StructuralSimilarity.Map(first, second, dataRange: 1, window: 3);

        foreach (var (z, y, x) in new[] { (0, 0, 0), (3, 4, 5), (0, 2, 5), (1, 2, 3) })
        {
            Assert.Equal(InWindow(z, y, x), map[0, 0, z, y, x].item<float>(), tolerance: 1e-4);
        }
    }

    [Fact]
    public void Agrees_with_scikit_image_away_from_the_border()
    {
        using var scope = NewDisposeScope();
        var rows = File.ReadLines(SharedData.PathOf("golden/statistics/images.csv")).Skip(1).Select(line => line.Split(',')).ToList();
        Tensor Image(int column) => tensor([.. rows.Select(row => (2 * float.Parse(row[column], CultureInfo.InvariantCulture)) - 1)], [1, 1, 20, 18, 16]);

        var map = StructuralSimilarity.Map(Image(3), Image(4), dataRange: 2, window: 11);
        var interior = map.narrow(2, 5, 10).narrow(3, 5, 8).narrow(4, 5, 6).mean().item<float>();

        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")));
        var expected = golden.RootElement.GetProperty("images").GetProperty("minusOneToOne").GetProperty("ssimUniform11PopulationCovariance").GetDouble();
        Assert.Equal(expected, interior, tolerance: 1e-4);
    }
}

public class MaximumMeanDiscrepancyTests
{
    [Fact]
    public void Agrees_with_the_golden_values_of_every_pair_of_domains()
    {
        using var scope = NewDisposeScope();
        var rows = File.ReadLines(SharedData.PathOf("golden/statistics/latent.csv")).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        using var golden = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")));
        foreach (var pair in golden.RootElement.GetProperty("domainGap").GetProperty("mmd2").GetProperty("pairs").EnumerateArray())
        {
            var numbers = pair.GetProperty("domains").EnumerateArray().Select(number => number.GetInt32()).ToList();
            var chosen = rows.Where(row => numbers.Contains((int)row[0])).ToList();
            var codes = tensor([.. chosen.SelectMany(row => row.Skip(1))], [chosen.Count, 16], ScalarType.Float64);

            var value = MaximumMeanDiscrepancy.Compute(codes, [.. chosen.Select(row => (int)row[0])], KernelWidth.Fixed).item<double>();

            Assert.Equal(pair.GetProperty("biasedMean").GetDouble(), value, tolerance: 1e-9);
        }
    }

    [Fact]
    public void The_papers_kernel_is_dead_in_512_dimensions_and_the_median_one_is_not()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var codes = randn([8, 512], generator: generator);

        Assert.True(MaximumMeanDiscrepancy.MeanOffDiagonal(codes, KernelWidth.Fixed) < 1e-20);
        Assert.InRange(MaximumMeanDiscrepancy.MeanOffDiagonal(codes, KernelWidth.Median), 0.1, 0.9);
    }

    [Fact]
    public void One_domain_alone_costs_nothing()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, MaximumMeanDiscrepancy.Compute(ones(3, 4), [2, 2, 2], KernelWidth.Median).item<float>());
    }
}

public class ReconstructionTests
{
    [Fact]
    public void A_constant_error_by_hand()
    {
        using var scope = NewDisposeScope();

        // Zero image against 0.1: 300·0.01 + 150·0.1 + 50·(1 − C1 / (0.01 + C1)) with C1 = 0.0004.
        var value = Reconstruction.Compute(zeros([1, 1, 12, 12, 12]), full([1, 1, 12, 12, 12], 0.1f)).item<float>();

        Assert.Equal(3 + 15 + (50 * (1 - (0.0004 / 0.0104))), value, tolerance: 1e-3);
    }

    [Fact]
    public void The_prior_itself_diverges_by_nothing_and_a_shift_by_half_its_square()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, Reconstruction.LatentDivergence(zeros(2, 3), zeros(2, 3)).item<float>());
        Assert.Equal(3 * 0.5 * 4, Reconstruction.LatentDivergence(full(2, 3, 2f), zeros(2, 3)).item<float>(), tolerance: 1e-5);
    }
}
