using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using Xunit;

namespace MetSeg.Learning.Tests.Harmonization;

public class LesionGuardTests
{
    private static readonly Size size = new(48, 48, 48);

    [Fact]
    public void A_harmonizer_that_changes_nothing_but_unit_and_zero_is_let_pass()
    {
        var (scan, lesions) = Scan();

        var guard = LesionGuard.Judge(LesionGuard.Compare(scan, scan.Map(value => (2 * value) + 7), lesions), 1, heldOut: true);

        Assert.Null(guard.Refusal("h"));
        Assert.Equal((2, 1), (guard.Sizes[1].N, guard.Sizes[3].N));
        Assert.All(guard.Sizes.Where(one => one.N > 0), one => Assert.Equal(0, Math.Abs(one.Difference) + Math.Abs(one.ContrastToNoise) + Math.Abs(one.Peak), tolerance: 1e-4));
    }

    [Fact]
    public void Blur_is_refused_though_it_raises_the_contrast_to_noise_ratio()
    {
        var (scan, lesions) = Scan();

        var guard = LesionGuard.Judge(LesionGuard.Compare(scan, GaussianFilter.Smooth(scan, 1, 1, 1), lesions), 1, heldOut: true);

        Assert.True(guard.Sizes[1].ContrastToNoise > 0.05);
        Assert.True(guard.Sizes[1].Difference < -0.2);
        Assert.True(guard.Sizes[1].Difference < guard.Sizes[3].Difference);     // small lesions lose more
        var refusal = guard.Refusal("h");
        Assert.Contains("'h' lowers the contrast of small lesions by more than 5 %", refusal);
        Assert.Contains("median of 2 lesions ≤ 0.1 cm³ in 1 held-out scans", refusal);
        Assert.DoesNotContain('\n', refusal!);
    }

    [Theory]
    [InlineData(0.96, false)]
    [InlineData(0.94, true)]
    public void The_limit_is_five_percent_of_small_lesions(double kept, bool isRefused)
    {
        var (scan, lesions) = Scan();
        var small = new HashSet<int>(Small());
        var faded = new Volume(scan.Grid, [.. scan.Voxels.Select((value, i) => small.Contains(i) ? (float)(scan.Voxels[i] - ((1 - kept) * 60)) : value)]);

        Assert.Equal(isRefused, LesionGuard.Judge(LesionGuard.Compare(scan, faded, lesions), 1, heldOut: true).Refusal("h") is not null);
    }

    [Fact]
    public void Without_small_lesions_nothing_is_refused()
    {
        var guard = LesionGuard.Judge([], 0, heldOut: true);

        Assert.Null(guard.Refusal("h"));
        Assert.True(double.IsNaN(guard.Sizes[1].Difference));
    }

    /// <summary>A noisy head of 100 ± 10 in 0, with two lesions of 33 mm³ and one of 0.9 cm³, 60 brighter.</summary>
    private static (Volume Scan, LabelMap Lesions) Scan()
    {
        var random = new Random(1);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var label = new byte[size.Count];
        foreach (var i in Small().Concat(Ball(34, 34, 24, 6)))
        {
            label[i] = 1;
        }

        var head = new HashSet<int>(Ball(24, 24, 24, 22));
        var grid = Grid.Axial(size, new Spacing(1, 1, 1));
        return (new Volume(grid, [.. label.Select((one, i) => head.Contains(i) ? (float)(100 + (10 * Normal()) + (60 * one)) : 0)]), new LabelMap(grid, label));
    }

    private static IEnumerable<int> Small() => Ball(12, 20, 20, 2).Concat(Ball(20, 12, 30, 2));

    private static IEnumerable<int> Ball(int x0, int y0, int z0, double radius) =>
        from z in Enumerable.Range(0, size.Z) from y in Enumerable.Range(0, size.Y) from x in Enumerable.Range(0, size.X)
        where ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) + ((z - z0) * (z - z0)) <= radius * radius
        select size.Index(x, y, z);
}
