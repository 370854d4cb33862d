using MetSeg.Files;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class PredictionRunTests : IDisposable
{
    private readonly ToyProject toy;
    private readonly TemporaryFolder folder = new();

    public PredictionRunTests(ToyProject toy)
    {
        this.toy = toy;
        Write("a", seed: 30);
        Write("b", seed: 31);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Writes_label_map_table_and_picture_of_every_scan()
    {
        var results = Predict(Run);

        Assert.Equal(["a", "b"], results.Select(result => result.Case));
        Assert.Equal(
            ["a.nii.gz", "a.png", "a_lesions.csv", "b.nii.gz", "b.png", "b_lesions.csv", PredictionRecord.FileName, PredictionRun.TableFileName],
            Directory.GetFiles(Out).Select(Path.GetFileName).Where(name => name != ".lock").Order(StringComparer.Ordinal));
        foreach (var result in results)
        {
            var labels = NiftiReader.ReadLabelMap(At($"{result.Case}.nii.gz"));
            var table = CsvFile.Read(At($"{result.Case}_lesions.csv"));
            Assert.True(labels.Grid.IsSameAs(NiftiReader.ReadVolume(folder.At($"scans/{result.Case}.nii.gz")).Grid));
            Assert.Equal(result.Lesions, table.Count);
            Assert.Equal(labels.Labels.Count(label => label == 1) * 8e-3, result.VolumeCm3, tolerance: 1e-9);
            Assert.Equal(result.VolumeCm3, table.Sum(row => double.Parse(row["volume_cm3"])), tolerance: 1e-5);
            Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(At($"{result.Case}.png"))[..4]);
        }
    }

    [Fact]
    public void A_second_run_does_nothing_and_says_the_same()
    {
        var first = Predict(Run);
        var times = Times();

        var second = Predict(Run);

        Assert.Equal(first, second);
        Assert.Equal(times, Times());
    }

    [Fact]
    public void Probabilities_are_written_if_asked_and_replace_what_was_made_without()
    {
        Predict(Run);
        Predict(Run with { Probabilities = true });

        var probability = NiftiReader.ReadVolume(At("a_probability.nii.gz"));
        var labels = NiftiReader.ReadLabelMap(At("a.nii.gz"));
        Assert.All(probability.Voxels.Zip(labels.Labels), pair => Assert.Equal(pair.First > 0.5, pair.Second == 1));
    }

    [Fact]
    public void Every_class_gets_its_own_probability_map_where_there_are_several()
    {
        var model = RandomModel.Write(folder.At("classes"), RandomModel.Small("background", "edema", "necrotic core"));

        Predict(Run with { Model = model, Probabilities = true, Input = folder.At("scans/a.nii.gz") });

        var (all, edema, core) = (Read("a_probability"), Read("a_probability_edema"), Read("a_probability_necrotic_core"));
        Assert.Contains(edema, value => value > 0.1);
        Assert.All(Enumerable.Range(0, all.Length), i => Assert.Equal(all[i], edema[i] + core[i], tolerance: 1e-5f));
        Assert.NotEqual(edema, core);
        float[] Read(string name) => [.. NiftiReader.ReadVolume(At($"{name}.nii.gz")).Voxels];
    }

    [Fact]
    public void Overlapped_scans_give_the_same_files_and_the_same_order()
    {
        Write("c", seed: 33);
        var expected = Predict(Run);
        var reports = new List<Progress>();

        var overlapped = (Run with { Overlaps = true, Folder = folder.At("overlapped") }).Predict(CPU, new Callback(reports.Add), TestContext.Current.CancellationToken);

        Assert.Equal(expected, overlapped);
        Assert.Equal([1, 2, 3], reports.Where(report => report.Task == "predict").Select(report => report.Done));
        Assert.All(Directory.GetFiles(Out, "*.*").Where(file => Path.GetFileName(file) != ".lock"), file =>
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(folder.At($"overlapped/{Path.GetFileName(file)}"))));
    }

    [Fact]
    public void The_passes_over_a_scan_are_told()
    {
        var reports = new List<Progress>();

        Run.Predict(CPU, new Callback(reports.Add), TestContext.Current.CancellationToken);

        var passes = reports.Where(report => report.Task == "predict a").ToList();
        Assert.True(passes.Count > 1);
        Assert.Equal(passes[^1].Total, passes[^1].Done);
    }

    [Fact]
    public void Another_model_replaces_every_result_even_of_scans_not_asked_for()
    {
        Predict(Run);
        var before = File.ReadAllBytes(At("a.nii.gz"));
        var other = folder.At("other");
        ToyProject.SegmentationRun(toy.Preprocessed, other, new TrainerOptions { Epochs = 1, StepsPerEpoch = 2, Seed = 5 })
            .Train(CPU, null, TestContext.Current.CancellationToken);

        Predict(Run with { Model = other, Input = folder.At("scans/a.nii.gz") });

        Assert.NotEqual(before, File.ReadAllBytes(At("a.nii.gz")));
        Assert.False(File.Exists(At("b.nii.gz")), "the old model's segmentation of b would pass for the new one's");
    }

    [Fact]
    public void Another_scan_of_the_same_name_is_segmented_anew()
    {
        var first = Predict(Run);
        var (a, b) = (File.ReadAllBytes(At("a.nii.gz")), File.GetLastWriteTimeUtc(At("b.nii.gz")));
        Write("a", seed: 32);

        var second = Predict(Run);

        Assert.NotEqual(a, File.ReadAllBytes(At("a.nii.gz")));
        Assert.Equal(b, File.GetLastWriteTimeUtc(At("b.nii.gz")));
        Assert.Equal(first[1], second[1]);
    }

    [Fact]
    public void An_interrupted_run_goes_on_with_the_next_scan()
    {
        using var stop = new CancellationTokenSource();
        Assert.ThrowsAny<OperationCanceledException>(() => Run.Predict(CPU, new Callback(report => (report.Task == "predict" ? (Action)stop.Cancel : () => { })()), stop.Token));
        Assert.False(File.Exists(At("b.nii.gz")));
        var time = File.GetLastWriteTimeUtc(At("a.nii.gz"));

        Assert.Equal(2, Predict(Run).Count);
        Assert.Equal(time, File.GetLastWriteTimeUtc(At("a.nii.gz")));
    }

    [Fact]
    public void The_input_is_never_replaced()
    {
        var before = File.ReadAllBytes(folder.At("scans/a.nii.gz"));

        var error = Assert.Throws<MetSegException>(() => Predict(Run with { Folder = folder.At("scans") }));

        Assert.Contains("another folder", error.Message);
        Assert.Equal(before, File.ReadAllBytes(folder.At("scans/a.nii.gz")));
    }

    [Fact]
    public void A_scan_that_cannot_be_segmented_is_named_and_leaves_nothing_behind()
    {
        Predict(Run);
        NiftiWriter.Write(folder.At("scans/b.nii.gz"), ToyProject.Scan(1, 0).Image.Map(_ => 4));

        var error = Assert.Throws<MetSegException>(() => Predict(Run));

        Assert.Contains("Scan 'b'", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(File.Exists(At("b.nii.gz")));
    }

    [Fact]
    public void A_folder_in_use_is_refused()
    {
        using var held = FolderLock.Take(Out);

        Assert.Contains("in use", Assert.Throws<MetSegException>(() => Predict(Run)).Message);
    }

    [Fact]
    public void Harmonized_scans_keep_their_grid_and_never_replace_the_input()
    {
        using var harmonizer = MetSeg.Learning.Harmonization.VaeHarmonizer.Load(toy.Harmonizer, Checkpoint.Best, CPU);
        var run = (default(IProgress<Progress>), TestContext.Current.CancellationToken);
        var scan = NiftiReader.ReadVolume(folder.At("scans/a.nii.gz"));

        Assert.Equal(["a", "b"], HarmonizedFolder.Write(harmonizer, toy.Harmonizer, folder.At("scans"), Out, run).Select(one => one.Case));

        var harmonized = NiftiReader.ReadVolume(At("a_0000.nii.gz"));
        Assert.True(harmonized.Grid.IsSameAs(scan.Grid));
        Assert.Equal(harmonized.Voxels.Min(), harmonized[0, 0, 0]);
        Assert.True(harmonized[11, 12, 10] > harmonized[0, 0, 0]);
        Assert.Throws<MetSegException>(() => HarmonizedFolder.Write(harmonizer, toy.Harmonizer, Out, Out, run));
    }

    private PredictionRun Run => new()
    {
        Model = toy.Model, Input = folder.At("scans"), Folder = Out, Window = new SlidingWindowOptions { Mirroring = false },
    };

    private string Out => folder.At("out");

    private static IReadOnlyList<PredictedCase> Predict(PredictionRun run) => run.Predict(CPU, null, TestContext.Current.CancellationToken);

    private string At(string name) => Path.Combine(Out, name);

    private List<(string, DateTime)> Times() => [.. Directory.GetFiles(Out).Order().Select(file => (file, File.GetLastWriteTimeUtc(file)))];

    private void Write(string id, int seed) => NiftiWriter.Write(folder.At($"scans/{id}.nii.gz"), ToyProject.Scan(seed, 0).Image);
}
