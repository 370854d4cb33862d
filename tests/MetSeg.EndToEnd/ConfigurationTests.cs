using System.Text.Json;
using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>Slices, regions and postprocessing, from data set to segmentation, as a user of nnU-Net would ask for them.</summary>
public sealed class ConfigurationTests : IDisposable
{
    private static readonly string[] small = ["--max-patch", "16,16,16", "--base-features", "4", "--max-stages", "2", "--batch-size", "2"];
    private static readonly string[] once = ["--epochs", "1", "--iterations", "2", "--device", "cpu"];
    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Slices_are_preprocessed_trained_validated_postprocessed_and_predicted()
    {
        var (dataset, run) = (work.Dataset("tumors", cases: 5), work.PathOf("run"));
        Done(["preprocess", dataset, "--configuration", "2d", .. small]);
        work.IsRefused(["train", dataset, "--out", run, .. once], "0 of 5 cases preprocessed for 3d_fullres", "--configuration 3d_fullres");

        var trained = Done(["train", dataset, "--out", run, "--configuration", "2d", "--augmentation", "light", "--json", .. once]);
        var chosen = Done(["model", "postprocessing", run, "--labels", Path.Combine(dataset, "labelsTr"), "--json"]);
        var predicted = Done(["predict", "--model", run, "-i", NnUNetLayout.ImagePath(dataset, "c0"), "-o", work.PathOf("out"), "--device", "cpu", "--json"]);

        Assert.True(trained.RootElement.TryGetProperty("validationDice", out _));
        Assert.Single(Directory.GetFiles(Path.Combine(run, "fold_0", "validation"), "*.nii.gz"));
        Assert.Equal([1], chosen.RootElement.GetProperty("tried")[0].GetProperty("labels").EnumerateArray().Select(label => label.GetInt32()));
        Assert.True(File.Exists(Path.Combine(run, "postprocessing.json")));
        Assert.Equal(WorkFolder.Grid.Size, NiftiReader.ReadLabelMap(work.PathOf("out/c0.nii.gz")).Grid.Size);
        Assert.Equal(1, predicted.RootElement.GetProperty("cases").GetArrayLength());
    }

    [Fact]
    public void Regions_are_followed_from_dataset_json_to_the_probability_maps()
    {
        var (dataset, run) = (work.Dataset("regions", cases: 5), work.PathOf("run"));
        NnUNetLayout.WriteDatasetJson(
            dataset, ["T1CE"], new LabelScheme([new("background", [0]), new("whole", [1, 2]), new("core", [2])], [1, 2]), 5);
        Done(["preprocess", dataset, .. small]);

        Done(["train", dataset, "--out", run, "--no-validation", .. once]);
        Done(["predict", "--model", run, "-i", NnUNetLayout.ImagePath(dataset, "c0"), "-o", work.PathOf("out"), "--probabilities", "--no-mirroring", "--device", "cpu"]);

        Assert.False(Directory.Exists(Path.Combine(run, "fold_0", "validation")));
        Assert.True(File.Exists(work.PathOf("out/c0_probability_whole.nii.gz")));
        Assert.True(File.Exists(work.PathOf("out/c0_probability_core.nii.gz")));
    }

    [Fact]
    public void What_a_configuration_lacks_is_named()
    {
        var dataset = work.Dataset("tumors", cases: 5);
        work.IsRefused(["preprocess", dataset, "--configuration", "3d_lowres", "-q", .. small], "The images need no 3d_lowres");
        work.IsRefused(["preprocess", dataset, "--configuration", "4d", .. small], "option '--configuration' takes 3d_fullres or 3d_lowres or 3d_cascade_fullres or 2d");
        Done(["preprocess", dataset, .. small]);
        work.IsRefused(["train", dataset, "--out", work.PathOf("run"), "--previous", dataset, .. once], "--previous is for 3d_cascade_fullres alone");
        work.IsRefused(["train", dataset, "--out", work.PathOf("run"), "--configuration", "3d_lowres", .. once], "has no configurations.3d_lowres");
        work.IsRefused(["model", "postprocessing", dataset, "--labels", dataset], "plans.json");
    }

    private static JsonDocument Done(string[] arguments)
    {
        var run = BuiltProgram.Run(arguments);
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonDocument.Parse(arguments.Contains("--json") ? run.Output : "{}");
    }
}
