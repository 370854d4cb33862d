using System.Text.Json;
using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class PreprocessTests : IDisposable
{
    private static readonly string[] caps = ["--max-patch", "16,16,16", "--base-features", "4", "--max-stages", "2", "--batch-size", "3"];

    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Plans_by_its_options_and_preprocesses_every_training_case()
    {
        var run = BuiltProgram.Run(["preprocess", work.Dataset("tumors", cases: 2), "--spacing", "1,1,2", .. caps]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^spacing +1 × 1 × 2 mm$", run.Output);
        Assert.Matches(@"(?m)^batch +3$", run.Output);
        Assert.Matches(@"(?m)^network +2 stages with 4, 8 features$", run.Output);
        Assert.Matches(@"(?m)^cases +2 in ", run.Output);
        var preprocessed = PreprocessedDataset.Open(work.PathOf("tumors/preprocessed"));
        Assert.Equal(["c0", "c1"], preprocessed.Entries.Select(entry => entry.Id));
        Assert.Equal(["pkg", "ucsf"], preprocessed.Entries.Select(entry => entry.Institution));
        Assert.True(File.Exists(work.PathOf("tumors/preprocessed/dataset_fingerprint.json")));
    }

    [Fact]
    public void One_case_is_enough()
    {
        var run = BuiltProgram.Run(["preprocess", work.Dataset("one", cases: 1), "--out", work.PathOf("out"), "--json", .. caps]);

        Assert.Equal(0, run.ExitCode);
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(1, result.GetProperty("cases").GetInt32());
        Assert.Equal([16, 16, 16], result.GetProperty("plans").GetProperty("patch").EnumerateArray().Select(edge => edge.GetInt32()));
        Assert.Equal("c0", Assert.Single(PreprocessedDataset.Open(work.PathOf("out")).Entries).Id);
        Assert.False(Directory.Exists(work.PathOf("one/preprocessed")));
    }

    [Fact]
    public void Planning_alone_writes_the_same_plans_with_or_without_the_images()
    {
        var dataset = work.Dataset("tumors", cases: 2);
        Assert.Equal(0, BuiltProgram.Run(["preprocess", dataset, .. caps]).ExitCode);
        Directory.CreateDirectory(work.PathOf("described"));
        File.Copy(Path.Combine(dataset, "dataset.json"), work.PathOf("described/dataset.json"));
        var fingerprint = Path.Combine(dataset, "preprocessed", "dataset_fingerprint.json");

        var byImages = BuiltProgram.Run(["plan", dataset, "--out", work.PathOf("images.json"), .. caps]);
        var byFingerprint = BuiltProgram.Run(
            ["plan", work.PathOf("described"), "--fingerprint", fingerprint, "--out", work.PathOf("fingerprint.json"), .. caps]);

        Assert.Equal((0, 0), (byImages.ExitCode, byFingerprint.ExitCode));
        Assert.Equal(byImages.Output, byFingerprint.Output);
        var expected = Plans.Read(Path.Combine(dataset, "preprocessed", "plans.json"));
        Assert.Equal(expected.Digest, Plans.Read(work.PathOf("images.json")).Digest);
        Assert.Equal(expected.Digest, (Plans.Read(work.PathOf("fingerprint.json")) with { DatasetName = expected.DatasetName }).Digest);
    }

    [Theory]
    [InlineData("option '--planner' takes default or resenc-m or resenc-l or resenc-xl, not 'resenc-s'.", "--planner", "resenc-s")]
    [InlineData("option '--spacing' takes values separated by commas, such as 1,1,1, not '1,x,1'.", "--spacing", "1,x,1")]
    [InlineData("spacing must be three positive lengths in mm (x, y, z), not [1, 1].", "--spacing", "1,1")]
    [InlineData("memoryGb must be positive, not -1.", "--memory-gb", "-1")]
    [InlineData("option '--max-stages' takes a whole number, not 'few'.", "--max-stages", "few")]
    public void Options_that_cannot_work_are_refused_before_an_image_is_read(string message, params string[] options)
    {
        var dataset = work.Dataset("tumors", cases: 1);

        work.IsRefused(["preprocess", dataset, .. options], message);
        work.IsRefused(["plan", dataset, "--out", work.PathOf("plans.json"), .. options], message);
    }
}
