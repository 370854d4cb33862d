using System.Text.Json.Nodes;
using MetSeg.Files;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Inference;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Tensors;
using MetSeg.Learning.Tests.Tensors;
using MetSeg.Learning.Training;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class NnUNetImportTests(NnUNetPeer peer) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    private string Run => folder.At("run");

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(NnUNetPeer.PlainModel, "0")]
    [InlineData(NnUNetPeer.PlainModel, "1")]
    [InlineData(NnUNetPeer.ResidualModel, "all")]
    [InlineData(NnUNetPeer.FlatModel, "0")]
    public void An_imported_network_gives_PyTorchs_logits(string model, string fold)
    {
        using var scope = NewDisposeScope();
        Import(peer.PathOf(model), fold);
        using var generator = new Generator(1);
        using var network = new UNet(Card(fold).Options.Network, generator);
        Weights.Load(Path.Combine(Run, $"fold_{fold}", Checkpoint.Final), "network", network);

        long[] patch = [.. Card(fold).Options.Patches.PatchSize];
        var logits = network.forward(tensor(peer.Floats($"{model}/fold_{fold}/input.bin"), [2, 2, .. patch]));

        var expected = peer.Floats($"{model}/fold_{fold}/logits.bin");
        Assert.Equal([2, 3, .. patch], logits.shape);
        Assert.InRange(expected.Max() - expected.Min(), 0.5, 100);
        var actual = logits.data<float>().ToArray();
        Assert.InRange(expected.Zip(actual, (one, other) => Math.Abs(one - other)).Max(), 0, 1e-4);
    }

    [Theory]
    [InlineData(NnUNetPeer.PlainModel, "0", NetworkArchitecture.PlainConvUNet)]
    [InlineData(NnUNetPeer.ResidualModel, "all", NetworkArchitecture.ResidualEncoderUNet)]
    public void The_names_of_nnUNets_weights_without_duplicates_are_our_networks(string model, string fold, NetworkArchitecture architecture)
    {
        using var checkpoint = NnUNetCheckpoint.Open(peer.PathOf($"{model}/fold_{fold}/checkpoint_final.pth"));
        Import(peer.PathOf(model), fold);
        var options = Card(fold).Options.Network;
        using var generator = new Generator(1);
        using var network = new UNet(options, generator);

        Assert.Equal(architecture, options.Architecture);
        Assert.Equal(network.state_dict().Keys.Order(StringComparer.Ordinal), checkpoint.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_imported_run_predicts_at_once()
    {
        var model = Import(peer.PathOf(NnUNetPeer.PlainModel));
        var random = new Random(1);
        var grid = Grid.Axial(new Size(14, 12, 10), new Spacing(1, 1, 1));
        Volume Noise() => new(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(_ => 1 + (float)random.NextDouble())]);

        using var predictor = Predictor.Open(Run, CPU, new SlidingWindowOptions());
        var prediction = predictor.Predict([Noise(), Noise()], TestContext.Current.CancellationToken);

        Assert.Equal(["0", "1"], model.Folds.Select(fold => fold.Fold));
        Assert.Same(grid, prediction.Labels.Grid);
        Assert.All(prediction.Labels.Labels, label => Assert.InRange(label, 0, 2));
    }

    [Fact]
    public void The_card_says_where_the_model_comes_from_and_what_may_be_mirrored()
    {
        Import(peer.PathOf(NnUNetPeer.PlainModel), "1");

        var source = peer.PathOf($"{NnUNetPeer.PlainModel}/fold_1/checkpoint_final.pth");
        Assert.Equal(new ModelOrigin("nnUNetTrainer", "3d_fullres", "checkpoint_final.pth", FileDigest.OfFile(source), 2), Card("1").Origin);
        Assert.Equal([0, 2], Card("1").MirroringAxes);
        var plans = Plans.Read(Path.Combine(Run, "plans.json"));
        Assert.Equal((Card("1").PlansDigest, "SimpleITKIO", "3d_fullres"), (plans.Digest, plans.ImageReader, plans.Configuration));
        Assert.Equal(["T1CE", "FLAIR"], plans.ChannelNames);
        Assert.Equal(["edema", "core"], plans.Labels.Foreground.Select(entry => entry.Name));       // "ignore" is never predicted
    }

    [Fact]
    public void A_model_of_slices_mirrors_within_them()
    {
        Import(peer.PathOf(NnUNetPeer.FlatModel));

        Assert.Equal([1, 2], Card("0").MirroringAxes);
        Assert.Equal([1, 8, 16], Card("0").Options.Patches.PatchSize);
        Assert.Equal(Plans.Slices, Plans.Read(Path.Combine(Run, "plans.json")).Configuration);
    }

    [Fact]
    public void A_checkpoint_without_mirroring_axes_is_not_mirrored()
    {
        var model = Import(peer.PathOf(NnUNetPeer.ResidualModel));
        var grid = Grid.Axial(new Size(9, 9, 5), new Spacing(1, 1, 1));
        var image = new Volume(grid, [.. Enumerable.Range(1, grid.Size.Count).Select(i => (float)(i % 7))]);
        float[] Probability(bool mirroring)
        {
            using var predictor = Predictor.Open(Run, CPU, new SlidingWindowOptions { Mirroring = mirroring });
            return [.. predictor.Predict([image, image], TestContext.Current.CancellationToken).Probability.Voxels];
        }

        Assert.Equal(["all"], model.Folds.Select(fold => fold.Fold));
        Assert.Empty(Card("all").MirroringAxes!);
        Assert.Equal(Probability(mirroring: false), Probability(mirroring: true));
        Mirror(Path.Combine(Run, "fold_all", SegmentationCard.FileName), [2]);
        Assert.NotEqual(Probability(mirroring: false), Probability(mirroring: true));
    }

    [Fact]
    public void Importing_again_changes_nothing_and_finishes_what_was_cut_off()
    {
        Import(peer.PathOf(NnUNetPeer.PlainModel));
        var (kept, lost) = (Path.Combine(Run, "fold_0", Checkpoint.Final), Path.Combine(Run, "fold_1", Checkpoint.Final));
        var (bytes, time) = (File.ReadAllBytes(lost), File.GetLastWriteTimeUtc(kept));
        File.Delete(lost);

        Import(peer.PathOf(NnUNetPeer.PlainModel));

        Assert.Equal(bytes, File.ReadAllBytes(lost));
        Assert.Equal(time, File.GetLastWriteTimeUtc(kept));
    }

    [Fact]
    public void Another_model_does_not_get_into_a_run()
    {
        Import(peer.PathOf(NnUNetPeer.PlainModel), "0");
        var renewed = Copy(NnUNetPeer.PlainModel);
        File.Copy(Path.Combine(renewed, "fold_1", "checkpoint_final.pth"), Path.Combine(renewed, "fold_0", "checkpoint_final.pth"), overwrite: true);

        Assert.Contains("holds other plans", Refusal(peer.PathOf(NnUNetPeer.ResidualModel)));
        Assert.Contains("origin.digest", Refusal(renewed, "0"));
        Assert.False(Directory.Exists(Path.Combine(Run, "fold_all")));
    }

    [Theory]
    [InlineData("\"features_per_stage\": [4, 6, 8]", "\"features_per_stage\": [4, 6, 9]", "it has 'encoder.stages.2.0.convs.0.conv.weight' of shape [8, 6, 3, 3, 3] instead of [9, 6, 3, 3, 3] (and 8 more)")]
    [InlineData("\"n_conv_per_stage\": [2, 2, 2]", "\"n_conv_per_stage\": [2, 2, 3]", "it lacks 'encoder.stages.2.0.convs.2.conv.weight' (and 3 more)")]
    [InlineData("\"n_conv_per_stage_decoder\": [2, 2]", "\"n_conv_per_stage_decoder\": [2, 1]", "it has 'decoder.stages.1.convs.1.conv.weight' (and 3 more), unknown there")]
    [InlineData("torch.nn.LeakyReLU", "torch.nn.ReLU", "nonlin torch.nn.ReLU is not among the layers")]
    [InlineData("instancenorm.InstanceNorm3d", "batchnorm.BatchNorm3d", "norm_op torch.nn.modules.batchnorm.BatchNorm3d is not")]
    [InlineData("\"conv_bias\": true", "\"conv_bias\": false", "conv_bias false is not")]
    [InlineData("\"eps\": 1e-05", "\"eps\": 0.1", "norm_op_kwargs other than")]
    [InlineData("unet.PlainConvUNet", "primus.Primus_M", "unknown network 'Primus_M'")]
    public void A_model_of_other_layers_is_refused(string before, string after, string expected)
    {
        var model = Copy(NnUNetPeer.PlainModel);
        Replace(Path.Combine(model, "plans.json"), before, after);

        var message = Refusal(model);

        Assert.Contains(expected, message);
        Assert.False(Directory.Exists(Run), "Something was written.");
    }

    [Theory]
    [InlineData("\"core\": 2", "\"core\": [1, 2]", "\"regions_class_order\" must hold one label value for each of the 2 regions (edema, core)")]
    [InlineData("\"edema\": 1, \"core\": 2, \"ignore\": 3", "\"tumor\": 1", "'decoder.seg_layers.0.weight' of shape [3, 6, 1, 1, 1] instead of [2, 6, 1, 1, 1] (and 3 more)")]
    [InlineData("\"1\": \"FLAIR\"", "\"1\": \"FLAIR\", \"2\": \"T2\"", "normalization_schemes")]
    public void A_data_set_that_does_not_fit_is_refused(string before, string after, string expected)
    {
        var model = Copy(NnUNetPeer.PlainModel);
        Replace(Path.Combine(model, "dataset.json"), before, after);

        Assert.Contains(expected, Refusal(model));
    }

    [Theory]
    [InlineData("2d", "configurations.2d")]
    [InlineData("3d_cascade_fullres", "needs the segmentation of 3d_lowres")]
    [InlineData("3d_lowres", "has no configurations.3d_lowres")]
    public void Configurations_that_cannot_be_used_are_named(string configuration, string expected)
    {
        var model = folder.At($"nnUNetTrainer__nnUNetPlans__{configuration}");
        ToyProject.Copy(peer.PathOf(NnUNetPeer.PlainModel), model);
        Pickle(model, $"{Pickles.Text("network_weights")}}}");

        Assert.Contains(expected, Refusal(model, "0"));
    }

    [Fact]
    public void Folds_that_differ_are_not_averaged()
    {
        var model = Copy(NnUNetPeer.PlainModel);
        Pickle(model, $"{Pickles.Text("network_weights")}}}{Pickles.Text("trainer_name")}{Pickles.Text("other")}");

        Assert.Contains("differ in trainer", Refusal(model));
    }

    [Theory]
    [InlineData("", "without \"network_weights\"")]
    [InlineData("X\u000f\u0000\u0000\u0000network_weights}(X\u0001\u0000\u0000\u0000aK\u0001u", "a weight 'a' that is no tensor")]
    [InlineData("X\u000f\u0000\u0000\u0000network_weights}X\u0020\u0000\u0000\u0000inference_allowed_mirroring_axesK\u0003\u0085", "are not of 0 to 2")]
    public void A_file_that_is_no_checkpoint_of_nnUNet_is_refused(string items, string expected)
    {
        var model = Copy(NnUNetPeer.PlainModel);
        Pickle(model, items);

        Assert.Contains(expected, Refusal(model, "0"));
    }

    [Fact]
    public void Folders_and_folds_that_are_not_there_are_named()
    {
        Assert.Contains("has no plans.json", Refusal(folder.Path));
        Assert.Contains("no checkpoint_final.pth of fold 7. There are: fold_0/checkpoint_final.pth, fold_1/checkpoint_final.pth", Refusal(peer.PathOf(NnUNetPeer.PlainModel), "7"));
        var model = Copy(NnUNetPeer.PlainModel);
        Assert.Contains("no checkpoint_best.pth of any fold", Assert.Throws<MetSegException>(() =>
            new NnUNetImport { Source = model, Folder = Run, Checkpoint = "best" }.Import(null, CancellationToken.None)).Message);
        Assert.Contains("nnU-Net's own folder", Assert.Throws<MetSegException>(() =>
            new NnUNetImport { Source = model, Folder = model }.Import(null, CancellationToken.None)).Message);
    }

    private ImportedModel Import(string source, params string[] folds) =>
        new NnUNetImport { Source = source, Folder = Run, Folds = folds.Length > 0 ? folds : null }.Import(null, CancellationToken.None);

    private string Refusal(string source, params string[] folds)
    {
        var message = Assert.ThrowsAny<MetSegException>(() => Import(source, folds)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private SegmentationCard Card(string fold) => JsonFile.Read<SegmentationCard>(Path.Combine(Run, $"fold_{fold}", SegmentationCard.FileName), JsonFile.OwnStyle);

    private string Copy(string model)
    {
        ToyProject.Copy(peer.PathOf(model), folder.At(model));
        return folder.At(model);
    }

    private static void Replace(string path, string before, string after)
    {
        var text = File.ReadAllText(path);
        Assert.Contains(before, text);
        File.WriteAllText(path, text.Replace(before, after, StringComparison.Ordinal));
    }

    /// <summary>Writes a checkpoint of fold 0 that holds these keys and values.</summary>
    private static void Pickle(string model, string items) =>
        Pickles.Zip(Path.Combine(model, "fold_0", "checkpoint_final.pth"), Pickles.Of(Pickles.Dictionary(items)));

    private static void Mirror(string card, int[] axes)
    {
        var json = JsonNode.Parse(File.ReadAllText(card))!;
        json["mirroringAxes"] = new JsonArray([.. axes.Select(axis => (JsonNode)axis)]);
        File.WriteAllText(card, json.ToJsonString());
    }
}
