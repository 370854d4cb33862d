using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

/// <summary>Holds every loss's gradient against central differences, in double precision.</summary>
public class GradientTests
{
    private const double Step = 1e-5;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Dice_and_cross_entropy(bool batchDice)
    {
        using var scope = NewDisposeScope();
        var target = tensor(new long[] { 0, 1, 2, 1, 0, 0, 2, 2, 1, 0, 0, 1 }, [2, 1, 1, 2, 3]);

        Check(Random(2, 3, 1, 2, 3), logits => DiceCrossEntropy.Compute(logits, target, batchDice));
    }

    [Fact]
    public void Deep_supervision()
    {
        using var scope = NewDisposeScope();
        var target = (arange(0, 64, ScalarType.Int64) % 3).reshape(1, 1, 4, 4, 4);

        Check(Random(1, 3, 4, 4, 4), logits => DeepSupervision.Compute(
            [logits, nn.functional.avg_pool3d(logits, [2, 2, 2]), nn.functional.avg_pool3d(logits, [4, 4, 4])],
            target,
            (level, label) => DiceCrossEntropy.Compute(level, label)));
    }

    [Fact]
    public void Reconstruction_with_structural_similarity()
    {
        using var scope = NewDisposeScope();
        var image = Random(1, 1, 3, 4, 5).tanh();

        Check((image * 0.5) + 0.1, reconstruction => Reconstruction.Compute(image, reconstruction));
    }

    [Fact]
    public void Latent_divergence()
    {
        using var scope = NewDisposeScope();

        Check(Random(3, 4), codes => Reconstruction.LatentDivergence(codes, codes * 0.3));
    }

    [Fact]
    public void Discrepancy_of_the_fixed_kernel()
    {
        using var scope = NewDisposeScope();

        Check(Random(6, 3), codes => MaximumMeanDiscrepancy.Compute(codes, [0, 0, 1, 1, 2, 2], KernelWidth.Fixed));
    }

    [Fact]
    public void Discrepancy_of_the_median_kernel_whose_width_counts_as_fixed()
    {
        using var scope = NewDisposeScope();

        // The median of the 6 distances of 4 codes on a line (1, 1, 4, 16, 25, 36 squared) is that of the codes 0 and 2, which stay.
        var codes = tensor(new[] { 0.0, 1, 2, 6 }, [4, 1]);
        Check(codes, moved => MaximumMeanDiscrepancy.Compute(moved, [0, 1, 0, 1], KernelWidth.Median), only: [1, 3]);
    }

    [Fact]
    public void Unbiased_discrepancy()
    {
        using var scope = NewDisposeScope();

        Check(Random(6, 3), codes => MaximumMeanDiscrepancy.Compute(codes, [0, 0, 1, 1, 2, 2], KernelWidth.Fixed, unbiased: true));
    }

    [Fact]
    public void Correlation_alignment()
    {
        using var scope = NewDisposeScope();

        Check(Random(7, 3), codes => CorrelationAlignment.Compute(codes, [0, 0, 1, 1, 2, 2, 2]));
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(3)]
    public void Sinkhorn_divergence(double epsilon)
    {
        using var scope = NewDisposeScope();

        Check(Random(7, 3), codes => SinkhornDivergence.Between(codes.narrow(0, 0, 4), codes.narrow(0, 4, 3), epsilon, iterations: 300));
    }

    [Fact]
    public void Statistics_of_channels()
    {
        using var scope = NewDisposeScope();

        Check(Random(2, 3, 2, 2, 2), map => ChannelStatistics.Of(map).pow(3).sum());
    }

    [Fact]
    public void Reconstruction_of_weighted_voxels_in_a_gaussian_window()
    {
        using var scope = NewDisposeScope();
        var image = Random(1, 1, 3, 4, 5).tanh();
        var options = new ReconstructionOptions { Similarity = new SimilarityOptions { Form = SimilarityWindow.Gaussian, Window = 3 } };
        var weights = VoxelWeights.Of(image, image.gt(0.5), 4, 1);

        Check((image * 0.5) + 0.1, reconstruction => Reconstruction.Compute(image, reconstruction, options, weights));
    }

    [Fact]
    public void The_median_kernel_gives_the_same_discrepancy_at_every_scale()
    {
        using var scope = NewDisposeScope();
        var codes = Random(6, 200);
        double At(double scale) => MaximumMeanDiscrepancy.Compute(codes * scale, [0, 0, 0, 1, 1, 1], KernelWidth.Median).item<double>();

        Assert.Equal(At(1), At(1000), tolerance: 1e-9);
        Assert.True(At(1) > 0.01);
    }

    private static Tensor Random(params long[] shape)
    {
        using var generator = new Generator(7);
        return randn(shape, generator: generator, dtype: ScalarType.Float64);
    }

    private static void Check(Tensor at, Func<Tensor, Tensor> loss, int[]? only = null)
    {
        var point = at.detach().clone().requires_grad_();
        loss(point).backward();
        var gradient = point.grad!.flatten().data<double>().ToArray();
        var values = at.detach().flatten().data<double>().ToArray();
        double Value(int index, double shift)
        {
            using var scope = NewDisposeScope();
            var moved = values.ToArray();
            moved[index] += shift;
            return loss(tensor(moved, at.shape)).item<double>();
        }

        Assert.Contains(gradient, value => Math.Abs(value) > 1e-4);
        foreach (var i in only ?? [.. Enumerable.Range(0, values.Length)])
        {
            Assert.Equal((Value(i, Step) - Value(i, -Step)) / (2 * Step), gradient[i], tolerance: 1e-6 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }
}
