using System.Text.Json.Nodes;
using MetSeg.Datasets;
using MetSeg.Evaluation;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Postprocessing;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

/// <summary>Whole runs, from the data set to the segmentation, of what nnU-Net has besides classes in three dimensions.</summary>
public sealed class LabelSchemeRunTests(ToyProject toy) : IDisposable
{
    private static readonly PlannerOptions small = new() { MaxPatch = [16, 16, 16], BatchSize = 2, BaseFeatures = 4, MaxFeatures = 8, MaxStages = 2 };
    private readonly TemporaryFolder folder = new();

    private string Raw => folder.At("raw");

    private string Run => folder.At("run");

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Regions_are_learnt_where_labels_are_known_and_written_in_their_order()
    {
        // The ball's upper half is its core; a quarter of every scan is not labelled.
        Relabel(
            new LabelScheme([new("background", [0]), new("whole", [1, 2]), new("core", [2]), new("ignore", [3])], [1, 2]),
            (label, z, isTest) => !isTest && z < 5 ? (byte)3 : label == 0 ? (byte)0 : z >= 10 ? (byte)2 : (byte)1);
        var preprocessed = Preprocess(small);

        Train(preprocessed, new TrainerOptions { Epochs = 4, StepsPerEpoch = 60 });
        Predict();

        var scheme = NnUNetLayout.Describe(Raw).Labels;
        var compared = NnUNetLayout.Read(Raw).TestCases.Select(one => SegmentationSummary.Compare(
            one.Id, NiftiReader.ReadLabelMap(one.LabelPath!), NiftiReader.ReadLabelMap(Path.Combine(folder.At("out"), $"{one.Id}.nii.gz")), scheme));
        var dice = new SegmentationSummary(scheme, [.. compared]).MeanDice;
        Assert.True(dice[0] > 0.5, $"whole: {dice[0]}");
        Assert.True(dice[1] > 0.4, $"core: {dice[1]}");
        Assert.True(File.Exists(Path.Combine(folder.At("out"), $"{NnUNetLayout.Read(Raw).TestCases[0].Id}_probability_core.nii.gz")));
        var summary = JsonNode.Parse(File.ReadAllText(Path.Combine(Run, "fold_0", "validation", "summary.json")))!;
        Assert.Equal(["(1, 2)", "(2,)"], summary["mean"]!.AsObject().Select(entry => entry.Key));
    }

    [Fact]
    public void Slices_are_learnt_and_segmented_one_by_one()
    {
        ToyProject.Copy(toy.Raw, Raw);
        var preprocessed = Preprocess(small with { Configuration = Plans.Slices });

        Train(preprocessed, new TrainerOptions { Epochs = 3, StepsPerEpoch = 40 }, Plans.Slices);
        Predict();

        Assert.Equal(1, PreprocessedDataset.Open(preprocessed, Plans.Slices).Plans.NetworkPatch[0]);
        Assert.True(MeanTestDice() > 0.5, $"{MeanTestDice()}");
    }

    [Fact]
    public void A_cascades_second_stage_learns_from_the_validation_of_the_first()
    {
        ToyProject.Copy(toy.Raw, Raw);
        var preprocessed = folder.At("preprocessed");
        WriteCascadePlans(preprocessed);
        var first = folder.At("first");
        var trainer = new TrainerOptions { Epochs = 2, StepsPerEpoch = 40 };

        var tooEarly = Assert.Throws<MetSegException>(() => Train(preprocessed, trainer, Plans.Cascade, Trained(["0"])));
        Trained(["1", "2", "3", "4"]);
        Train(preprocessed, trainer, Plans.Cascade, first);
        Directory.Delete(first, recursive: true);        // the second stage's run holds what it needs
        Predict();

        Assert.Contains("has no segmentation of case", tooEarly.Message);
        Assert.True(MeanTestDice() > 0.5, $"{MeanTestDice()}");

        string Trained(string[] folds)
        {
            foreach (var fold in folds)
            {
                (ToyProject.SegmentationRun(preprocessed, first, new TrainerOptions { Epochs = 1, StepsPerEpoch = 20 }) with { Configuration = Plans.LowResolution, Fold = fold })
                    .Train(CPU, null, CancellationToken.None);
            }

            return first;
        }
    }

    [Fact]
    public void A_finished_fold_is_validated_once_and_its_segmentations_choose_the_postprocessing()
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, Run, new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 });
        SegmentationSummary? found = null;
        (run with { Validated = summary => found = summary }).Train(CPU, null, CancellationToken.None);
        var validation = Path.Combine(Run, "fold_0", "validation");
        var path = Directory.GetFiles(validation, "*.nii.gz")[0];
        var reference = NiftiReader.ReadLabelMap(Path.Combine(toy.Preprocessed, "gt_segmentations", Path.GetFileName(path)));

        // The reference and a speck far from it: a second training must not replace it, and keeping the largest component mends it.
        byte[] labels = [.. reference.Labels];
        labels[0] = 1;
        foreach (var file in Directory.GetFiles(validation, "*.nii.gz"))
        {
            NiftiWriter.Write(file, NiftiReader.ReadLabelMap(Path.Combine(toy.Preprocessed, "gt_segmentations", Path.GetFileName(file))));
        }

        NiftiWriter.Write(path, new LabelMap(reference.Grid, labels));
        (run with { Validated = summary => found = summary }).Train(CPU, null, CancellationToken.None);
        var tried = new PostprocessingSelection { Run = Run, References = Path.Combine(toy.Preprocessed, "gt_segmentations") }.Choose(null, CancellationToken.None);

        Assert.InRange(found!.ForegroundMean, 0.9, 0.9999);
        Assert.Equal((true, 1.0), (Assert.Single(tried).IsAdopted, tried[0].After[0]));
        Assert.Equal([1], Assert.Single(PostprocessingSteps.Of(Run).KeepLargest));
        Assert.Contains("no reference", Assert.Throws<MetSegException>(() =>
            new PostprocessingSelection { Run = Run, References = folder.Path }.Choose(null, CancellationToken.None)).Message);
    }

    private void Relabel(LabelScheme scheme, Func<byte, int, bool, byte> label)
    {
        ToyProject.Copy(toy.Raw, Raw);
        foreach (var one in NnUNetLayout.Read(Raw).TrainingCases.Concat(NnUNetLayout.Read(Raw).TestCases))
        {
            var map = NiftiReader.ReadLabelMap(one.LabelPath!);
            var isTest = one.LabelPath!.Contains("labelsTs", StringComparison.Ordinal);
            var size = map.Grid.Size;
            NiftiWriter.Write(one.LabelPath, new LabelMap(map.Grid, [.. map.Labels.Select((value, i) => label(value, i / (size.X * size.Y), isTest))]));
        }

        NnUNetLayout.WriteDatasetJson(Raw, ["T1CE"], scheme, ToyProject.TrainingCases);
    }

    private string Preprocess(PlannerOptions options)
    {
        Preprocessor.PlanAndPreprocess(NnUNetLayout.Read(Raw), options, folder.At("preprocessed"));
        return folder.At("preprocessed");
    }

    /// <summary>Toy scans need no cascade: their plans are given one, at half of the resolution.</summary>
    private void WriteCascadePlans(string preprocessed)
    {
        var dataset = NnUNetLayout.Read(Raw);
        var full = Preprocessor.PlanAndPreprocess(dataset, small, preprocessed);
        var low = full with
        {
            Configuration = Plans.LowResolution,
            DataIdentifier = "nnUNetPlans_3d_lowres",
            Spacing = [.. full.Spacing.Select(length => 1.4 * length)],
            PatchSize = [8, 8, 8],
        };
        Preprocessor.PreprocessDataset(dataset, low, preprocessed);
        Plans.Write(Path.Combine(preprocessed, "plans.json"), [full, low]);
    }

    private void Train(string preprocessed, TrainerOptions trainer, string? configuration = null, string? previous = null) =>
        (ToyProject.SegmentationRun(preprocessed, Run, trainer) with
        {
            Configuration = configuration,
            Previous = previous,
            Adjust = options => options with { ValidationSteps = 2, Optimizer = new AdamOptions { LearningRate = 1e-2 } },
        }).Train(CPU, null, CancellationToken.None);

    private void Predict() => new PredictionRun
    {
        Model = Run,
        Input = Path.Combine(Raw, "imagesTs"),
        Folder = folder.At("out"),
        Probabilities = true,
        Window = new() { Mirroring = false },
    }.Predict(CPU, null, CancellationToken.None);

    private double MeanTestDice() => NnUNetLayout.Read(Raw).TestCases.Average(one =>
        Dice.Compute(NiftiReader.ReadLabelMap(one.LabelPath!), NiftiReader.ReadLabelMap(Path.Combine(folder.At("out"), $"{one.Id}.nii.gz"))));
}
