using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class PlansTests
{
    [Fact]
    public void Written_plans_read_back_the_same()
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");

        TestPlans.Small.Write(path);

        var read = Plans.Read(path);
        Assert.Equivalent(TestPlans.Small, read, strict: true);
        Assert.Equal(TestPlans.Small.Digest, read.Digest);
    }

    [Fact]
    public void The_digest_changes_with_the_plans() =>
        Assert.NotEqual(TestPlans.Small.Digest, (TestPlans.Small with { Spacing = [1, 1, 1.5] }).Digest);

    [Fact]
    public void Faults_are_named()
    {
        Assert.Empty(TestPlans.Small.Problems());
        Assert.Contains("patch_size", Assert.Single((TestPlans.Small with { PatchSize = [16, 16, 15] }).Problems()));
        Assert.Contains("batch_size", Assert.Single((TestPlans.Small with { BatchSize = 0 }).Problems()));
        Assert.Contains("spacing", Assert.Single((TestPlans.Small with { Spacing = [1, 1, double.NaN] }).Problems()));
        Assert.Contains("transpose_forward", Assert.Single((TestPlans.Small with { TransposeForward = [0, 0, 1] }).Problems()));
        Assert.Contains("normalization", Assert.Single((TestPlans.Small with { NormalizationSchemes = [] }).Problems()));
        Assert.Contains("strides", Assert.Single((TestPlans.Small with { KernelSizes = [[3, 3, 3]] }).Problems()));
        Assert.Contains("kernels odd", Assert.Single((TestPlans.Small with { KernelSizes = [[2, 3, 3], [3, 3, 3]] }).Problems()));
        Assert.Contains(
            (TestPlans.Small with { Labels = LabelScheme.Plain([new("background", 1)]) }).Problems(), problem => problem.Contains("\"background\": 0", StringComparison.Ordinal));
        Assert.Contains("consecutive", Assert.Single((TestPlans.Small with { Labels = LabelScheme.Plain([new("background", 0), new("lesion", 2)]) }).Problems()));
    }

    [Theory]
    [InlineData("{}", "configurations is missing")]
    [InlineData("""{"configurations": {"2d": {}, "3d_lowres": {}}}""", "no configurations.3d_fullres")]
    [InlineData("""{"configurations": {"3d_fullres": {"batch_size": "two"}}}""", "batch_size")]
    [InlineData("""{"configurations": {"3d_fullres": {"batch_size": 2}}}""", "architecture.arch_kwargs is missing")]
    [InlineData("plans", "Cannot read")]
    public void A_file_that_is_not_plans_says_what_is_missing(string json, string message)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");
        File.WriteAllText(path, json);

        var error = Assert.ThrowsAny<MetSegException>(() => Plans.Read(path));

        Assert.Contains(message, error.Message);
        Assert.Contains(path, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Theory]
    [InlineData("\"resampling_fn_data\": \"resample_data_or_seg_to_shape\"", "\"resampling_fn_data\": \"resample_torch_fornnunet\"", "resampling_fn_data resample_torch_fornnunet")]
    [InlineData("\"resampling_fn_seg\": \"resample_data_or_seg_to_shape\"", "\"resampling_fn_seg\": \"no_resampling\"", "resampling_fn_seg no_resampling")]
    [InlineData(
        "\"resampling_fn_probabilities\": \"resample_data_or_seg_to_shape\"",
        "\"resampling_fn_probabilities\": \"resample_torch_fornnunet\"",
        "resampling_fn_probabilities resample_torch_fornnunet")]
    [InlineData("\"force_separate_z\": null", "\"force_separate_z\": true", "resampling_fn_data_kwargs with force_separate_z")]
    public void Another_resampling_than_ours_is_refused_by_name(string ours, string other, string message)
    {
        using var scratch = new ScratchFolder();
        var path = scratch.PathOf("plans.json");
        TestPlans.Small.Write(path);
        var written = File.ReadAllText(path);
        Assert.Contains(ours, written);
        File.WriteAllText(path, written.Replace(ours, other, StringComparison.Ordinal));

        var error = Assert.Throws<MetSegException>(() => Plans.Read(path));

        Assert.Contains(message, error.Message);
        Assert.StartsWith($"'{path}', configurations.3d_fullres: ", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
