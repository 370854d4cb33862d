using System.Numerics;
using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class LesionsTests
{
    [Fact]
    public void Lie_in_the_brain_apart_from_each_other_and_mostly_at_the_border_of_the_cortex()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var patients = Enumerable.Range(0, 30).Select(seed => Draw(anatomy, "stanford", seed + 1)).ToList();
        var points = patients.SelectMany(lesions => lesions).Select(lesion => anatomy.Look(lesion.Center)).ToList();

        Assert.All(points, point => Assert.True(point.Depth > 0 && point.Tissue is Tissue.GrayMatter or Tissue.WhiteMatter or Tissue.DeepGrayMatter));
        Assert.InRange(points.Count(point => point.ToJunction < 2.5) / (double)points.Count, 0.7, 0.99);
        foreach (var (first, second) in patients.SelectMany(lesions => lesions.SelectMany((a, i) => lesions.Skip(i + 1).Select(b => (a, b)))))
        {
            Assert.True((first.Center - second.Center).Length() > first.RadiusMm + second.RadiusMm);
        }
    }

    [Theory]
    [InlineData(200)]
    [InlineData(3000)]
    public void A_shape_fills_the_volume_it_claims(double volumeMm3)
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var lesion = Draw(anatomy, "pkg", 3)[0] with { VolumeMm3 = volumeMm3 };
        var (inside, step) = (0, lesion.ReachMm / 20);
        for (var x = -lesion.ReachMm; x < lesion.ReachMm; x += step)
        {
            for (var y = -lesion.ReachMm; y < lesion.ReachMm; y += step)
            {
                for (var z = -lesion.ReachMm; z < lesion.ReachMm; z += step)
                {
                    inside += lesion.Depth(lesion.Center + new Vector3(x, y, z)) > 0 ? 1 : 0;
                }
            }
        }

        Assert.InRange(inside * step * step * step / volumeMm3, 0.97, 1.03);
    }

    [Fact]
    public void Only_large_ones_have_a_core_and_all_that_have_keep_a_rim()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var lesions = Enumerable.Range(1, 60).SelectMany(patient => Draw(anatomy, "pkg", patient)).ToList();
        var withCore = lesions.Where(lesion => double.IsFinite(lesion.RimMm)).ToList();

        Assert.NotEmpty(withCore);
        Assert.All(withCore, lesion => Assert.True(lesion.VolumeMm3 > 900 && lesion.RimMm >= 2));
        Assert.Contains(lesions, lesion => lesion.VolumeMm3 > 900 && double.IsInfinity(lesion.RimMm));
    }

    [Fact]
    public void A_second_visit_keeps_the_places_and_changes_the_sizes()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var first = Draw(anatomy, "stanford", 7);
        var second = Lesions.FollowUp(first, anatomy, Institution.Named("stanford"), new Random(8));

        Assert.Equal(first[0].Center, second[0].Center);
        Assert.NotEqual(first[0].VolumeMm3, second[0].VolumeMm3);
        Assert.True(first.Select(lesion => lesion.Center).Intersect(second.Select(lesion => lesion.Center)).Count() > first.Count / 2);
    }

    [Fact]
    public void Leptomeningeal_ones_lie_in_the_fluid_of_the_surface()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var profile = new LesionProfile { Leptomeningeal = 1 };
        var lesions = Lesions.Draw(anatomy, profile, Enumerable.Repeat(50.0, 20), new Random(1));

        Assert.Equal(20, lesions.Count);
        Assert.All(lesions, lesion => Assert.InRange(anatomy.Look(lesion.Center).Depth, -0.5, 16));
        Assert.True(lesions.Count(lesion => anatomy.Look(lesion.Center).Tissue == Tissue.CerebrospinalFluid) > 5);
    }

    [Theory]
    [InlineData(0.05, Tissue.Cyst)]
    [InlineData(0.15, Tissue.Hemorrhage)]
    [InlineData(0.9, Tissue.Necrosis)]
    public void A_core_is_fluid_blood_or_necrosis(double share, Tissue expected) => Assert.Equal(expected, new LesionProfile().Core(share));

    private static IReadOnlyList<Lesion> Draw(Anatomy anatomy, string institution, int patient) => Lesions.Draw(
        anatomy, new LesionProfile(), LesionSizes.Of(Institution.Named(institution), patient, 1), new Random(patient));
}
