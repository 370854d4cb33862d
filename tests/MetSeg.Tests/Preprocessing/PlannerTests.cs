using System.Text.Json.Nodes;
using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class PlannerTests
{
    [Theory]
    [InlineData("liver-mri", false)]
    [InlineData("lung-ct", true)]
    public void Plans_a_public_fingerprint_as_nnU_Net_did(string name, bool batchDice)
    {
        var folder = SharedData.PathOf($"golden/plans/{name}");
        var expected = Plans.Read(Path.Combine(folder, "plans.json"));

        var plans = Planner.Plan(Fingerprint.Read(Path.Combine(folder, "dataset_fingerprint.json")), DatasetOf(expected));

        Assert.Equal(expected.Spacing, plans.Spacing);
        Assert.Equal(expected.PatchSize, plans.PatchSize);
        Assert.Equal(expected.BatchSize, plans.BatchSize);
        Assert.Equal(expected.Strides, plans.Strides);
        Assert.Equal(expected.KernelSizes, plans.KernelSizes);
        Assert.Equal(batchDice, plans.BatchDice);
    }

    [Theory]
    [InlineData("liver-mri")]
    [InlineData("lung-ct")]
    public void Writes_every_key_of_nnU_Nets_plans_with_its_value(string name)
    {
        var folder = SharedData.PathOf($"golden/plans/{name}");
        var theirPath = Path.Combine(folder, "plans.json");
        using var scratch = new ScratchFolder();
        var ourPath = scratch.PathOf("plans.json");

        Plans.Write(ourPath, Planner.PlanAll(Fingerprint.Read(Path.Combine(folder, "dataset_fingerprint.json")), DatasetOf(Plans.Read(theirPath))));

        var (theirs, ours) = (JsonNode.Parse(File.ReadAllText(theirPath))!.AsObject(), JsonNode.Parse(File.ReadAllText(ourPath))!.AsObject());
        theirs["image_reader_writer"] = "NibabelIOWithReorient";   // every image is reoriented to RAS
        Assert.Equal(theirs["configurations"]!.AsObject().Select(pair => pair.Key), ours["configurations"]!.AsObject().Select(pair => pair.Key));
        foreach (var (key, value) in theirs)
        {
            AssertSame(value, ours[key]);
        }
    }

    // Computed with nnU-Net's own rules: see the facts on nnU-Net, 1.9.
    [Theory]
    [InlineData("resenc-l", new[] { 95, 512, 512 }, new[] { 2.5, 0.8125, 0.8125 }, 281, 3, new[] { 56, 320, 256 }, 2)]
    [InlineData("resenc-m", new[] { 140, 171, 137 }, new[] { 1.0, 1, 1 }, 1000, 4, new[] { 128, 128, 128 }, 2)]
    [InlineData("resenc-l", new[] { 140, 171, 137 }, new[] { 1.0, 1, 1 }, 1000, 4, new[] { 160, 192, 160 }, 3)]
    [InlineData("resenc-xl", new[] { 140, 171, 137 }, new[] { 1.0, 1, 1 }, 1000, 4, new[] { 160, 192, 160 }, 5)]
    [InlineData("resenc-m", new[] { 482, 512, 512 }, new[] { 1, 0.7676, 0.7676 }, 131, 3, new[] { 128, 128, 128 }, 2)]
    [InlineData("resenc-l", new[] { 482, 512, 512 }, new[] { 1, 0.7676, 0.7676 }, 131, 3, new[] { 192, 192, 192 }, 2)]
    [InlineData("resenc-xl", new[] { 482, 512, 512 }, new[] { 1, 0.7676, 0.7676 }, 131, 3, new[] { 224, 256, 224 }, 2)]
    public void Residual_encoders_fill_the_memory_they_were_made_for(
        string preset, int[] shape, double[] spacing, int cases, int labels, int[] patch, int batch)
    {
        var options = new PlannerOptions { Preset = PlannerPreset.ByName[preset] };

        var plans = Planner.Plan(Uniform(shape, spacing, cases), DatasetWith(labels), options);

        Assert.Equal(patch, plans.PatchSize);
        Assert.Equal(batch, plans.BatchSize);
        Assert.Equal(NetworkArchitecture.ResidualEncoderUNet, plans.Architecture);
        Assert.Equal([1, 3, 4, 6, 6], plans.ConvPerStage.Take(5));
        Assert.All(plans.ConvPerStageDecoder, count => Assert.Equal(1, count));
    }

    [Fact]
    public void Slices_are_planned_by_their_own_memory()
    {
        var slices = Planner.PlanAll(Uniform([36, 50, 35], [1, 1, 1], 260), DatasetWith(3))[^1];

        Assert.Equal(Plans.Slices, slices.Configuration);
        Assert.Equal([56, 40], slices.PatchSize);
        Assert.Equal(366, slices.BatchSize);
        Assert.True(slices.BatchDice);
        Assert.Empty(slices.Problems());
    }

    [Fact]
    public void A_low_resolution_is_planned_for_large_images_and_named_as_the_first_stage_of_a_cascade()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");
        var all = Planner.PlanAll(Uniform([482, 512, 512], [1, 0.7676, 0.7676], 131), DatasetWith(3));
        Plans.Write(path, all);

        var (full, low, cascade) = (Plans.Read(path), Plans.Read(path, Plans.LowResolution), Plans.Read(path, Plans.Cascade));

        Assert.Equal([Plans.FullResolution, Plans.LowResolution, Plans.Slices], all.Select(plans => plans.Configuration));
        Assert.True(low.MedianShape.Aggregate((a, b) => a * b) < full.MedianShape.Aggregate((a, b) => a * b) / 2);
        Assert.True(full.BatchDice && !low.BatchDice);
        Assert.Equal("nnUNetPlans_3d_lowres", low.DataIdentifier);
        Assert.Equal(full.PatchSize, cascade.PatchSize);
        Assert.Equal(full.Digest, Plans.Read(path).Digest);
    }

    [Fact]
    public void A_configuration_that_was_not_planned_is_refused_with_those_that_were()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");
        Plans.Write(path, Planner.PlanAll(Uniform([140, 171, 137], [1, 1, 1], 50), DatasetWith(2)));

        var error = Assert.Throws<MetSegException>(() => Plans.Read(path, Plans.LowResolution));

        Assert.Contains("2d, 3d_fullres", error.Message);
    }

    [Fact]
    public void Plans_of_nnU_Net_2_0_are_understood()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");
        var expected = Planner.Plan(Uniform([140, 171, 137], [1, 1, 1], 50), DatasetWith(2));
        expected.Write(path);
        var file = JsonNode.Parse(File.ReadAllText(path))!;
        var configuration = file["configurations"]!["3d_fullres"]!.AsObject();
        var network = configuration["architecture"]!["arch_kwargs"]!;
        configuration["UNet_class_name"] = "PlainConvUNet";
        configuration["UNet_base_num_features"] = 32;
        configuration["unet_max_num_features"] = 320;
        configuration["pool_op_kernel_sizes"] = network["strides"]!.DeepClone();
        configuration["conv_kernel_sizes"] = network["kernel_sizes"]!.DeepClone();
        configuration["n_conv_per_stage_encoder"] = network["n_conv_per_stage"]!.DeepClone();
        configuration["n_conv_per_stage_decoder"] = network["n_conv_per_stage_decoder"]!.DeepClone();
        configuration.Remove("architecture");
        File.WriteAllText(path, file.ToJsonString());

        Assert.Equal(expected.Digest, Plans.Read(path).Digest);
    }

    // Test vectors computed with nnU-Net's own rules: see the facts on nnU-Net, 1.9.
    [Theory]
    [InlineData(new[] { 36, 50, 35 }, new[] { 1.0, 1, 1 }, 260, 3, new[] { 40, 56, 40 }, 9)]
    [InlineData(new[] { 300, 480, 480 }, new[] { 1, 0.8333, 0.8333 }, 100, 3, new[] { 96, 160, 160 }, 2)]
    [InlineData(new[] { 136, 153, 171 }, new[] { 1.0, 1, 1 }, 100, 2, new[] { 112, 128, 160 }, 2)]
    [InlineData(new[] { 140, 171, 137 }, new[] { 1.0, 1, 1 }, 1000, 4, new[] { 128, 128, 128 }, 2)]
    [InlineData(new[] { 18, 237, 208 }, new[] { 5, 1.5625, 1.5625 }, 200, 4, new[] { 20, 256, 224 }, 4)]
    [InlineData(new[] { 482, 512, 512 }, new[] { 1, 0.7676, 0.7676 }, 131, 3, new[] { 128, 128, 128 }, 2)]
    public void Patch_and_batch_fit_nnU_Nets_memory(int[] shape, double[] spacing, int cases, int labels, int[] patch, int batch)
    {
        var plans = Planner.Plan(Uniform(shape, spacing, cases), DatasetWith(labels));

        Assert.Equal(patch, plans.PatchSize);
        Assert.Equal(batch, plans.BatchSize);
        Assert.Empty(plans.Problems());
    }

    [Fact]
    public void A_coarse_axis_of_few_voxels_takes_the_tenth_percentile()
    {
        // z is 8 times as coarse as x and y, with a tenth as many voxels: the 10th percentile of 2, 2, 8, 8, … lies at rank 0.9, between two 2s.
        double[] coarse = [8, 1, 1], fine = [2, 1, 1];
        var fingerprint = new Fingerprint(
            [fine, fine, .. Enumerable.Repeat(coarse, 8)], [.. Enumerable.Repeat(new[] { 20, 200, 200 }, 10)], [Intensities], 1);

        Assert.Equal(2, Planner.Plan(fingerprint, DatasetWith(2)).Spacing[0], tolerance: 1e-12);
    }

    [Fact]
    public void The_coarsest_axis_comes_first()
    {
        // Sagittal slices: x is the coarse axis.
        var plans = Planner.Plan(Uniform([200, 180, 40], [1, 1, 4], 20), DatasetWith(2));

        Assert.Equal([2, 0, 1], plans.TransposeForward);
        Assert.Equal([4, 1, 1], plans.Spacing);
        Assert.Equal([40, 200, 180], plans.MedianShape);
        Assert.Equal([1, 3, 3], plans.KernelSizes[0]);
    }

    [Theory]
    [InlineData(0.7, true)]
    [InlineData(0.75, false)]
    public void Statistics_stay_inside_the_mask_where_cropping_removes_more_than_a_quarter(double relativeSize, bool masked)
    {
        var plans = Planner.Plan(Uniform([100, 100, 100], [1, 1, 1], 20) with { MedianRelativeSize = relativeSize }, DatasetWith(2));

        Assert.Equal([masked], plans.UseMaskForNormalization);
    }

    [Fact]
    public void Caps_hold_and_the_network_still_divides_the_patch()
    {
        var options = new PlannerOptions { MaxPatch = [70, 50, 33], BatchSize = 1, BaseFeatures = 8, MaxFeatures = 48, MaxStages = 4 };

        var plans = Planner.Plan(Uniform([140, 171, 137], [1, 1, 1], 50), DatasetWith(2), options);

        Assert.Equal([32, 48, 64], plans.PatchSize);
        Assert.Equal(new Size(64, 48, 32), plans.PatchExtent);
        Assert.Equal(1, plans.BatchSize);
        Assert.Equal([8, 16, 32, 48], plans.FeaturesPerStage);
        Assert.Empty(plans.Problems());
    }

    [Fact]
    public void The_wanted_spacing_is_given_as_x_y_z()
    {
        var plans = Planner.Plan(Uniform([100, 120, 140], [1, 1, 1], 20), DatasetWith(2), new PlannerOptions { Spacing = [1, 1, 2] });

        Assert.Equal([2, 1, 1], plans.Spacing);
        Assert.Equal([50, 120, 140], plans.MedianShape);
    }

    [Fact]
    public void More_memory_makes_the_patch_larger() =>
        Assert.True(
            Planner.Plan(Uniform([300, 300, 300], [1, 1, 1], 50), DatasetWith(2), new PlannerOptions { MemoryGb = 24 }).PatchExtent.Count
            > Planner.Plan(Uniform([300, 300, 300], [1, 1, 1], 50), DatasetWith(2)).PatchExtent.Count);

    [Fact]
    public void A_tiny_memory_ends_with_a_small_patch_not_with_an_endless_search() =>
        Assert.True(Planner.Plan(
            Uniform([100, 100, 100], [1, 1, 1], 5), DatasetWith(2), new PlannerOptions { MemoryGb = 0.01 }).PatchExtent.Count < 64 * 64 * 64);

    [Fact]
    public void Images_of_a_few_voxels_are_refused()
    {
        var error = Assert.Throws<DatasetException>(() => Planner.Plan(Uniform([5, 6, 7], [1, 1, 1], 5), DatasetWith(2)));

        Assert.Contains("7×6×5", error.Message);
    }

    [Fact]
    public void A_fingerprint_of_other_channels_is_refused() =>
        Assert.Contains("channels", Assert.Throws<DatasetException>(() => Planner.Plan(
            Uniform([64, 64, 64], [1, 1, 1], 5) with { ForegroundIntensities = [Intensities, Intensities] }, DatasetWith(2))).Message);

    [Fact]
    public void Options_have_their_documented_defaults()
    {
        var options = new PlannerOptions();

        Assert.Equal((32, 320), (options.BaseFeatures, options.MaxFeatures));
        Assert.Equal((null, null, null, null, null), (options.MemoryGb, options.Spacing, options.MaxPatch, options.BatchSize, options.MaxStages));
        Assert.Equal(("ExperimentPlanner", 8), (options.Preset.Name, options.Preset.MemoryGb));
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void All_faults_of_the_options_are_reported_together()
    {
        var options = new PlannerOptions
        {
            MemoryGb = 0, Spacing = [1, 0, 1], MaxPatch = [64, 64], BatchSize = 0, BaseFeatures = 0, MaxFeatures = -1, MaxStages = 1,
        };

        var error = Assert.Throws<OptionsException>(() => Planner.Plan(Uniform([64, 64, 64], [1, 1, 1], 5), DatasetWith(2), options));

        Assert.Equal(7, options.Problems().Count());
        Assert.All(options.Problems(), problem => Assert.Contains(problem, error.Message));
    }

    private static IntensityProperties Intensities { get; } = new(10, 5, 5, 1, 1.5, 9.5, 2);

    private static Fingerprint Uniform(int[] shape, double[] spacing, int cases) =>
        new([.. Enumerable.Repeat(spacing, cases)], [.. Enumerable.Repeat(shape, cases)], [Intensities], 1);

    private static Dataset DatasetWith(int labels) => new(
        "", "Dataset001_Test", ["T1CE"], LabelScheme.Plain(Enumerable.Range(0, labels).ToDictionary(value => value == 0 ? "background" : $"label{value}")), [], []);

    private static Dataset DatasetOf(Plans plans) => new("", plans.DatasetName, plans.ChannelNames, plans.Labels, [], []);

    private static void AssertSame(JsonNode? expected, JsonNode? actual) =>
        Assert.True(JsonNode.DeepEquals(expected, actual), $"expected {expected?.ToJsonString()} but found {actual?.ToJsonString()}");
}
