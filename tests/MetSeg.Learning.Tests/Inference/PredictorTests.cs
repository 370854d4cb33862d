using MetSeg.Evaluation;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Inference;

public sealed class PredictorTests(ToyProject toy) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Finds_the_ball_on_the_scans_own_grid(int hospital)
    {
        var (image, label) = ToyProject.Scan(seed: 20 + hospital, hospital);

        var prediction = Predict(toy.Model, image);

        Assert.Equal("PIR", image.Grid.Orientation);
        Assert.Same(image.Grid, prediction.Labels.Grid);
        Assert.Same(image.Grid, prediction.Probability.Grid);
        var dice = Dice.Compute(label, prediction.Labels);
        Assert.True(dice > 0.7, $"Dice {dice}");
    }

    [Fact]
    public void The_probability_decides_and_is_zero_around_the_head()
    {
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);

        var prediction = Predict(toy.Model, image);

        Assert.All(prediction.Probability.Voxels, value => Assert.InRange(value, 0, 1));
        Assert.All(prediction.Probability.Voxels.Zip(prediction.Labels.Labels), pair => Assert.Equal(pair.First > 0.5, pair.Second == 1));
        Assert.Equal(0, prediction.Probability[0, 0, 0]);
    }

    [Fact]
    public void The_same_scan_gives_the_same_bytes_and_leaves_no_tensor()
    {
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);
        using var predictor = Open(toy.Model);
        var first = predictor.Predict([image], TestContext.Current.CancellationToken);

        LiveTensors.AssertNoneLeftBy(() =>
        {
            var second = predictor.Predict([image], TestContext.Current.CancellationToken);
            Assert.Equal(first.Probability.Voxels, second.Probability.Voxels);
        });
    }

    [Fact]
    public void The_logits_of_two_folds_are_averaged()
    {
        // The second fold's logits are the first's with the other sign: their mean is 0 and the probability a half wherever the network looks.
        var run = CopyOfModel();
        ToyProject.Copy(Path.Combine(run, "fold_0"), Path.Combine(run, "fold_1"));
        Negate(Path.Combine(run, "fold_1", Checkpoint.Final));
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);

        var prediction = Predict(run, image);

        Assert.All(prediction.Probability.Voxels.Where(value => value > 0.4), value => Assert.Equal(0.5, value, tolerance: 1e-4f));
        Assert.True(prediction.Probability.Voxels.Count(value => value > 0.4) > image.Grid.Size.Count / 3);
    }

    [Fact]
    public void A_fold_that_is_still_in_training_is_left_out()
    {
        var run = CopyOfModel();
        ToyProject.Copy(Path.Combine(run, "fold_0"), Path.Combine(run, "fold_1"));
        File.Delete(Path.Combine(run, "fold_1", Checkpoint.Final));
        File.WriteAllText(Path.Combine(run, "fold_1", Checkpoint.Best), "half a file");
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);

        Assert.Equal(Predict(toy.Model, image).Probability.Voxels, Predict(run, image).Probability.Voxels);
        Assert.Equal(Predictor.Digest(toy.Model), Predictor.Digest(run));
    }

    [Fact]
    public void The_harmonizer_of_a_run_is_applied_and_counts_in_its_digest()
    {
        var run = CopyOfModel();
        ToyProject.Copy(toy.Harmonizer, Path.Combine(run, SegmentationCard.HarmonizerFolder));
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);

        Assert.NotEqual(Predict(toy.Model, image).Probability.Voxels, Predict(run, image).Probability.Voxels);
        Assert.NotEqual(Predictor.Digest(toy.Model), Predictor.Digest(run));
    }

    [Fact]
    public void The_wrong_number_of_channels_is_refused()
    {
        var (image, _) = ToyProject.Scan(seed: 20, hospital: 0);
        using var predictor = Open(toy.Model);

        var error = Assert.Throws<MetSegException>(() => predictor.Predict([image, image], TestContext.Current.CancellationToken));

        Assert.Contains("1 channels (T1CE), not 2", error.Message);
        Assert.Equal(1, predictor.Channels);
    }

    [Fact]
    public void A_folder_without_a_finished_model_is_refused()
    {
        Directory.CreateDirectory(folder.At("fold_0"));

        Assert.All([folder.Path, folder.At("absent")], run =>
            Assert.Contains("no trained fold", Assert.Throws<MetSegException>(() => Open(run)).Message));
    }

    [Theory]
    [InlineData("plans.json")]
    [InlineData("fold_0/model.json")]
    [InlineData("fold_0/checkpoint_final.safetensors")]
    public void A_damaged_file_is_named(string name)
    {
        var run = CopyOfModel();
        var path = Path.Combine(run, name);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^9]);

        var error = Assert.ThrowsAny<MetSegException>(() => Open(run));

        Assert.Contains(Path.GetFileName(name), error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused() =>
        Assert.Contains("step", Assert.Throws<OptionsException>(() => Predictor.Open(toy.Model, CPU, new SlidingWindowOptions { Step = 0 })).Message);

    private static Predictor Open(string run) => Predictor.Open(run, CPU, new SlidingWindowOptions { Mirroring = false });

    private static Prediction Predict(string run, Volume image)
    {
        using var predictor = Open(run);
        return predictor.Predict([image], TestContext.Current.CancellationToken);
    }

    private static void Negate(string path)
    {
        using var scope = NewDisposeScope();
        var file = Safetensors.Read(path);
        var heads = file.Tensors.Keys.Where(key => key.StartsWith("network.decoder.seg_layers.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(heads);
        var negated = file.Tensors.ToDictionary(pair => pair.Key, pair => heads.Contains(pair.Key) ? -pair.Value : pair.Value);
        Safetensors.Write(path, file with { Tensors = negated });
    }

    private string CopyOfModel()
    {
        ToyProject.Copy(toy.Model, folder.At("run"));
        return folder.At("run");
    }
}
