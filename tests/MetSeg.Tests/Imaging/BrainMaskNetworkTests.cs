using MetSeg.Files;
using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public sealed class BrainMaskNetworkTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("LIA")]
    [InlineData("RAS")]
    [InlineData("SPR")]
    public void The_mask_lies_where_the_networks_output_says_in_any_orientation(string orientation)
    {
        // The network calls bright voxels brain: 0.5 − intensity is negative there.
        Write(TinyOnnx.ConstantMinusInput(0.5f), new BrainMaskModel { Orientation = orientation, MultipleOf = 8, LeastEdge = 16, Threshold = 0, SpacingMm = 2 });
        var image = Head(out var bright);
        using var network = BrainMaskNetwork.Open(Model);

        var mask = network.Find(image);

        Assert.Same(image.Grid, mask.Grid);
        Assert.InRange(Overlap(mask, bright), 0.93, 1);
    }

    [Fact]
    public void A_score_is_brain_above_its_threshold_and_the_largest_piece_stays()
    {
        Write(TinyOnnx.ConstantMinusInput(1), new BrainMaskModel { Output = BrainMaskOutput.Score, Threshold = 0.5, MultipleOf = 1, LeastEdge = 1 });
        var image = Head(out var bright).Map(value => 100 - value);
        using var network = BrainMaskNetwork.Open(Model);

        Assert.InRange(Overlap(network.Find(image), bright), 0.95, 1);
    }

    [Fact]
    public void A_fixed_input_size_is_kept_to()
    {
        Write(TinyOnnx.ConstantMinusInput(0.5f, edge: 48), new BrainMaskModel { Threshold = 0 });
        var image = Head(out var bright);
        using var network = BrainMaskNetwork.Open(Model);

        Assert.InRange(Overlap(network.Find(image), bright), 0.95, 1);
    }

    [Fact]
    public void Models_that_do_not_fit_are_refused_by_name()
    {
        string Refusal(byte[] bytes)
        {
            File.WriteAllBytes(Model, bytes);
            var error = Assert.Throws<MetSegException>(() => BrainMaskNetwork.Open(Model));
            Assert.DoesNotContain('\n', error.Message);
            return error.Message;
        }

        Assert.Contains("model.onnx", Refusal("no model"u8.ToArray()));
        Assert.Contains("one input of floats", Refusal(TinyOnnx.ConstantMinusInput(1, rank: 4)));
        Assert.Contains("nowhere.onnx", Assert.Throws<MetSegException>(() => BrainMaskNetwork.Open(folder.PathOf("nowhere.onnx"))).Message);
        Write(TinyOnnx.ConstantMinusInput(1), new BrainMaskModel { Orientation = "RLS" });
        Assert.Contains("orientation", Assert.Throws<OptionsException>(() => BrainMaskNetwork.Open(Model)).Message);
    }

    [Fact]
    public void A_network_that_finds_nothing_is_an_error()
    {
        Write(TinyOnnx.ConstantMinusInput(5), new BrainMaskModel { Threshold = 0, MultipleOf = 8, LeastEdge = 16 });
        using var network = BrainMaskNetwork.Open(Model);

        Assert.Contains("found no brain", Assert.Throws<MetSegException>(() => network.Find(Head(out _))).Message);
    }

    [Fact]
    public void SynthStrips_edges_are_multiples_of_64_within_its_range() =>
        Assert.Equal([192, 192, 256, 320, 320], new[] { 100, 192, 193, 300, 400 }.Select(BrainMaskModel.SynthStrip.EdgeFor));

    private string Model => folder.PathOf("model.onnx");

    private void Write(byte[] bytes, BrainMaskModel model)
    {
        File.WriteAllBytes(Model, bytes);
        JsonFile.Write(folder.PathOf("model.json"), model, JsonFile.OwnStyle);
    }

    /// <summary>An oblique image of 1.2×1×1.5 mm with a bright box that lies in no plane of symmetry, and a small bright speck.</summary>
    private static Volume Head(out LabelMap bright)
    {
        var size = new Size(30, 36, 24);
        var grid = new Grid(size, new Affine(-1.2, 0.05, 0, 15, 0.06, 1, 0, -20, 0, 0, 1.5, 5));
        var labels = new byte[size.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            var (x, y, z) = (i % size.X, i / size.X % size.Y, i / size.X / size.Y);
            labels[i] = x is >= 4 and < 20 && y is >= 10 and < 30 && z is >= 3 and < 17 ? (byte)1 : (byte)0;
        }

        bright = new LabelMap(grid, labels);
        var voxels = labels.Select(label => label * 100f).ToArray();
        voxels[size.Index(27, 2, 22)] = 100;
        return new Volume(grid, voxels);
    }

    private static double Overlap(LabelMap a, LabelMap b) =>
        2.0 * a.Labels.Zip(b.Labels).Count(pair => pair is (not 0, not 0)) / (a.Labels.Count(label => label != 0) + b.Labels.Count(label => label != 0));
}
