using System.Numerics;
using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class LesionsTests
{
    /// <summary>Huang et al. 2024, Table 1: median size and share of metastases up to 0.1 cm³.</summary>
    [Theory]
    [InlineData("stanford", 0.054, 0.675)]
    [InlineData("ucsf", 0.034, 0.712)]
    public void Sizes_follow_the_published_distribution(string name, double medianCm3, double shareUpTo100Mm3)
    {
        var random = new Random(1);
        var volumes = Enumerable.Range(0, 5000).Select(_ => Lesions.Volume(Institution.Named(name), random)).Order().ToList();

        Assert.InRange(volumes[2500] / (1000 * medianCm3), 0.85, 1.2);
        Assert.Equal(shareUpTo100Mm3, volumes.Count(volume => volume <= 100) / 5000.0, tolerance: 0.07);
    }

    [Theory]
    [InlineData("stanford", 12.2)]
    [InlineData("pkg", 2.5)]
    public void Numbers_follow_the_published_mean_and_are_never_zero(string name, double mean)
    {
        var random = new Random(1);
        var counts = Enumerable.Range(0, 3000).Select(_ => random.Geometric(Institution.Named(name).MeanMetastases)).ToList();

        Assert.InRange(counts.Average() / mean, 0.93, 1.07);
        Assert.Equal(1, counts.Min());
    }

    [Fact]
    public void Lie_in_the_brain_apart_from_each_other_and_mostly_at_the_border_of_the_cortex()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var patients = Enumerable.Range(0, 30).Select(seed => Lesions.Draw(anatomy, Institution.Named("stanford"), new Random(seed))).ToList();
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
        var lesion = Lesions.Draw(anatomy, Institution.Named("pkg"), new Random(3))[0] with { VolumeMm3 = volumeMm3 };
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

        Assert.InRange(inside * step * step * step / volumeMm3, 0.7, 1.4);
    }

    [Fact]
    public void Only_large_ones_have_a_core_and_all_that_have_keep_a_rim()
    {
        var random = new Random(1);
        var anatomy = Anatomy.Draw(random);
        var lesions = Enumerable.Range(0, 60).SelectMany(_ => Lesions.Draw(anatomy, Institution.Named("pkg"), random)).ToList();
        var withCore = lesions.Where(lesion => double.IsFinite(lesion.RimMm)).ToList();

        Assert.NotEmpty(withCore);
        Assert.All(withCore, lesion => Assert.True(lesion.VolumeMm3 > 900 && lesion.RimMm >= 2));
        Assert.Contains(lesions, lesion => lesion.VolumeMm3 > 900 && double.IsInfinity(lesion.RimMm));
    }

    [Fact]
    public void A_second_visit_keeps_the_places_and_changes_the_sizes()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var first = Lesions.Draw(anatomy, Institution.Named("stanford"), new Random(7));
        var second = Lesions.FollowUp(first, anatomy, Institution.Named("stanford"), new Random(8));

        Assert.Equal(first[0].Center, second[0].Center);
        Assert.NotEqual(first[0].VolumeMm3, second[0].VolumeMm3);
        Assert.True(first.Select(lesion => lesion.Center).Intersect(second.Select(lesion => lesion.Center)).Count() > first.Count / 2);
    }
}
