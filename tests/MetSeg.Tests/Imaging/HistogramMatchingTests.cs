using FsCheck;
using FsCheck.Fluent;
using MetSeg.Files;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class HistogramMatchingTests
{
    private static readonly Grid grid = Grid.Axial(new Size(13, 11, 7), new Spacing(1, 1, 1)); // 1001 voxels: percentiles are voxels
    private static readonly LabelMap everywhere = new(grid, [.. Enumerable.Repeat((byte)1, 1001)]);

    [Fact]
    public void The_scale_has_the_mean_of_the_stretched_landmarks()
    {
        // Stretched from 10…110 to 1…100 a landmark at 30 comes to 1 + 99 · 0.2 = 20.8; from 0…200 one at 50 to 1 + 99 · 0.25 = 25.75.
        double[] first = [10, 30, 40, 50, 60, 70, 80, 90, 95, 100, 110];
        double[] second = [0, 50, 60, 80, 100, 120, 140, 160, 170, 190, 200];

        var scale = HistogramMatching.Learn([first, second]);

        Assert.Equal(1, scale.Landmarks[0]);
        Assert.Equal((20.8 + 25.75) / 2, scale.Landmarks[1], tolerance: 1e-12);
        Assert.Equal(100, scale.Landmarks[^1], tolerance: 1e-12);
        Assert.Empty(scale.Problems());
    }

    [Fact]
    public void Segments_are_moved_linearly_and_go_on_beyond_the_ends()
    {
        // A ramp 1…1001 has percentile p at 1 + 10·p. With landmarks 1, 50, 99 at 0, 10, 40 the segments' slopes are 10/490 and 30/490.
        var ramp = new Volume(grid, [.. Enumerable.Range(1, 1001).Select(i => (float)i)]);
        var scale = new StandardScale { Percentages = [1, 50, 99], Landmarks = [0, 10, 40] };

        var moved = HistogramMatching.Apply(ramp, scale, everywhere).Voxels;

        Assert.Equal(0, moved[10], tolerance: 1e-5);
        Assert.Equal(5, moved[255], tolerance: 1e-5);
        Assert.Equal(10, moved[500], tolerance: 1e-5);
        Assert.Equal(25, moved[745], tolerance: 1e-5);
        Assert.Equal(40 + (10 * 30 / 490.0), moved[1000], tolerance: 1e-5);
        Assert.Equal(-10 * 10 / 490.0, moved[0], tolerance: 1e-5);
    }

    [Fact]
    public void Landmarks_lie_on_the_scale_afterwards()
    {
        var property = Prop.ForAll(ArbMap.Default.GeneratorFor<int>().ToArbitrary(), seed =>
        {
            var (random, scale) = (new Random(seed), RandomScale(new Random(seed + 1)));
            var (power, offset) = (0.3 + (3 * random.NextDouble()), 100 * random.NextDouble());
            var image = new Volume(grid, [.. Enumerable.Range(0, 1001).Select(_ => (float)(offset + (1000 * Math.Pow(random.NextDouble(), power))))]);

            var landmarks = HistogramMatching.LandmarksOf(HistogramMatching.Apply(image, scale, everywhere), everywhere);

            return landmarks.Zip(scale.Landmarks).All(pair => Math.Abs(pair.First - pair.Second) < 1e-4);
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(60), property);
    }

    [Fact]
    public void Copies_from_two_scanners_agree()
    {
        var brain = new BiasedPhantom(Grid.Axial(new Size(60, 64, 40), new Spacing(2, 2, 2)), amplitude: 0).Image;
        Volume[] scanners = [brain.Map(value => value == 0 ? 0 : 20 + (0.7f * value)), brain.Map(value => 3 * MathF.Pow(value, 0.8f))];

        var scale = HistogramMatching.Learn([.. scanners.Select(image => HistogramMatching.LandmarksOf(image))]);
        var matched = scanners.Select(image => HistogramMatching.Apply(image, scale)).ToArray();

        Assert.True(MeanDifference(scanners[0], scanners[1]) > 50);
        Assert.InRange(MeanDifference(matched[0], matched[1]), 0, 0.3); // of 99
        Assert.DoesNotContain(brain.Voxels.Zip(matched[0].Voxels), pair => pair.First == 0 && pair.Second != 0);
    }

    [Fact]
    public void Landmarks_that_coincide_are_moved_to_their_mean_place()
    {
        // Half of the foreground is 10: the landmarks of 1 to 50 percent coincide.
        var image = new Volume(grid, [.. Enumerable.Range(0, 1001).Select(i => i <= 500 ? 10f : i - 490)]);
        var scale = new StandardScale { Percentages = [1, 50, 99], Landmarks = [0, 10, 40] };

        var moved = HistogramMatching.Apply(image, scale, everywhere).Voxels;

        Assert.Equal(5, moved[3], tolerance: 1e-6);
        Assert.Equal(40, moved[990], tolerance: 1e-5);
    }

    [Fact]
    public void Images_without_contrast_and_scales_that_cannot_work_are_refused()
    {
        var (constant, empty) = (new Volume(grid, new float[1001]), new LabelMap(grid, new byte[1001]));
        var scale = RandomScale(new Random(1));

        Assert.Throws<MetSegException>(() => HistogramMatching.LandmarksOf(constant));
        Assert.Throws<MetSegException>(() => HistogramMatching.Apply(constant.Map(_ => 5), scale, empty));
        Assert.Throws<OptionsException>(() => HistogramMatching.Apply(constant, scale with { Landmarks = [1, 2] }));
        Assert.Throws<ArgumentException>(() => HistogramMatching.Learn([]));
        Assert.Throws<ArgumentException>(() => HistogramMatching.Learn([[1, 2, 3]]));
        Assert.Throws<ArgumentException>(() => HistogramMatching.Learn([new double[11]]));
    }

    [Fact]
    public void The_scale_is_kept_as_json()
    {
        using var folder = new TemporaryFolder();
        var scale = RandomScale(new Random(5));

        JsonFile.Write(folder.PathOf("scale.json"), scale, JsonFile.OwnStyle);
        var back = JsonFile.Read<StandardScale>(folder.PathOf("scale.json"), JsonFile.OwnStyle);

        Assert.Equal([1, 10, 20, 30, 40, 50, 60, 70, 80, 90, 99], back.Percentages);
        Assert.Equal(scale.Landmarks, back.Landmarks);
    }

    [Fact]
    public void Faults_of_a_scale_are_named()
    {
        Assert.Single(new StandardScale { Percentages = [50, 10], Landmarks = [1, 2] }.Problems());
        Assert.Single(new StandardScale { Percentages = [10, 50], Landmarks = [1, 1] }.Problems());
        Assert.Equal(2, new StandardScale { Percentages = [], Landmarks = [1, double.NaN] }.Problems().Count());
    }

    private static StandardScale RandomScale(Random random) => new()
    {
        Landmarks = [.. StandardScale.NyulPercentages.Select(percentage => percentage + (9 * random.NextDouble())).Order()],
    };

    private static double MeanDifference(Volume a, Volume b) =>
        a.Voxels.Zip(b.Voxels).Where(pair => pair.First != 0).Average(pair => Math.Abs(pair.First - pair.Second));
}
