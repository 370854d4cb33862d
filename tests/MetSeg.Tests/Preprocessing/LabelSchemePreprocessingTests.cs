using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

/// <summary>Regions, ignored voxels, slices and cascades: what plans and preprocessing make of them.</summary>
public sealed class LabelSchemePreprocessingTests : IDisposable
{
    private static readonly LabelScheme regions = new([new("background", [0]), new("whole", [1, 2]), new("core", [2]), new("ignore", [3])], [1, 2]);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Locations_are_those_of_the_regions_and_of_all_that_is_labelled()
    {
        var grid = Grid.Axial(new Size(6, 1, 1), new Spacing(1, 1, 1));
        var image = new Volume(grid, [1, 2, 3, 4, 5, 6]);

        var found = Preprocessor.Preprocess([image], new LabelMap(grid, [0, 1, 2, 3, 2, 0]), TestPlans.Small with { Labels = regions }).ForegroundLocations;

        Assert.Equal([0, 1, 2], found.Keys.Order());
        Assert.Equal([1, 2, 4], found[1]);
        Assert.Equal([2, 4], found[2]);
        Assert.Equal([0, 1, 2, 4, 5], found[0]);
    }

    [Fact]
    public void Without_regions_or_ignore_locations_are_those_of_the_values()
    {
        var grid = Grid.Axial(new Size(4, 1, 1), new Spacing(1, 1, 1));

        var found = Preprocessor.Preprocess([new Volume(grid, [1, 2, 3, 4])], new LabelMap(grid, [0, 1, 0, 1]), TestPlans.Small).ForegroundLocations;

        Assert.Equal([1, 3], Assert.Single(found).Value);
        Assert.Equal(1, Assert.Single(found).Key);
    }

    [Fact]
    public void Regions_survive_plans_json_and_count_in_the_planners_memory_estimate()
    {
        var plans = TestPlans.Small with { Labels = regions };
        plans.Write(Path.Combine(folder.Path, "plans.json"));

        var read = Plans.Read(Path.Combine(folder.Path, "plans.json"));

        Assert.Equal(($"{regions}", plans.Digest), ($"{read.Labels}", read.Digest));
        Assert.Equal([1, 2], read.Labels.RegionsClassOrder);
        Assert.NotEqual(TestPlans.Small.Digest, read.Digest);
    }

    [Fact]
    public void A_slice_is_a_patch_of_depth_one_and_keeps_its_distance()
    {
        var slices = TestPlans.Small with
        {
            Configuration = Plans.Slices,
            Spacing = [0.5, 0.25],
            PatchSize = [16, 32],
            Strides = [[1, 1], [2, 2]],
            KernelSizes = [[3, 3], [3, 3]],
            MedianShape = [16, 32],
        };
        var grid = Grid.Axial(new Size(8, 8, 3), new Spacing(1, 1, 7));

        Assert.Empty(slices.Problems());
        Assert.Equal([1, 16, 32], slices.NetworkPatch);
        Assert.Equal([[1, 1, 1], [1, 2, 2]], slices.NetworkStrides);
        Assert.Equal([1, 3, 3], slices.NetworkKernels[0]);
        Assert.Equal(new Spacing(0.25, 0.5, 7), slices.VoxelSizeFor(grid));
        var image = new Volume(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => i + 1f)]);
        Assert.Equal(new Size(32, 16, 3), Preprocessor.Preprocess([image], null, slices).Geometry.Preprocessed.Size);
    }

    [Fact]
    public void The_second_stage_has_a_channel_for_each_value_and_the_cases_of_full_resolution()
    {
        var full = TestPlans.Small with { Labels = regions };
        var second = full with { Configuration = Plans.Cascade };
        second.Write(Path.Combine(folder.Path, "plans.json"));

        Assert.Equal((1, 3), (full.InputChannels, second.InputChannels));
        Assert.Equal((full.Digest, Plans.Cascade), (second.Digest, Plans.Read(Path.Combine(folder.Path, "plans.json")).Configuration));
        Assert.Contains("\"previous_stage\": \"3d_lowres\"", File.ReadAllText(Path.Combine(folder.Path, "plans.json")));
    }

    [Fact]
    public void A_segmentation_comes_to_the_grid_of_the_network_as_the_reference_does()
    {
        var random = new Random(3);
        var grid = new Grid(new Size(20, 18, 16), new Affine(0, 0, 2, -20, -1, 0, 0, 24, 0, -1.5, 0, 22));
        bool Inside(int i) => Math.Pow((i % 20) - 9, 2) + Math.Pow((i / 20 % 18) - 8, 2) + Math.Pow((i / 360) - 7, 2) < 30;
        var image = new Volume(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => Math.Abs((i % 20) - 9) > 7 ? 0 : 1 + (float)random.NextDouble())]);
        var label = new LabelMap(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => Inside(i) ? (byte)1 : (byte)0)]);

        var preprocessed = Preprocessor.Preprocess([image], label, TestPlans.Small);
        var moved = Preprocessor.ToPreprocessedGrid(label, preprocessed.Geometry);

        Assert.Equal(preprocessed.Label!.Labels, moved.Labels);
        Assert.Equal(preprocessed.Geometry.Preprocessed, moved.Grid);
        Assert.Throws<GridMismatchException>(() => Preprocessor.ToPreprocessedGrid(preprocessed.Label, preprocessed.Geometry));
    }

    [Fact]
    public void The_mark_stands_outside_the_mask_and_nowhere_on_a_label()
    {
        var grid = Grid.Axial(new Size(4, 1, 1), new Spacing(1, 1, 1));
        var geometry = new CaseGeometry(grid, grid, new CropBox(0, 0, 0, grid.Size), grid);
        var labels = new LabelMap(grid, [0, 0, 1, 1]);
        var one = new PreprocessedCase([], labels, new LabelMap(grid, [1, 0, 1, 0]), geometry, new Dictionary<int, int[]>());

        Assert.Equal([0, 255, 1, 1], one.MarkedLabel(255)!.Labels);
        Assert.Same(labels, (one with { Inside = null }).MarkedLabel(255));
    }
}
