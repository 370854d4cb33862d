using MetSeg.Files;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Harmonization;

public sealed class VaeHarmonizerTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public VaeHarmonizerTests()
    {
        Directory.CreateDirectory(folder.Path);
        using var generator = new Generator(11);
        using var task = new HarmonizationTask(ToyCases.Harmonization, ToyCases.Samples(4), [], (CPU, generator));
        new Trainer(task, new TrainerOptions { Epochs = 1, StepsPerEpoch = 3 }, folder.Path, null).Run();
        WriteCard(ToyCases.Harmonization);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Gives_the_same_volume_each_time_on_the_same_grid_and_within_its_range()
    {
        using var harmonizer = Load();
        var volume = ToyCases.Ball(50).Channels[0];

        var harmonized = harmonizer.Apply(volume);

        Assert.Same(volume.Grid, harmonized.Grid);
        Assert.Equal(harmonized.Voxels, harmonizer.Apply(volume).Voxels);
        Assert.NotEqual(volume.Voxels, harmonized.Voxels);
        Assert.InRange(harmonized.Voxels.Min(), volume.Voxels.Min(), volume.Voxels.Max());
        Assert.InRange(harmonized.Voxels.Max(), volume.Voxels.Min(), volume.Voxels.Max());
    }

    [Fact]
    public void A_sampled_code_gives_another_volume_but_the_same_each_time()
    {
        using var mean = Load();
        WriteCard(ToyCases.Harmonization with { SampleInUse = true });
        using var sampled = Load();
        var volume = ToyCases.Ball(50).Channels[0];

        Assert.NotEqual(mean.Apply(volume).Voxels, sampled.Apply(volume).Voxels);
        Assert.Equal(sampled.Apply(volume).Voxels, sampled.Apply(volume).Voxels);
    }

    [Fact]
    public void Background_keeps_its_value_and_nothing_else_does()
    {
        using var harmonizer = Load();
        var ball = ToyCases.Ball(50).Channels[0];
        var cut = new Volume(ball.Grid, [.. ball.Voxels.Select((value, i) => i % ball.Grid.Size.X < 4 ? -9f : value)]);

        var harmonized = harmonizer.Apply(cut);

        Assert.All(cut.Voxels.Zip(harmonized.Voxels).Where(pair => pair.First == -9), pair => Assert.Equal(-9, pair.Second));
        Assert.True(cut.Voxels.Zip(harmonized.Voxels).Count(pair => pair.First != -9 && pair.First == pair.Second) < 5);
    }

    [Fact]
    public void A_constant_volume_stays_as_it_is()
    {
        using var harmonizer = Load();
        var constant = ToyCases.Ball(1).Channels[0].Map(_ => 3);

        Assert.Equal(constant.Voxels, harmonizer.Apply(constant).Voxels);
    }

    [Fact]
    public void The_latent_code_has_its_length_and_tells_scans_apart()
    {
        using var harmonizer = Load();
        double[] Code(int seed) => harmonizer.Latent(ToyCases.Ball(seed).Channels[0]);

        Assert.Equal(6, Code(1).Length);
        Assert.Equal(Code(1), Code(1));
        Assert.NotEqual(Code(1), Code(2));
    }

    [Fact]
    public void A_volume_leaves_no_tensor_behind()
    {
        using var harmonizer = Load();
        var volume = ToyCases.Ball(50).Channels[0];
        harmonizer.Apply(volume);

        LiveTensors.AssertNoneLeftBy(() =>
        {
            harmonizer.Apply(volume);
            harmonizer.Latent(volume);
        });
    }

    [Fact]
    public void Missing_files_are_named()
    {
        File.Delete(folder.At(Checkpoint.Best));
        Refuses(Checkpoint.Best);
        File.Delete(folder.At(HarmonizerCard.FileName));
        Refuses(HarmonizerCard.FileName);
    }

    [Theory]
    [InlineData(Checkpoint.Best)]
    [InlineData(HarmonizerCard.FileName)]
    public void Damaged_files_are_named(string name)
    {
        File.WriteAllBytes(folder.At(name), File.ReadAllBytes(folder.At(name))[..^9]);

        Refuses(name);
    }

    [Fact]
    public void Weights_of_another_network_are_refused()
    {
        WriteCard(ToyCases.Harmonization with { Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [4, 8], Latent = 7 } });

        Refuses("vae.mean.weight");
    }

    [Fact]
    public void A_card_whose_options_cannot_work_is_refused()
    {
        WriteCard(ToyCases.Harmonization with { Vae = new VaeOptions { InputSize = [8, 8, 9], Features = [4, 8] } });

        Refuses("vae.inputSize");
    }

    private void WriteCard(VaeMmdOptions options) => JsonFile.Write(
        folder.At(HarmonizerCard.FileName), new HarmonizerCard(options, 1, 3, 1, ["a", "b"], ["ball0"], [], "none"), JsonFile.OwnStyle);

    private VaeHarmonizer Load() => VaeHarmonizer.Load(folder.Path, Checkpoint.Best, CPU);

    private void Refuses(string named)
    {
        var error = Assert.ThrowsAny<MetSegException>(Load);
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }
}
