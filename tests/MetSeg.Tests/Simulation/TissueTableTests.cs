using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class TissueTableTests
{
    private static readonly Session at3Tesla = new(Institution.Named("stanford").Scanner, new PatientGroup());

    [Fact]
    public void Holds_the_published_times()
    {
        Assert.Equal(new Relaxation(500, 70, 61, 0.77), TissueTable.Of(Tissue.WhiteMatter, FieldStrength.Tesla1_5));
        Assert.Equal(1331, TissueTable.Of(Tissue.GrayMatter, FieldStrength.Tesla3).T1Ms);
        Assert.Equal((4.97, 3.00), (ContrastAgent.Gadobutrol(FieldStrength.Tesla3).R1, ContrastAgent.Gadoterate(FieldStrength.Tesla3).R1));
    }

    [Fact]
    public void Every_tissue_has_a_row_that_physics_allows()
    {
        Assert.Equal(Enum.GetValues<Tissue>().Length, TissueTable.Count);
        foreach (var tissue in Enum.GetValues<Tissue>())
        {
            var (low, high) = (TissueTable.Of(tissue, FieldStrength.Tesla1_5), TissueTable.Of(tissue, FieldStrength.Tesla3));
            Assert.All(new[] { low, high }, row => Assert.True(row.T1Ms > row.T2Ms && row.T2Ms > row.T2StarMs && row.ProtonDensity is >= 0 and <= 1));
            Assert.True(high.T1Ms >= low.T1Ms && high.T2StarMs <= low.T2StarMs);
        }
    }

    [Fact]
    public void T1_shows_fluid_dark_and_white_matter_brightest_of_the_brain()
    {
        double Brightness(Tissue tissue) => at3Tesla.Brightness(tissue, ImageWeighting.T1);

        Assert.Equal(1, Brightness(Tissue.WhiteMatter));
        Assert.InRange(Brightness(Tissue.GrayMatter), 0.4, 0.9);
        Assert.True(Brightness(Tissue.CerebrospinalFluid) < 0.6 * Brightness(Tissue.GrayMatter));
        Assert.True(Brightness(Tissue.Fat) > 1.1 && Brightness(Tissue.Bone) < 0.2);
    }

    [Fact]
    public void Contrast_agent_makes_tumor_and_blood_bright_and_brain_hardly()
    {
        double Gain(Tissue tissue) => at3Tesla.Brightness(tissue, ImageWeighting.T1CE) / at3Tesla.Brightness(tissue, ImageWeighting.T1);

        Assert.True(Gain(Tissue.MetastasisRim) > 1.5 && Gain(Tissue.Vessel) > 1.5);
        Assert.InRange(Gain(Tissue.GrayMatter), 0.95, 1.15);
        Assert.True(at3Tesla.Brightness(Tissue.MetastasisRim, ImageWeighting.T1CE) > 1.2);
    }

    [Fact]
    public void Edema_is_bright_on_T2_and_FLAIR_and_fluid_on_T2_alone()
    {
        double Brightness(Tissue tissue, ImageWeighting weighting) => at3Tesla.Brightness(tissue, weighting);

        Assert.True(Brightness(Tissue.Edema, ImageWeighting.T2) > 1.5 && Brightness(Tissue.Edema, ImageWeighting.Flair) > 1.5);
        Assert.True(Brightness(Tissue.CerebrospinalFluid, ImageWeighting.T2) > 2);
        Assert.True(Brightness(Tissue.CerebrospinalFluid, ImageWeighting.Flair) < 0.5);
        Assert.True(Brightness(Tissue.Edema, ImageWeighting.T1) < 0.9);
    }
}
