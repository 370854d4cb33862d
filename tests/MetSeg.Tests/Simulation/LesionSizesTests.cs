using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class LesionSizesTests
{
    /// <summary>Huang et al. 2024, Table 1, in cohorts of 200 patients: number per volume ±10 %, median ±15 %, share up to 0.1 cm³ ±5 points.</summary>
    [Theory]
    [InlineData("uker", 2.2, 0.132, 44.4)]
    [InlineData("usz", 4.2, 0.229, 35.4)]
    [InlineData("stanford", 12.2, 0.054, 67.5)]
    [InlineData("ucsf", 10.3, 0.034, 71.2)]
    [InlineData("nyu", 6.6, 0.078, 55.5)]
    [InlineData("brats", 7.8, 0.073, 56.3)]
    public void A_cohort_of_200_has_the_published_numbers_and_sizes(string name, double number, double medianCm3, double smallPercent)
    {
        foreach (var seed in Enumerable.Range(1, 5))
        {
            var patients = Enumerable.Range(1, 200).Select(patient => LesionSizes.Of(Institution.Named(name), patient, seed)).ToList();
            var volumes = patients.SelectMany(patient => patient).Order().ToList();

            Assert.InRange(volumes.Count / 200.0, 0.9 * number, 1.1 * number);
            Assert.InRange(volumes[volumes.Count / 2] / 1000, 0.85 * medianCm3, 1.15 * medianCm3);
            Assert.InRange(100.0 * volumes.Count(volume => volume <= 100) / volumes.Count, smallPercent - 5, smallPercent + 5);
        }
    }

    [Fact]
    public void Numbers_are_never_zero_and_as_spread_out_as_a_geometric_distributions()
    {
        var counts = Enumerable.Range(1, 300).Select(patient => (double)LesionSizes.Of(Institution.Named("stanford"), patient, 1).Count).ToList();
        var mean = counts.Average();

        Assert.Equal(1, counts.Min());
        Assert.InRange(Math.Sqrt(counts.Average(count => (count - mean) * (count - mean))) / mean, 0.8, 1.1);
    }

    [Fact]
    public void Strata_cover_the_range_evenly_and_depend_on_the_seed()
    {
        var numbers = Enumerable.Range(0, 100).Select(new Strata(1, "x").At).ToList();

        Assert.Equal(Enumerable.Range(0, 100), numbers.Select(number => (int)(100 * number)).Order());
        Assert.NotEqual(numbers, numbers.Order());
        Assert.NotEqual(numbers[0], new Strata(2, "x").At(0));
        Assert.Equal(numbers[37], new Strata(1, "x").At(37));
    }
}
