using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class AnatomyTests
{
    private static readonly Grid grid = ScanGrids.Fine(ScanGrids.Common(32, 1), 2);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_head_has_the_volumes_of_an_adults(int seed)
    {
        var phantom = Phantom.Render(Anatomy.Draw(new Random(seed)), [], Pose.Straight, grid);

        Assert.InRange(Liters(phantom, Tissue.GrayMatter, Tissue.WhiteMatter, Tissue.DeepGrayMatter), 0.9, 1.6);
        Assert.InRange(Liters(phantom, Tissue.GrayMatter) / Liters(phantom, Tissue.WhiteMatter), 0.4, 1.6);
        Assert.InRange(Liters(phantom, Tissue.Vessel), 0.005, 0.08);
        Assert.InRange(Liters(phantom, Tissue.Bone, Tissue.Marrow), 0.3, 1.5);
        Assert.True(Liters(phantom, Tissue.CerebrospinalFluid) > 0.05);
    }

    [Fact]
    public void Lays_scalp_over_skull_over_dura_over_fluid_over_cortex_over_white_matter_around_the_ventricles()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var order = Enumerable.Range(0, 400).Select(i => anatomy.Look(new(30, 0, 100 - (0.25f * i))).Tissue)
            .Where(tissue => tissue != Tissue.Air).Distinct().Take(8);

        Assert.Equal(
            [Tissue.Skin, Tissue.Fat, Tissue.Bone, Tissue.Marrow, Tissue.Dura, Tissue.CerebrospinalFluid, Tissue.GrayMatter, Tissue.WhiteMatter], order);
        Assert.Equal(Tissue.CerebrospinalFluid, anatomy.Look(new(7, -8, 14)).Tissue);
        Assert.Equal(Tissue.DeepGrayMatter, anatomy.Look(new(11, -15, 2)).Tissue);
        Assert.Equal(Tissue.WhiteMatter, anatomy.Look(new(0, -14, -40)).Tissue);
    }

    [Fact]
    public void Differs_from_patient_to_patient_but_not_from_draw_to_draw()
    {
        var first = Phantom.Render(Anatomy.Draw(new Random(1)), [], Pose.Straight, grid).Tissues.Labels;

        Assert.True(first.SequenceEqual(Phantom.Render(Anatomy.Draw(new Random(1)), [], Pose.Straight, grid).Tissues.Labels));
        Assert.False(first.SequenceEqual(Phantom.Render(Anatomy.Draw(new Random(2)), [], Pose.Straight, grid).Tissues.Labels));
    }

    [Fact]
    public void A_pose_maps_there_and_back()
    {
        var pose = Pose.Draw(new Random(5));

        Assert.True((pose.ToHead(pose.ToWorld(new(10, 20, 30))) - new System.Numerics.Vector3(10, 20, 30)).Length() < 1e-4);
        Assert.NotEqual(Pose.Straight, pose);
    }

    private static double Liters(Phantom phantom, params Tissue[] tissues) =>
        phantom.Tissues.Labels.Count(label => tissues.Contains((Tissue)label)) * grid.Spacing.VoxelMm3 * 1e-6;
}
