using System.Text.Json;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class HarmonizeTests : IDisposable
{
    private static readonly string[] little = ["--size", "32", "--base-features", "2", "--latent", "3", "--epochs", "1", "--iterations", "2", "--fold", "all", "--accept-contrast-loss"];

    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Theory]
    [InlineData("published", "vector", "resized")]
    [InlineData("released", "vector", "original")]
    [InlineData("ours", "spatial", "percentiles")]
    public void Trains_by_a_preset_and_applies_what_it_trained(string preset, string latentForm, string range)
    {
        var dataset = Prepare();

        var run = BuiltProgram.Run(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--preset", preset, "--samples-per-hospital", "2", "--json", .. little]);
        var applied = BuiltProgram.Run(["harmonize", "apply", work.PathOf("h"), Path.Combine(dataset, "imagesTr"), "--out", work.PathOf("out")]);

        Assert.Equal((0, 0), (run.ExitCode, applied.ExitCode));
        Assert.True(double.IsFinite(JsonDocument.Parse(run.Output).RootElement.GetProperty("alignment").GetDouble()));
        var options = JsonDocument.Parse(File.ReadAllText(work.PathOf("h/harmonizer.json"))).RootElement.GetProperty("options");
        Assert.Equal((latentForm, range), (options.GetProperty("vae").GetProperty("latentForm").GetString(), options.GetProperty("rangeInUse").GetString()));
        Assert.Equal((2, 3), (options.GetProperty("samplesPerDomain").GetInt32(), options.GetProperty("vae").GetProperty("latent").GetInt32()));
        Assert.Equal(4, Directory.GetFiles(work.PathOf("out"), "*.nii.gz").Length);
    }

    [Theory]
    [InlineData("residual")]
    [InlineData("patches")]
    public void The_way_of_transfer_is_recorded_and_the_scans_are_scored_and_shown(string transfer)
    {
        var dataset = Prepare();

        BuiltProgram.Run(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--preset", "released", "--transfer", transfer, .. little]);
        var applied = BuiltProgram.Run(["harmonize", "apply", work.PathOf("h"), Path.Combine(dataset, "imagesTr"), "--out", work.PathOf("out")]);

        var options = JsonDocument.Parse(File.ReadAllText(work.PathOf("h/harmonizer.json"))).RootElement.GetProperty("options");
        Assert.Equal((transfer, false), (options.GetProperty("transfer").GetString(), options.GetProperty("sampleInUse").GetBoolean()));
        Assert.Equal(0, applied.ExitCode);
        Assert.Equal(4, applied.Output.Split('\n').Count(line => line.Contains("out of distribution: Mahalanobis")));
        Assert.Equal(5, File.ReadAllLines(work.PathOf("out/harmonized.csv")).Length);
        Assert.Equal(4, Directory.GetFiles(work.PathOf("out"), "*.png").Length);
    }

    [Fact]
    public void What_cannot_work_is_refused_in_one_line()
    {
        var dataset = Prepare();

        work.IsRefused(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--preset", "best"], "--preset", "published or released or ours");
        work.IsRefused(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--size", "24"], "vae.inputSize", "multiples of 16");
        work.IsRefused(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--micro-batch=-1"], "microBatch");
        work.IsRefused(["harmonize", "train", dataset, "--out", work.PathOf("h"), "--transfer", "whole"], "--transfer", "volume or residual or patches");
        work.IsRefused(["train", dataset, "--out", work.PathOf("run"), "--harmonizer", work.PathOf("nothing")], "--harmonizer", "nothing");
        work.IsRefused(["train", dataset, "--out", work.PathOf("run"), "--harmonizer", dataset], "--harmonizer", "is no harmonizer");
    }

    private string Prepare()
    {
        var dataset = work.Dataset("two", cases: 4);
        Assert.Equal(0, BuiltProgram.Run(["preprocess", dataset, "--max-patch", "16,16,16", "--base-features", "4", "--max-stages", "2"]).ExitCode);
        return dataset;
    }
}
