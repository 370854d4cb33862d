using MetSeg.Learning.Losses;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

public class VoxelWeightsTests
{
    [Fact]
    public void One_lesion_voxel_of_64_by_hand()
    {
        using var scope = NewDisposeScope();
        var lesions = zeros([1, 1, 4, 4, 4], ScalarType.Int64);
        lesions[0, 0, 1, 2, 3] = 2;

        var weights = VoxelWeights.Of(zeros([1, 1, 4, 4, 4]), lesions, lesionWeight: 3, edgeWeight: 0);

        Assert.Equal(4 / (67 / 64f), weights[0, 0, 1, 2, 3].item<float>(), tolerance: 1e-5f);
        Assert.Equal(1 / (67 / 64f), weights[0, 0, 0, 0, 0].item<float>(), tolerance: 1e-5f);
    }

    [Fact]
    public void Every_image_has_a_mean_weight_of_one_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var lesions = zeros([2, 1, 4, 5, 6], ScalarType.Int64);
        lesions[1, 0, 1] = 1;

        var means = VoxelWeights.Of(randn([2, 1, 4, 5, 6], generator: generator), lesions, 5, 2).mean([1, 2, 3, 4]).data<float>().ToArray();

        Assert.All(means, mean => Assert.Equal(1, mean, tolerance: 1e-5f));
    }

    [Fact]
    public void An_edge_weighs_more_than_what_is_flat()
    {
        using var scope = NewDisposeScope();
        var step = zeros([1, 1, 4, 4, 8]);
        step[0, 0, TensorIndex.Colon, TensorIndex.Colon, TensorIndex.Slice(4)] = 1;

        var row = VoxelWeights.Of(step, null, 0, edgeWeight: 1)[0, 0, 2, 2].data<float>().ToArray();

        // Central differences are steep at x = 3 and 4 alone: a quarter of the voxels weigh 2, of mean 1.25.
        Assert.Equal([0.8f, 0.8f, 0.8f, 1.6f, 1.6f, 0.8f, 0.8f, 0.8f], row.Select(weight => MathF.Round(weight, 4)));
    }

    [Fact]
    public void Without_weights_all_voxels_are_alike()
    {
        using var scope = NewDisposeScope();

        Assert.True(VoxelWeights.Of(randn([1, 1, 4, 4, 4]), null, 3, 0).allclose(ones([1, 1, 4, 4, 4])));
        Assert.True(VoxelWeights.Of(zeros([1, 1, 4, 4, 4]), null, 0, 3).allclose(ones([1, 1, 4, 4, 4])));
    }

    [Fact]
    public void The_reconstruction_weighs_both_errors_and_not_the_similarity()
    {
        using var scope = NewDisposeScope();
        var image = zeros([1, 1, 2, 2, 2]);
        var reconstruction = image.clone();
        reconstruction[0, 0, 0, 0, 0] = 0.4;
        var weights = ones([1, 1, 2, 2, 2]);
        weights[0, 0, 0, 0, 0] = 2;
        var options = new ReconstructionOptions { SimilarityWeight = 0 };

        // One of eight voxels is wrong by 0.4 and weighs 2: 300·0.16·2/8 + 150·0.4·2/8.
        Assert.Equal(12 + 15, Reconstruction.Compute(image, reconstruction, options, weights).item<float>(), tolerance: 1e-4);
        Assert.Equal(6 + 7.5, Reconstruction.Compute(image, reconstruction, options).item<float>(), tolerance: 1e-4);
    }
}
