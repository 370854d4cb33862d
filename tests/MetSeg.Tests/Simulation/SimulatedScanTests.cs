using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class SimulatedScanTests
{
    private static readonly SimulationOptions options = new() { Size = 32 };

    private static readonly Lazy<List<(string Name, List<SimulatedScan> Scans)>> cohort = new(() =>
        [.. Institution.Known.Select(site => (site.Name, Enumerable.Range(1, 3).Select(patient => Scan(site.Name, patient)).ToList()))]);

    [Fact]
    public void The_same_seed_gives_the_same_voxels_and_another_seed_others()
    {
        var scan = Scan("ucsf", 3);

        Assert.Equal(scan.Image.Voxels, Scan("ucsf", 3).Image.Voxels);
        Assert.Equal(scan.Label.Labels, Scan("ucsf", 3).Label.Labels);
        Assert.NotEqual(scan.Image.Voxels, SimulatedScan.Create(Institution.Named("ucsf"), 3, 1, options with { Seed = 2 }).Image.Voxels);
    }

    [Theory]
    [InlineData("stanford", 32, 32, 28, 26, 6.0, 6.0)]
    [InlineData("pkg", 64, 64, 56, 35, 3.0, 4.5)]
    public void Covers_192_mm_with_the_institutions_slices(string name, int size, int y, int x, int z, double side, double slice)
    {
        var grid = SimulatedScan.ImageGrid(size, Institution.Named(name).Scanner.SliceRatio);

        Assert.Equal(new Size(x, y, z), grid.Size);
        Assert.Equal(new Spacing(side, side, slice), grid.Spacing);
        Assert.Equal("RAS", grid.Orientation);
    }

    [Fact]
    public void Every_metastasis_is_in_the_label_map_and_the_volumes_agree()
    {
        var scan = Scan("stanford", 4);
        var toVoxel = scan.Label.Grid.ToWorld.Inverse();
        var voxels = scan.Label.Labels.Count(label => label == 1);

        Assert.True(scan.Metastases.Count > 2);
        Assert.True(voxels >= scan.Metastases.Count);
        Assert.Equal([1], scan.Label.PresentLabels().Select(label => (int)label));
        Assert.InRange(voxels * scan.Label.Grid.Spacing.VoxelMm3 / scan.Metastases.Sum(lesion => lesion.VolumeMm3), 0.6, 1.6);
    }

    [Fact]
    public void Outside_the_brain_is_zero_and_in_it_nothing_is()
    {
        var scan = Scan("uclm", 1);
        var brainLiters = scan.Image.Voxels.Count(value => value > 0) * scan.Image.Grid.Spacing.VoxelMm3 * 1e-6;

        Assert.InRange(brainLiters, 1.0, 1.9);
        Assert.Equal(0, scan.Image[0, 0, 0]);
        Assert.All(scan.Image.Voxels, value => Assert.Equal(MathF.Round(value), value));
        Assert.DoesNotContain(true, scan.Image.Voxels.Zip(scan.Label.Labels, (value, label) => label == 1 && value == 0));
    }

    [Fact]
    public void Keeps_the_skull_when_asked_and_the_same_brain()
    {
        var stripped = Scan("uclm", 1);
        var whole = SimulatedScan.Create(Institution.Named("uclm"), 1, 1, options with { KeepSkull = true });

        Assert.Equal(stripped.Label.Labels, whole.Label.Labels);
        Assert.True(whole.Image.Voxels.Count(value => value > 30) > 1.3 * stripped.Image.Voxels.Count(value => value > 30));
    }

    [Fact]
    public void Metastases_shine_and_their_cores_do_not()
    {
        var anatomy = Anatomy.Draw(new Random(1));
        var grid = SimulatedScan.ImageGrid(64, 1);
        var drawn = Lesions.Draw(anatomy, Institution.Named("pkg"), new Random(1))[0];
        var lesion = drawn with { VolumeMm3 = 10_000, RimMm = 3, Uptake = 1, Center = new(35, 0, 30) };
        var phantom = Phantom.Render(anatomy, [lesion], Pose.Straight, SimulatedScan.FineGrid(grid));
        var image = new Scan(new Scanner { Noise = 0, Bias = 0 }, new Contrast().ByTissue()).Acquire(phantom, grid, keepSkull: false, new Random(1));

        double Mean(Tissue tissue) => phantom.Tissues.Labels.Index().Where(v => v.Item == (byte)tissue).Average(v => At(v.Index));
        double At(int i)
        {
            var size = phantom.Tissues.Grid.Size;
            return image[i % size.X / 2, i / size.X % size.Y / 2, i / (size.X * size.Y) / 2];
        }

        Assert.True(Mean(Tissue.MetastasisRim) > 1.15 * Mean(Tissue.WhiteMatter));
        Assert.True(Mean(Tissue.MetastasisCore) < 0.8 * Mean(Tissue.WhiteMatter));
        Assert.True(Mean(Tissue.GrayMatter) < 0.95 * Mean(Tissue.WhiteMatter));
    }

    /// <summary>The domain gap: figures that do not depend on the intensity scale tell the institutions apart.</summary>
    [Fact]
    public void Simple_statistics_of_an_image_give_its_institution_away()
    {
        var samples = cohort.Value.SelectMany(site => site.Scans.Select(scan => (site.Name, Figures: Figures(scan.Image)))).ToList();
        var spread = Enumerable.Range(0, 3).Select(k => Square(Deviation(samples.Select(s => s.Figures[k])))).ToArray();

        var right = samples.Count(sample =>
        {
            var others = samples.Where(other => other != sample).GroupBy(other => other.Name);
            return others.MinBy(site => Enumerable.Range(0, 3).Sum(k => Square(site.Average(s => s.Figures[k]) - sample.Figures[k]) / spread[k]))!.Key
                == sample.Name;
        });

        Assert.True(right >= samples.Count - 1, $"{right} of {samples.Count} assigned to their own institution.");
    }

    /// <summary>The simplest segmentation there is: the threshold on z-scored intensity that is best at one institution.</summary>
    [Theory]
    [InlineData("stanford", "pkg")]
    [InlineData("pkg", "stanford")]
    [InlineData("stanford", "uclm")]
    public void The_best_threshold_of_one_institution_is_worse_at_another(string from, string to)
    {
        var thresholds = Enumerable.Range(10, 50).Select(i => i / 10.0).ToList();
        var foreign = Dice(to, thresholds.MaxBy(threshold => Dice(from, threshold)));

        Assert.True(foreign < 0.8 * thresholds.Max(threshold => Dice(to, threshold)));
    }

    private static SimulatedScan Scan(string institution, int patient) => SimulatedScan.Create(Institution.Named(institution), patient, 1, options);

    /// <summary>Relative to the median of the brain: the 10th percentile, the 99.5th, and the mean difference of neighbors.</summary>
    private static double[] Figures(Volume image)
    {
        var brain = image.Voxels.Where(value => value > 0).Order().ToList();
        var median = brain[brain.Count / 2];
        var neighbors = image.Voxels.Zip(image.Voxels.Skip(1)).Where(pair => pair.First > 0 && pair.Second > 0);
        var differences = neighbors.Average(pair => Math.Abs(pair.First - pair.Second));
        return [brain[brain.Count / 10] / median, brain[(int)(0.995 * brain.Count)] / median, differences / median];
    }

    private static double Dice(string institution, double threshold)
    {
        var (hits, marked, reference) = (0, 0, 0);
        foreach (var scan in cohort.Value.Single(site => site.Name == institution).Scans)
        {
            var brain = scan.Image.Voxels.Where(value => value > 0).Select(value => (double)value).ToList();
            var bound = brain.Average() + (threshold * Deviation(brain));
            for (var i = 0; i < scan.Image.Voxels.Length; i++)
            {
                var (isMarked, isReference) = (scan.Image.Voxels[i] > bound, scan.Label.Labels[i] == 1);
                hits += isMarked && isReference ? 1 : 0;
                marked += isMarked ? 1 : 0;
                reference += isReference ? 1 : 0;
            }
        }

        return 2.0 * hits / (marked + reference);
    }

    private static double Deviation(IEnumerable<double> values)
    {
        var all = values.ToList();
        var mean = all.Average();
        return Math.Sqrt(all.Average(value => Square(value - mean)));
    }

    private static double Square(double value) => value * value;
}
