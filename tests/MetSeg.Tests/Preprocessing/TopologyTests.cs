using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class TopologyTests
{
    [Fact]
    public void An_isotropic_patch_is_halved_until_its_edge_is_4()
    {
        var topology = Topology.For([1, 1, 1], [128, 128, 128]);

        Assert.Equal(6, topology.Stages);
        Assert.Equal([32, 32, 32], topology.TotalStride);
        Assert.All(topology.KernelSizes, kernel => Assert.Equal([3, 3, 3], kernel));
        Assert.Equal([32, 64, 128, 256, 320, 320], topology.Features(32, 320));
    }

    [Fact]
    public void The_memory_of_nnU_Nets_reference_network_is_its_count()
    {
        var topology = Topology.For([1, 1, 1], [128, 128, 128]);

        Assert.Equal(452_796_416, topology.FeatureMapElements(topology.Features(32, 320), labels: 3));
        Assert.Equal(557_420_544, topology.FeatureMapElements(topology.Features(32, 320), [1, 3, 4, 6, 6, 6], labels: 3));
    }

    [Fact]
    public void A_slice_has_a_topology_too()
    {
        var topology = Topology.For([1, 1], [512, 512], maxStages: 7);

        Assert.Equal(129_531_904, topology.FeatureMapElements(topology.Features(32, 512), [1, 3, 4, 6, 6, 6, 6], labels: 3));
    }

    [Fact]
    public void A_coarse_axis_is_neither_halved_nor_convolved_before_the_others_have_caught_up()
    {
        // 5 mm against 1 mm: after two halvings in the plane 5 / 4 < 2, so the third stride takes all axes.
        var topology = Topology.For([5, 1, 1], [16, 64, 64]);

        Assert.Equal([1, 2, 2], topology.Strides[1]);
        Assert.Equal([1, 2, 2], topology.Strides[2]);
        Assert.Equal([2, 2, 2], topology.Strides[3]);
        Assert.Equal([1, 3, 3], topology.KernelSizes[0]);
        Assert.Equal([3, 3, 3], topology.KernelSizes[2]);
    }

    [Fact]
    public void A_patch_is_raised_to_the_next_multiple_of_the_stride() =>
        Assert.Equal([40, 56, 40], Topology.For([1, 1, 1], [35.5, 50, 35]).PatchSize);

    [Fact]
    public void A_single_axis_is_only_halved_from_12_voxels_on()
    {
        Assert.Equal(1, Topology.For([1, 1, 1], [7, 7, 11]).Stages);
        Assert.Equal([1, 1, 2], Topology.For([1, 1, 1], [7, 7, 12]).TotalStride);
    }

    [Fact]
    public void Stages_can_be_limited() =>
        Assert.Equal([4, 4, 4], Topology.For([1, 1, 1], [128, 128, 128], maxStages: 3).TotalStride);
}
