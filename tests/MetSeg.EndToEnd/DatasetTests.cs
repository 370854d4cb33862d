using System.Text.Json;
using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class DatasetTests : IDisposable
{
    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void A_table_becomes_a_data_set()
    {
        NiftiWriter.Write(work.PathOf("a.nii"), WorkFolder.Image(1));
        NiftiWriter.Write(work.PathOf("a_label.nii"), WorkFolder.Lesion(4));
        var table = work.PathOf("table.csv");
        File.WriteAllText(table, "case,institution,split,image,label,label_values\na,ucsf,,a.nii,a_label.nii,4\nb,pkg,test,a.nii,,\n");

        var run = BuiltProgram.Run("dataset", "import", "--layout", "table", table, "--labels", "tumor=1", "--out", work.PathOf("made"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^pkg +0 +1 +1$", run.Output);
        var dataset = NnUNetLayout.Read(work.PathOf("made"));
        Assert.Equal(["background", "tumor"], dataset.Labels.Entries.Select(entry => entry.Name));
        Assert.Equal([1], NiftiReader.ReadLabelMap(dataset.TrainingCases[0].LabelPath!).PresentLabels());
    }

    [Fact]
    public void Check_lists_every_problem_and_ends_with_2()
    {
        var dataset = work.Dataset("tumors", cases: 3);
        NiftiWriter.Write(NnUNetLayout.LabelPath(dataset, "c0"), WorkFolder.Lesion(7));
        File.WriteAllText(NnUNetLayout.ImagePath(dataset, "c2"), "not an image");

        var run = BuiltProgram.Run("dataset", "check", dataset);
        var json = BuiltProgram.Run("dataset", "check", dataset, "--json");

        Assert.Equal((2, 2), (run.ExitCode, json.ExitCode));
        Assert.EndsWith("2 problems.\n", run.Output);
        var problems = JsonDocument.Parse(json.Output).RootElement.GetProperty("problems");
        Assert.Equal(2, problems.GetArrayLength());
        Assert.Contains("c0.nii.gz' has label 7", problems[0].GetString());
        Assert.Contains("c2_0000.nii.gz", problems[1].GetString());
    }

    [Fact]
    public void Split_is_written_where_training_and_preprocessing_take_it_from()
    {
        var dataset = work.Dataset("tumors", cases: 4);

        Assert.Equal(0, BuiltProgram.Run("dataset", "split", dataset, "--folds", "2").ExitCode);
        Assert.Equal(0, BuiltProgram.Run("preprocess", dataset, "--base-features", "4").ExitCode);

        var own = File.ReadAllText(Path.Combine(dataset, "splits_final.json"));
        Assert.Equal(2, JsonDocument.Parse(own).RootElement.GetArrayLength());
        Assert.Equal(own, File.ReadAllText(Path.Combine(dataset, "preprocessed", "splits_final.json")));

        Assert.Equal(0, BuiltProgram.Run("dataset", "split", dataset, "--folds", "4").ExitCode);

        var renewed = File.ReadAllText(Path.Combine(dataset, "preprocessed", "splits_final.json"));
        Assert.Equal(4, JsonDocument.Parse(renewed).RootElement.GetArrayLength());
    }

    [Fact]
    public void Split_needs_two_patients_and_a_sensible_number_of_folds()
    {
        work.IsRefused(["dataset", "split", work.Dataset("one", cases: 1)], "Cross-validation needs at least 2 patients");
        var two = work.Dataset("two", cases: 2);
        work.IsRefused(["dataset", "split", two, "--folds", "1"], "option '--folds' takes a number from 2 to 1000, not '1'.");
        work.IsRefused(["dataset", "split", two, "--seed", "-1"], "option '--seed' takes a number from 0 to 4294967295 here, not -1.");
    }

    [Theory]
    [InlineData("option '--layout' takes table, not 'brats'.", "--layout", "brats", "--out", "made")]
    [InlineData("option '--layout' is required.", "--out", "made")]
    [InlineData("option '--out' is required.", "--layout", "table")]
    [InlineData("option '--labels' takes names with numbers, each once, such as", "--layout", "table", "--out", "made", "--labels", "core")]
    [InlineData("labels: 'core' must be a value from 1 to 255, not 300.", "--layout", "table", "--out", "made", "--labels", "core=300")]
    public void Import_refuses_options_that_cannot_work(string message, params string[] options)
    {
        File.WriteAllText(work.PathOf("table.csv"), "case,image,label\n");

        var inFolder = options.Select(word => word == "made" ? work.PathOf(word) : word);
        work.IsRefused(["dataset", "import", work.PathOf("table.csv"), .. inFolder], message);
    }

    [Fact]
    public void Import_refuses_a_missing_table() =>
        work.IsRefused(["dataset", "import", "--layout", "table", work.PathOf("none.csv"), "--out", work.PathOf("made")], "SRC: there is no file");
}
