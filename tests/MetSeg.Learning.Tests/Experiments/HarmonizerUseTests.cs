using MetSeg.Datasets;
using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class HarmonizerUseTests(ToyProject toy) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_harmonizer_says_in_its_folder_what_its_scans_are_like_and_what_lesions_lose()
    {
        var distribution = JsonFile.Read<OutOfDistribution>(Path.Combine(toy.Harmonizer, OutOfDistribution.FileName), JsonFile.OwnStyle);
        var guard = JsonFile.Read<LesionGuard>(Path.Combine(toy.Harmonizer, LesionGuard.FileName), JsonFile.OwnStyle);

        Assert.Equal(ToyProject.TrainingCases, distribution.Scans);
        Assert.DoesNotContain("north", File.ReadAllText(Path.Combine(toy.Harmonizer, OutOfDistribution.FileName)));
        Assert.Equal((ToyProject.TrainingCases, false), (guard.Cases, guard.HeldOut));      // no held-out lesion is small, so all are looked at
        Assert.Equal((ToyProject.TrainingCases, 0), (guard.Sizes[0].N, guard.Sizes[1].N));
    }

    [Fact]
    public void A_prediction_says_how_unlike_the_harmonizer_s_scans_a_scan_is_and_says_it_again()
    {
        var run = Train(toy.Harmonizer);
        Directory.CreateDirectory(folder.At("scans"));
        var (image, _) = ToyProject.Scan(50, 0);
        NiftiWriter.Write(folder.At("scans/like.nii.gz"), image);
        NiftiWriter.Write(folder.At("scans/unlike.nii.gz"), image.Map(value => value == 0 ? 0 : 400 - value));
        var prediction = new PredictionRun { Model = run, Input = folder.At("scans"), Folder = folder.At("out") };

        var first = prediction.Predict(CPU, null, TestContext.Current.CancellationToken);
        var second = prediction.Predict(CPU, null, TestContext.Current.CancellationToken);

        Assert.Equal(first, second);
        Assert.All(first, one => Assert.Equal(ToyProject.TrainingCases, one.OutOfDistribution!.Scans));
        Assert.NotEqual(first[1].OutOfDistribution, first[0].OutOfDistribution);
        var table = CsvFile.Read(folder.At("out/predictions.csv"));
        Assert.Equal(["like", "unlike"], table.Select(row => row["case"]));
        Assert.Equal(CsvFile.Number(first[1].OutOfDistribution!.Mahalanobis.Value), table[1]["mahalanobis"]);
        Assert.Equal(first[1].OutOfDistribution!.IsBeyond ? "yes" : "no", table[1]["out_of_distribution"]);
    }

    [Fact]
    public void A_standard_scale_is_a_harmonizer_of_a_run()
    {
        var scans = PreprocessedDataset.Open(toy.Preprocessed);
        JsonFile.Write(folder.At("scale.json"), HistogramMatching.Learn([.. scans.Entries.Select(one => HistogramMatching.LandmarksOf(scans.Load(one.Id).Channels[0]))]), JsonFile.OwnStyle);

        var run = Train(folder.At("scale.json"));

        Assert.Equal([NyulHarmonizer.FileName], Directory.GetFiles(Path.Combine(run, SegmentationCard.HarmonizerFolder)).Select(Path.GetFileName));
        Directory.CreateDirectory(folder.At("scans"));
        NiftiWriter.Write(folder.At("scans/a.nii.gz"), ToyProject.Scan(50, 0).Image);
        var found = new PredictionRun { Model = run, Input = folder.At("scans"), Folder = folder.At("out") }.Predict(CPU, null, TestContext.Current.CancellationToken);
        Assert.Null(Assert.Single(found).OutOfDistribution);
        Assert.Equal("", Assert.Single(CsvFile.Read(folder.At("out/predictions.csv")))["mahalanobis"]);
        Assert.Contains("another harmonizer", Assert.ThrowsAny<MetSegException>(() => Train(HarmonizerFiles.ZScore, fold: "1")).Message);
    }

    [Fact]
    public void A_harmonizer_that_loses_small_lesions_is_refused_unless_that_is_accepted()
    {
        ToyProject.Copy(toy.Harmonizer, folder.At("h"));
        var size = new GuardedSize("≤ 0.1 cm³", 4, 0, 0.1, 0, -0.2);
        JsonFile.Write(folder.At("h/lesion_contrast.json"), new LesionGuard(2, true, [size, size, size, size]), JsonFile.OwnStyle);
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run")) with { Harmonizer = folder.At("h"), Validation = null };

        var error = Assert.ThrowsAny<MetSegException>(() => (run with { AcceptsContrastLoss = false }).Train(CPU, null, TestContext.Current.CancellationToken));

        Assert.Contains("difference -20 %", error.Message);
        Assert.Contains("--accept-contrast-loss", error.Message);
        Assert.False(Directory.Exists(folder.At("run")));
        Assert.Single(run.Train(CPU, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Training_ends_with_a_refusal_but_keeps_the_harmonizer()
    {
        var run = ToyProject.HarmonizerRun(SmallLesions(), folder.At("h"));
        var warnings = new List<string>();

        var error = Assert.ThrowsAny<MetSegException>(() => (run with { AcceptsContrastLoss = false }).Train(CPU, null, TestContext.Current.CancellationToken));
        (run with { Warned = warnings.Add }).Train(CPU, null, TestContext.Current.CancellationToken);

        Assert.Contains($"'{folder.At("h")}' lowers the contrast of small lesions", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Contains($"Accepted: {error.Message}", warnings);
        Assert.True(File.Exists(folder.At($"h/{Checkpoint.Best}")));
        Assert.True(JsonFile.Read<LesionGuard>(folder.At("h/lesion_contrast.json"), JsonFile.OwnStyle).HeldOut);
    }

    [Fact]
    public void Pictures_show_every_hospital_and_what_the_latent_code_does()
    {
        using var harmonizer = VaeHarmonizer.Load(toy.Harmonizer, Checkpoint.Best, CPU);
        var plans = Plans.Read(Path.Combine(toy.Harmonizer, HarmonizerRun.PlansFileName));

        var paths = HarmonizerFigures.Write(harmonizer, NnUNetLayout.Read(toy.Raw), plans, folder.At("out"), TestContext.Current.CancellationToken);

        Assert.Equal(["north_00.png", "latent_traversal.png", "south_01.png"], paths.Select(Path.GetFileName));
        Assert.All(paths, path => Assert.Equal([0x89, 0x50, 0x4E, 0x47], File.ReadAllBytes(path)[..4]));
        var scan = PreprocessedDataset.Open(toy.Preprocessed).Load("north_00").Channels[0];
        double[] move = [.. Enumerable.Repeat(5.0, harmonizer.Latent(scan).Length)];
        Assert.NotEqual(harmonizer.DecodeMoved(scan, [.. move.Select(_ => 0.0)]).Voxels, harmonizer.DecodeMoved(scan, move).Voxels);
    }

    /// <summary>The toy scans with voxels of 1 mm, preprocessed: their lesions are of 0.07 cm³, and a code of 8³ voxels loses them.</summary>
    private string SmallLesions()
    {
        var raw = folder.At("small");
        List<Case> cases = [];
        for (var i = 0; i < ToyProject.TrainingCases; i++)
        {
            var ((image, label), id) = (ToyProject.Scan(i, i % 2), $"{(i % 2 == 0 ? "north" : "south")}_{i:00}");
            var grid = Grid.Axial(image.Grid.Size, new Spacing(1, 1, 1));
            NiftiWriter.Write(NnUNetLayout.ImagePath(raw, id, isTest: false), new Volume(grid, [.. image.Voxels]));
            NiftiWriter.Write(NnUNetLayout.LabelPath(raw, id, isTest: false), new LabelMap(grid, [.. label.Labels]));
            cases.Add(new Case(id, [], null, id[..5], $"patient{i}"));
        }

        NnUNetLayout.WriteGroups(raw, cases);
        NnUNetLayout.WriteDatasetJson(raw, ["T1CE"], LabelScheme.Plain([new("background", 0), new("metastasis", 1)]), cases.Count);
        var options = new PlannerOptions { MaxPatch = [16, 16, 16], BatchSize = 2, BaseFeatures = 4, MaxFeatures = 8, MaxStages = 2 };
        Preprocessor.PlanAndPreprocess(NnUNetLayout.Read(raw), options, folder.At("small-preprocessed"));
        return folder.At("small-preprocessed");
    }

    private string Train(string harmonizer, string fold = "0")
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run")) with { Harmonizer = harmonizer, Validation = null, Fold = fold };
        run.Train(CPU, null, TestContext.Current.CancellationToken);
        return folder.At("run");
    }
}
