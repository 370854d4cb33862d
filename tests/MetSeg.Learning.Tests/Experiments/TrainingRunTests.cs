using MetSeg.Datasets;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

/// <summary>Starting trainings of segmentation and harmonizer on a preprocessed data set.</summary>
public sealed class TrainingRunTests(ToyProject toy) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_training_case_is_validated_in_one_fold_and_all_takes_every_case()
    {
        var dataset = PreprocessedDataset.Open(toy.Preprocessed);
        var folds = Enumerable.Range(0, 5).Select(fold => FoldSelection.Choose(toy.Preprocessed, dataset, $"{fold}")).ToList();
        var all = FoldSelection.Choose(toy.Preprocessed, dataset, "all");

        Assert.Equal(ToyProject.TrainingCases, folds.SelectMany(fold => fold.Validation).Distinct().Count());
        Assert.All(folds, fold => Assert.Empty(fold.Training.Intersect(fold.Validation)));
        Assert.Equal(ToyProject.TrainingCases, all.Training.Count);
        Assert.Equal(all.Training, all.Validation);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("-1")]
    [InlineData("00")]
    [InlineData("+1")]
    [InlineData("ALL")]
    [InlineData("")]
    public void A_fold_that_is_not_there_is_named(string fold)
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run")) with { Fold = fold };

        var error = Assert.ThrowsAny<MetSegException>(() => Train(run));

        Assert.Contains($"--fold '{fold}'", error.Message);
        Assert.Contains("folds 0 to 4", error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.False(Directory.Exists(folder.At("run")));
    }

    [Fact]
    public void A_run_goes_on_with_the_same_options_and_refuses_others()
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run"));
        Assert.Single(Train(run));
        var weights = File.GetLastWriteTimeUtc(Final("0"));

        Assert.Single(Train(run));
        Assert.Equal(weights, File.GetLastWriteTimeUtc(Final("0")));
        Assert.Contains("trainer.epochs was 1, now it is 2", Refusal(run with { Trainer = run.Trainer with { Epochs = 2 } }));
        Assert.Contains("clipNorm", Refusal(run with { Adjust = options => options with { ValidationSteps = 2, ClipNorm = 1 } }));
        Assert.Contains("fold_0", Refusal(run with { Harmonizer = toy.Harmonizer }));
    }

    [Fact]
    public void Folds_with_and_without_a_harmonizer_do_not_share_a_run()
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run")) with { Harmonizer = toy.Harmonizer };
        Train(run);

        Assert.Contains("another harmonizer", Refusal(run with { Fold = "1", Harmonizer = null }));
        Train(run with { Fold = "1" });
        Assert.True(File.Exists(Final("1")));
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(toy.Harmonizer, Checkpoint.Best)),
            File.ReadAllBytes(Path.Combine(folder.At("run"), SegmentationCard.HarmonizerFolder, Checkpoint.Best)));
    }

    [Fact]
    public void A_run_starts_from_the_weights_it_is_given()
    {
        var start = Path.Combine(toy.Model, "fold_0", Checkpoint.Final);
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run"));
        var scratch = Train(run);
        var warm = Train(run with { Folder = folder.At("warm"), Initialization = start });

        Assert.True(warm[0].Training["network.loss"] < scratch[0].Training["network.loss"] - 0.3);
        Assert.Contains("absent", Refusal(run with { Folder = folder.At("x"), Initialization = folder.At("absent") }));
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_before_anything_is_written()
    {
        var run = ToyProject.SegmentationRun(toy.Preprocessed, folder.At("run"));

        Assert.Contains("epochs", Refusal(run with { Trainer = new TrainerOptions { Epochs = 0 } }));
        Assert.Contains("learningRate", Refusal(run with { Adjust = options => options with { Optimizer = new SgdOptions { LearningRate = -1 } } }));
        Assert.Contains("patchSize", Refusal(run with { Adjust = options => options with { Patches = new PatchOptions { PatchSize = [15, 16, 16] } } }));
        Assert.Contains("no absent", Refusal(run with { Preprocessed = folder.At("no absent") }));
        Assert.False(Directory.Exists(folder.At("run")));
    }

    [Fact]
    public void A_harmonizer_needs_one_channel()
    {
        var plans = Plans.Read(Path.Combine(toy.Preprocessed, "plans.json"));
        ToyProject.Copy(toy.Preprocessed, folder.At("two"));
        var two = plans with
        {
            ChannelNames = ["T1CE", "FLAIR"], NormalizationSchemes = [.. plans.NormalizationSchemes, plans.NormalizationSchemes[0]],
            UseMaskForNormalization = [.. plans.UseMaskForNormalization, plans.UseMaskForNormalization[0]],
        };
        two.Write(folder.At("two/plans.json"));
        Directory.GetFiles(folder.At("two"), "*.json", SearchOption.AllDirectories).ToList()
            .ForEach(file => File.WriteAllText(file, File.ReadAllText(file).Replace(plans.Digest, two.Digest)));

        Assert.Contains("one channel", Refusal(ToyProject.HarmonizerRun(folder.At("two"), folder.At("h"))));
        Assert.Contains("one channel", Refusal(ToyProject.SegmentationRun(folder.At("two"), folder.At("r")) with { Harmonizer = toy.Harmonizer }));
    }

    [Fact]
    public void A_harmonizer_needs_two_hospitals()
    {
        ToyProject.Copy(toy.Preprocessed, folder.At("one"));
        Splits.Write(folder.At("one/splits_final.json"), [new Fold(["north_00", "north_02"], ["south_01"])]);

        Assert.Contains("at least two institutions", Refusal(ToyProject.HarmonizerRun(folder.At("one"), folder.At("h"))));
    }

    [Fact]
    public void A_harmonizer_says_what_it_has_seen_and_refuses_other_options()
    {
        var run = ToyProject.HarmonizerRun(toy.Preprocessed, toy.Harmonizer);
        using var harmonizer = VaeHarmonizer.Load(toy.Harmonizer, Checkpoint.Best, CPU);

        Assert.Equal(["north", "south"], harmonizer.Card.Domains);
        Assert.Equal(ToyProject.TrainingCases, harmonizer.Card.TrainingCases.Union(harmonizer.Card.ValidationCases).Count());
        Assert.Contains("options.learningRate was 0.01, now it is 0.1", Refusal(run with { Options = run.Options with { LearningRate = 0.1 } }));
        Assert.Single(run.Train(CPU, null, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_harmonizer_weighs_the_lesions_that_the_data_set_has()
    {
        double First(string name, double lesionWeight)
        {
            var run = ToyProject.HarmonizerRun(toy.Preprocessed, folder.At(name));
            var reconstruction = new ReconstructionOptions { LesionWeight = lesionWeight };
            var log = (run with { Options = run.Options with { Reconstruction = reconstruction } }).Train(CPU, null, TestContext.Current.CancellationToken);
            return Assert.Single(log).Training["vae.reconstruction"];
        }

        // The same seed draws the same scans: without lesions to weigh the two would be equal to the last bit.
        Assert.NotEqual(First("plain", 0), First("weighted", 1000), tolerance: 0.01);
    }

    [Fact]
    public void A_harmonizer_of_our_own_way_trains_and_harmonizes()
    {
        var run = ToyProject.HarmonizerRun(toy.Preprocessed, folder.At("ours")) with { Options = ToyCases.OurHarmonization };
        run.Train(CPU, null, TestContext.Current.CancellationToken);
        using var harmonizer = VaeHarmonizer.Load(folder.At("ours"), Checkpoint.Best, CPU);
        var scan = PreprocessedDataset.Open(toy.Preprocessed).Load("north_00").Channels[0];

        Assert.Equal(2 * ToyCases.OurHarmonization.Vae.Latent, harmonizer.Latent(scan).Length);
        Assert.NotEqual(scan.Voxels, harmonizer.Apply(scan).Voxels);
    }

    private static IReadOnlyList<EpochRecord> Train(SegmentationRun run) => run.Train(CPU, null, TestContext.Current.CancellationToken);

    private static string Refusal(SegmentationRun run) => OneLine(() => Train(run));

    private static string Refusal(HarmonizerRun run) => OneLine(() => run.Train(CPU, null, TestContext.Current.CancellationToken));

    private static string OneLine(Action action)
    {
        var message = Assert.ThrowsAny<MetSegException>(action).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private string Final(string fold) => Path.Combine(folder.At("run"), $"fold_{fold}", Checkpoint.Final);
}
