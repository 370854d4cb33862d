using System.Text;
using MetSeg.Datasets;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public sealed class PreprocessedDatasetTests : IDisposable
{
    private static readonly PlannerOptions small = new() { MaxPatch = [16, 16, 16], BaseFeatures = 4 };
    private readonly ScratchFolder scratch = new();

    private string Raw => scratch.PathOf("Dataset001_Secret_place");

    private string Out => scratch.PathOf("preprocessed");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => scratch.Dispose();

    [Fact]
    public void A_preprocessed_case_reads_back_as_it_was_made()
    {
        var dataset = Make("A_1", "A_2");

        var plans = Plan(dataset);

        var opened = PreprocessedDataset.Open(Out);
        var (expected, loaded) = (Direct(dataset, "A_2", plans), opened.Load("A_2"));
        Assert.Equal(["A_1", "A_2"], opened.Entries.Select(entry => entry.Id));
        Assert.All(opened.Entries, entry => Assert.Equal(("north", "P-" + entry.Id, true), (entry.Institution, entry.Patient, entry.HasLabel)));
        Assert.Equal(expected.Channels[0].Voxels, loaded.Channels[0].Voxels);
        Assert.Equal(expected.Label!.Labels, loaded.Label!.Labels);
        Assert.Equal(expected.Inside!.Labels, loaded.Inside!.Labels);
        Assert.Equal(expected.Geometry, loaded.Geometry);
        Assert.Equal(expected.ForegroundLocations[1], loaded.ForegroundLocations[1]);
        Assert.Equal(expected.Geometry.Preprocessed, loaded.Channels[0].Grid);
    }

    [Fact]
    public void The_folder_is_laid_out_as_nnU_Nets()
    {
        Plan(Make("A_1", "A_2"));

        Assert.Equal(
            ["dataset.json", "dataset_fingerprint.json", "plans.json", "splits_final.json"],
            Directory.GetFiles(Out).Select(Path.GetFileName).Order());
        Assert.Equal(
            ["A_1.json", "A_1_0000.nii", "A_1_inside.nii", "A_1_seg.nii"],
            Directory.GetFiles(Path.Combine(Out, "nnUNetPlans_3d_fullres"), "A_1*").Select(Path.GetFileName).Order());
    }

    [Fact]
    public void No_file_says_where_a_scan_came_from()
    {
        Plan(Make("A_1", "A_2"));

        foreach (var path in Directory.GetFiles(Out, "*", SearchOption.AllDirectories))
        {
            var text = Encoding.Latin1.GetString(File.ReadAllBytes(path));
            Assert.DoesNotContain(scratch.Root, text);
            Assert.DoesNotContain("imagesTr", text);
            Assert.DoesNotContain("labelsTr", text);
        }
    }

    [Fact]
    public void Cases_that_are_there_are_not_done_again_but_changed_ones_are()
    {
        var dataset = Make("A_1", "A_2");
        var plans = Plan(dataset);
        var before = WriteTimes();
        File.SetLastWriteTimeUtc(dataset.TrainingCases[1].LabelPath!, new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        Preprocess(dataset, plans);

        var after = WriteTimes();
        Assert.All(before.Keys, path =>
            Assert.Equal(Path.GetFileName(path).StartsWith("A_2", StringComparison.Ordinal), before[path] != after[path]));
    }

    [Fact]
    public void Other_plans_do_every_case_again_and_left_over_cases_go()
    {
        var dataset = Make("A_1", "A_2", "A_3");
        var plans = Plan(dataset);
        var before = WriteTimes();

        Preprocess(dataset with { TrainingCases = [.. dataset.TrainingCases.Take(2)] }, plans with { Spacing = [1.5, 1.5, 1.5] });

        Assert.All(WriteTimes(), file => Assert.NotEqual(before[file.Key], file.Value));
        Assert.Equal(["A_1", "A_2"], PreprocessedDataset.Open(Out).Entries.Select(entry => entry.Id));
        Assert.Empty(Directory.GetFiles(Out, "A_3*", SearchOption.AllDirectories));
    }

    [Fact]
    public void An_interrupted_run_is_noticed_and_goes_on()
    {
        var dataset = Make("A_1", "A_2");
        var plans = Plan(dataset);
        File.Delete(Path.Combine(Out, plans.DataIdentifier, "A_2.json"));

        var error = Assert.Throws<MetSegException>(() => PreprocessedDataset.Open(Out));

        Assert.Contains("1 of 2", error.Message);
        Preprocess(dataset, plans);
        Assert.Equal(2, PreprocessedDataset.Open(Out).Entries.Count);
    }

    [Fact]
    public void A_damaged_case_is_written_again()
    {
        var dataset = Make("A_1");
        var plans = Plan(dataset);
        var path = Path.Combine(Out, plans.DataIdentifier, "A_1.json");
        File.WriteAllText(path, "{");

        Assert.Contains(path, Assert.Throws<MetSegException>(() => PreprocessedDataset.Open(Out)).Message);
        Preprocess(dataset, plans);
        Assert.Single(PreprocessedDataset.Open(Out).Entries);
    }

    [Fact]
    public void Plans_of_another_data_set_can_be_used_again_and_again()
    {
        var dataset = Make("A_1");
        var plans = TestPlans.Small with { DatasetName = "Dataset900_Source" };

        Preprocess(dataset, plans);
        Preprocess(dataset, plans);

        Assert.Equal("Dataset001_Secret_place", PreprocessedDataset.Open(Out).Plans.DatasetName);
    }

    [Fact]
    public void One_case_alone_has_no_splits()
    {
        Plan(Make("A_1"));

        Assert.Single(PreprocessedDataset.Open(Out).Entries);
        Assert.False(File.Exists(Path.Combine(Out, "splits_final.json")));
    }

    [Fact]
    public void Splits_of_the_data_set_are_taken_over()
    {
        var dataset = Make("A_1", "A_2");
        Splits.Write(Path.Combine(Raw, "splits_final.json"), [new Fold(["A_2"], ["A_1"])]);

        Plan(dataset);

        Assert.Equal(["A_2"], Assert.Single(Splits.Read(Path.Combine(Out, "splits_final.json"), dataset.TrainingCases)).Train);
    }

    [Fact]
    public void A_label_map_on_another_grid_is_refused_with_both_files_and_grids()
    {
        var dataset = Make("A_1", "A_2");
        var path = dataset.TrainingCases[1].LabelPath!;
        NiftiWriter.Write(path, Phantom.On(Phantom.GridOf("RAS", degrees: 5)).Label);

        var error = Assert.Throws<GridMismatchException>(() => Plan(dataset));

        Assert.Contains(path, error.Message);
        Assert.Contains(dataset.TrainingCases[1].ImagePaths[0], error.Message);
        Assert.Contains("24×22×26 voxels of 1×1×1 mm, LPS", error.Message);
        Assert.Contains("24×22×26 voxels of 1×1×1 mm, RAS", error.Message);
        Assert.False(Directory.Exists(Out));
    }

    [Fact]
    public void A_label_that_dataset_json_lacks_is_refused_with_its_value_and_file()
    {
        var dataset = Make("A_1", "A_2");
        var path = dataset.TrainingCases[0].LabelPath!;
        NiftiWriter.Write(path, NiftiReader.ReadLabelMap(path).Map(label => (byte)(4 * label)));

        var error = Assert.Throws<DatasetException>(() => Plan(dataset));

        Assert.Contains(path, error.Message);
        Assert.Contains("labels 4", error.Message);
        Assert.Contains("metastasis = 1", error.Message);
    }

    [Fact]
    public void A_data_set_without_foreground_is_refused()
    {
        var dataset = Make("A_1");
        var path = dataset.TrainingCases[0].LabelPath!;
        NiftiWriter.Write(path, NiftiReader.ReadLabelMap(path).Map(_ => 0));

        Assert.Contains("background", Assert.Throws<DatasetException>(() => Plan(dataset)).Message);
        Assert.Contains(
            "marks anything", Assert.Throws<DatasetException>(() => Preprocess(dataset, TestPlans.Small)).Message);
    }

    [Fact]
    public void An_empty_image_is_refused_with_its_case()
    {
        var dataset = Make("A_1");
        NiftiWriter.Write(dataset.TrainingCases[0].ImagePaths[0], Phantom.On(Phantom.GridOf("RAS")).Image.Map(_ => 0));

        Assert.Contains("'A_1'", Assert.Throws<DatasetException>(() => Plan(dataset)).Message);
    }

    [Fact]
    public void Channels_must_be_as_many_as_dataset_json_names()
    {
        var dataset = Make("A_1") with { ChannelNames = ["T1", "T1CE"] };

        Assert.Contains("1 image files", Assert.Throws<DatasetException>(() => Fingerprint.Extract(dataset, cancellation: Cancellation)).Message);
    }

    [Fact]
    public void A_folder_of_another_data_set_and_the_data_sets_own_are_refused()
    {
        var dataset = Make("A_1");
        Plan(dataset);

        var other = dataset with { Name = "Dataset002_Other" };
        Assert.Contains("Dataset001", Assert.Throws<MetSegException>(() => Plan(other)).Message);
        Assert.Contains("own folder", Assert.Throws<MetSegException>(() => Plan(dataset, Raw)).Message);
    }

    [Fact]
    public void Work_stops_when_it_is_cancelled() => Assert.ThrowsAny<OperationCanceledException>(
        () => Fingerprint.Extract(Make("A_1"), cancellation: new CancellationToken(canceled: true)));

    [Fact]
    public void The_fingerprint_holds_what_was_measured()
    {
        var dataset = Make("A_1", "A_2");

        var fingerprint = Fingerprint.Extract(dataset, cancellation: Cancellation);

        var phantom = Phantom.On(Phantom.GridOf("RAS"));
        var lesion = phantom.Image.Voxels.Where((_, i) => phantom.Label.Labels[i] == 1).ToList();
        Assert.Equal([1, 1, 1], fingerprint.Spacings[0].Select(length => Math.Round(length, 5)));
        Assert.Equal([18, 18, 18], fingerprint.ShapesAfterCrop[1]);
        Assert.Equal(lesion.Max(), fingerprint.ForegroundIntensities[0].Max, tolerance: 1e-3);
        Assert.Equal(lesion.Average(), fingerprint.ForegroundIntensities[0].Mean, tolerance: 1e-3);
        Assert.Equal(18.0 * 18 * 18 / (24 * 22 * 26), fingerprint.MedianRelativeSize, tolerance: 1e-12);
        fingerprint.Write(scratch.PathOf("fingerprint.json"));
        Assert.Equivalent(fingerprint, Fingerprint.Read(scratch.PathOf("fingerprint.json")), strict: true);
    }

    [Fact]
    public void Progress_counts_the_cases()
    {
        var reports = new List<Progress>();

        Fingerprint.Extract(Make("A_1", "A_2", "A_3"), new Collector(reports), Cancellation);

        Assert.Equal([1, 2, 3], reports.Select(report => report.Done).Order());
        Assert.All(reports, report => Assert.Equal(3, report.Total));
    }

    private Plans Plan(Dataset dataset, string? folder = null) =>
        Preprocessor.PlanAndPreprocess(dataset, small, folder ?? Out, cancellation: Cancellation);

    private void Preprocess(Dataset dataset, Plans plans) => Preprocessor.PreprocessDataset(dataset, plans, Out, cancellation: Cancellation);

    private Dataset Make(params string[] ids)
    {
        foreach (var id in ids)
        {
            var phantom = Phantom.On(Phantom.GridOf(id == "A_2" ? "LPS" : "RAS"));
            NiftiWriter.Write(NnUNetLayout.ImagePath(Raw, id), phantom.Image);
            NiftiWriter.Write(NnUNetLayout.LabelPath(Raw, id), phantom.Label);
        }

        NnUNetLayout.WriteDatasetJson(Raw, ["T1CE"], LabelScheme.Plain([new("background", 0), new("metastasis", 1)]), ids.Length);
        NnUNetLayout.WriteGroups(Raw, ids.Select(id => new Case(id, [], null, "north", "P-" + id)));
        return NnUNetLayout.Read(Raw);
    }

    private static PreprocessedCase Direct(Dataset dataset, string id, Plans plans)
    {
        var one = dataset.TrainingCases.First(one => one.Id == id);
        return Preprocessor.Preprocess([NiftiReader.ReadVolume(one.ImagePaths[0])], NiftiReader.ReadLabelMap(one.LabelPath!), plans);
    }

    private Dictionary<string, DateTime> WriteTimes() => Directory.GetFiles(Path.Combine(Out, "nnUNetPlans_3d_fullres"))
        .ToDictionary(path => path, File.GetLastWriteTimeUtc);

    private sealed class Collector(List<Progress> reports) : IProgress<Progress>
    {
        public void Report(Progress value)
        {
            lock (reports)
            {
                reports.Add(value);
            }
        }
    }
}
