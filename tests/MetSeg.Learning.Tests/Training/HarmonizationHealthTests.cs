using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

public sealed class HarmonizationHealthTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(0.5, 0.1, null)]
    [InlineData(1e-7, 0.1, "the kernel between different scans is 1.0e-7 on average")]
    [InlineData(0.5, 1e-9, "its gradient has a norm of 1.0e-9")]
    public void A_dead_mmd_is_told_in_words(double kernel, double gradient, string? expected)
    {
        var health = new HarmonizationHealth(new VaeMmdOptions());
        health.Add(new Dictionary<string, double> { ["kernelMean"] = kernel, ["alignmentGradient"] = gradient });

        var warnings = health.Warnings(activeUnits: 512, units: 512);

        Assert.Equal(expected is null ? 0 : 1, warnings.Count);
        Assert.All(warnings, warning => Assert.Contains(expected!, warning));
        Assert.All(warnings, warning => Assert.EndsWith("Use --kernel median.", warning));
    }

    [Fact]
    public void An_mmd_without_weight_may_be_dead_and_each_set_of_features_is_told_by_name()
    {
        var dead = new Dictionary<string, double> { ["kernelMean"] = 0, ["alignmentGradient"] = 0, ["kernelMeanSkips"] = 0, ["alignmentGradientSkips"] = 0 };
        var mute = new HarmonizationHealth(new VaeMmdOptions { Alignment = [new DiscrepancyAlignment { Weight = 0 }, new CoralAlignment()] });
        var skips = new HarmonizationHealth(new VaeMmdOptions { Alignment = [new DiscrepancyAlignment { Features = AlignedFeatures.Skips, Width = KernelWidth.Median }] });
        mute.Add(dead);
        skips.Add(dead);

        Assert.Empty(mute.Warnings(512, 512));
        var warning = Assert.Single(skips.Warnings(512, 512));
        Assert.StartsWith("The MMD of the skips is dead", warning);
        Assert.DoesNotContain("--kernel", warning);
    }

    [Theory]
    [InlineData(6, 512, false)]
    [InlineData(5, 512, true)]
    [InlineData(1, 16, false)]
    [InlineData(0, 16, true)]
    [InlineData(null, 16, false)]
    public void A_collapsed_latent_code_is_told_in_words(int? active, int units, bool isTold)
    {
        var warnings = new HarmonizationHealth(new VaeMmdOptions()).Warnings(active, units);

        Assert.Equal(isTold, warnings.Count == 1);
        Assert.All(warnings, warning => Assert.StartsWith($"The latent code has collapsed: {active} of {units} units", warning));
    }

    [Fact]
    public void The_papers_kernel_at_512_units_is_reported_once_and_logged_in_every_epoch()
    {
        var options = ToyCases.Harmonization with
        {
            // Codes far apart: large weights of the layer that makes μ.
            Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [4, 8], Latent = 512 }, LearningRate = 1e-6,
        };
        using var generator = new Generator(11);
        using var task = new HarmonizationTask(options, ToyCases.Samples(8), ToyCases.Samples(8), (CPU, generator));
        using (no_grad())
        {
            task.Modules[0].Module.named_parameters().Single(pair => pair.name == "mean.weight").parameter.mul_(30);
        }

        var told = new List<string>();
        var log = new Trainer(task, new TrainerOptions { Epochs = 2, StepsPerEpoch = 2 }, folder.At("run"), null) { Warned = told.Add }
            .Run(TestContext.Current.CancellationToken);

        Assert.StartsWith("The MMD of the latent code is dead", Assert.Single(told));
        Assert.All(log, record => Assert.Equal(told, record.Warnings));
        Assert.All(TrainingLog.Read(folder.At("run")), record => Assert.Equal(told, record.Warnings));
        Assert.True(log[0].Training["vae.kernelMean"] < 1e-6);
        Assert.InRange(log[0].Validation["activeUnits"], 6, 512);
    }
}
