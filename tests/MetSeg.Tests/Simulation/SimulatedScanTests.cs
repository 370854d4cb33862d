using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class SimulatedScanTests
{
    private static readonly SimulationOptions options = new() { Size = 32 };

    private static readonly Lazy<List<(string Name, List<SimulatedScan> Scans)>> cohort = new(() =>
        [.. options.Institutions.Select(name => (name, Enumerable.Range(1, 3).Select(patient => Scan(name, patient)).ToList()))]);

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
    [InlineData("nyu", 64, 64, 56, 31, 3.0, 5.0)]
    public void Covers_192_mm_with_the_institutions_slices(string name, int size, int y, int x, int z, double side, double slice)
    {
        var grid = ScanGrids.Common(size, Institution.Named(name).Scanner.SliceMm);

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
        var grid = ScanGrids.Common(96, 1);
        var drawn = Lesions.Draw(anatomy, new LesionProfile(), [10_000], new Random(1))[0];
        var lesion = drawn with { RimMm = 3, Uptake = 1, Core = Tissue.Necrosis, Center = new(35, 0, 30) };
        var phantom = Phantom.Render(anatomy, [lesion], Pose.Straight, ScanGrids.Fine(grid, 1));
        var session = new Session(Institution.Named("stanford").Scanner with { Noise = 0, Bias = 0, VascularUptake = 0 }, new PatientGroup());
        var image = new Scan(session, ImageWeighting.T1CE).Acquire(phantom, grid, seed: 1);

        double Mean(Tissue tissue) => phantom.Tissues.Labels.Index().Where(v => v.Item == (byte)tissue).Average(v => At(v.Index));
        double At(int i)
        {
            var size = phantom.Tissues.Grid.Size;
            return image[i % size.X / 2, i / size.X % size.Y / 2, i / (size.X * size.Y) / 2];
        }

        Assert.True(Mean(Tissue.MetastasisRim) > 1.15 * Mean(Tissue.WhiteMatter));
        Assert.True(Mean(Tissue.Necrosis) < 0.8 * Mean(Tissue.WhiteMatter));
        Assert.True(Mean(Tissue.GrayMatter) < 0.95 * Mean(Tissue.WhiteMatter));
    }

    [Fact]
    public void The_number_of_threads_changes_nothing()
    {
        var together = Enumerable.Range(0, 2).AsParallel().Select(_ => Scan("pkg", 2)).ToList();

        Assert.All(together, scan => Assert.Equal(Scan("pkg", 2).Image.Voxels, scan.Image.Voxels));
    }

    [Fact]
    public void Four_sequences_share_a_grid_and_parts_are_labeled_as_in_BraTS()
    {
        var scan = SimulatedScan.Create(Institution.Named("glioma-adult"), 2, 1, options with
        {
            Sequences = [ImageWeighting.T1, ImageWeighting.T1CE, ImageWeighting.T2, ImageWeighting.Flair], Labels = ReferenceLabels.Parts, SecondReader = true,
        });
        double Mean(int image, byte label) => scan.Label.Labels.Index().Where(v => v.Item == label).Average(v => scan.Images[image].Voxels[v.Index]);

        Assert.All(scan.Images, image => Assert.Equal(scan.Label.Grid, image.Grid));
        Assert.Equal([1, 2, 3], scan.Label.PresentLabels().Select(label => (int)label));
        Assert.True(Mean(1, 3) > 1.3 * Mean(0, 3), "Enhancing tumor gains by contrast agent.");
        Assert.True(Mean(1, 3) > 1.2 * Mean(1, 1), "The core does not enhance.");
        Assert.True(Mean(3, 2) > 1.2 * scan.Images[3].Voxels.Where(value => value > 0).Average(), "Edema is bright on FLAIR.");
        Assert.NotEqual(scan.Label.Labels, scan.SecondReading!.Labels);
    }

    [Fact]
    public void Native_and_BraTS_grids_are_as_the_institution_and_BraTS_store_them()
    {
        var native = ScanGrids.Of(Institution.Named("nyu").Scanner, options with { Grid = ScanGrid.Native });
        var brats = ScanGrids.Of(Institution.Named("nyu").Scanner, options with { Grid = ScanGrid.Brats });

        Assert.Equal(new Spacing(0.9, 0.9, 5), native.Spacing);
        Assert.Equal((new Size(240, 240, 155), new Spacing(1, 1, 1)), (brats.Size, brats.Spacing));
        Assert.Equal(0.25, ScanGrids.Fine(brats, options with { Grid = ScanGrid.Brats, Supersampling = 4 }).Spacing.X, tolerance: 1e-9);
    }

    [Fact]
    public void Artifacts_ghost_and_distort()
    {
        var plain = Scan("ucsf", 1);
        var spoiled = SimulatedScan.Create(Institution.Named("ucsf"), 1, 1, options with { Artifacts = true });

        Assert.NotEqual(plain.Image.Voxels, spoiled.Image.Voxels);
        var pose = Pose.Straight with { Distortion = 0.03f };
        Assert.Equal(103, pose.ToWorld(new(100, 0, 0)).X, tolerance: 1e-3f);
        Assert.True((pose.ToHead(pose.ToWorld(new(40, 50, 60))) - new System.Numerics.Vector3(40, 50, 60)).Length() < 0.01);
    }

    /// <summary>The simplest segmentation there is: the threshold on z-scored intensity that is best at one institution.</summary>
    [Theory]
    [InlineData("stanford", "pkg")]
    [InlineData("ucsf", "uclm")]
    [InlineData("uclm", "pkg")]
    public void The_best_threshold_of_one_institution_is_worse_at_another(string from, string to)
    {
        var thresholds = Enumerable.Range(10, 50).Select(i => i / 10.0).ToList();
        var foreign = Dice(to, thresholds.MaxBy(threshold => Dice(from, threshold)));

        Assert.InRange(foreign / thresholds.Max(threshold => Dice(to, threshold)), 0, 0.8);
    }

    private static SimulatedScan Scan(string institution, int patient) => SimulatedScan.Create(Institution.Named(institution), patient, 1, options);

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
