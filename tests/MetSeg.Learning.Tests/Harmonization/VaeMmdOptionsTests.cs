using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Harmonization;

public class VaeMmdOptionsTests
{
    public static TheoryData<VaeMmdOptions, string> Faults => new()
    {
        { new VaeMmdOptions { DivergenceWeight = -0.1 }, "weights" },
        { new VaeMmdOptions { DiscrepancyWeight = double.NaN }, "weights" },
        { new VaeMmdOptions { SamplesPerDomain = 0 }, "samplesPerDomain" },
        { new VaeMmdOptions { LearningRate = 0 }, "learningRate" },
        { new VaeMmdOptions { ClipNorm = double.NaN }, "clipNorm" },
        { new VaeMmdOptions { DiscriminatorFeatures = [32] }, "discriminatorFeatures" },
        { new VaeMmdOptions { DiscriminatorFeatures = [32, 0] }, "discriminatorFeatures" },
        { new VaeMmdOptions { DiscriminatorFeatures = [2, 2, 2, 2, 2, 2, 2, 2] }, "discriminatorFeatures" },
        { new VaeMmdOptions { FlipProbability = 1.1 }, "[0, 1]" },
        { new VaeMmdOptions { TurnProbability = double.NaN }, "[0, 1]" },
        { new VaeMmdOptions { Vae = new VaeOptions { Latent = 0 } }, "vae.latent" },
        { new VaeMmdOptions { Vae = new VaeOptions { Features = [32] } }, "vae.features" },
    };

    [Fact]
    public void Defaults_are_the_papers()
    {
        var options = new VaeMmdOptions();

        Assert.Equal((0.1, 10.0, 5.0), (options.DivergenceWeight, options.DiscrepancyWeight, options.AdversarialWeight));
        Assert.Equal([32, 64, 128, 256], options.DiscriminatorFeatures);
        Assert.Equal((1e-4, 1.0, KernelWidth.Fixed), (options.LearningRate, options.ClipNorm, options.KernelWidth));
        Assert.Equal((1, 0.5, 0.3), (options.SamplesPerDomain, options.FlipProbability, options.TurnProbability));
        Assert.Equal((0.9, 0.999, 0.0), (new AdamOptions().Beta1, new AdamOptions().Beta2, new AdamOptions().WeightDecay));
        Assert.Empty(options.Problems());
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public void What_cannot_work_is_named(VaeMmdOptions options, string named) => Assert.Contains(named, Assert.Single(options.Problems()));

    [Fact]
    public void Each_weight_scales_its_own_term_of_the_loss()
    {
        using var scope = NewDisposeScope();
        var none = Losses(new VaeMmdOptions { DivergenceWeight = 0, DiscrepancyWeight = 0, AdversarialWeight = 0 });
        var all = Losses(new VaeMmdOptions());

        Assert.Equal(none["reconstruction"], none["loss"], tolerance: 1e-3);
        Assert.Equal(all["reconstruction"] + (0.1 * all["divergence"]) + (10 * all["mmd"]) + (5 * all["adversarial"]), all["loss"], tolerance: 1e-3);
        Assert.All(["divergence", "mmd", "adversarial"], term => Assert.True(all[term] > 0, term));
    }

    [Fact]
    public void Validation_sees_a_discrepancy_though_the_scans_are_sorted_by_hospital()
    {
        using var generator = new Generator(11);
        HarmonizationSample[] sorted = [.. ToyCases.Samples(8).OrderBy(sample => sample.Domain)];
        using var task = new HarmonizationTask(ToyCases.Harmonization with { SamplesPerDomain = 1 }, sorted, sorted, (CPU, generator));

        Assert.True(task.Validate(new Random(1), TestContext.Current.CancellationToken).Figures["mmd"] > 0);
    }

    [Fact]
    public void Every_batch_holds_as_many_scans_of_each_hospital()
    {
        using var generator = new Generator(11);
        HarmonizationSample[] uneven = [.. ToyCases.Samples(8).Where((sample, i) => sample.Domain == 0 || i == 1)];
        using var task = new HarmonizationTask(ToyCases.Harmonization with { SamplesPerDomain = 3 }, uneven, [], (CPU, generator));
        using var batch = task.NextBatch(new Random(1));

        Assert.Equal([0, 0, 0, 1, 1, 1], batch.Domains);
        Assert.Equal([6, 1, 8, 8, 8], batch.Image.shape);
    }

    private static Dictionary<string, double> Losses(VaeMmdOptions weights)
    {
        using var generator = new Generator(11);
        var options = weights with { Vae = ToyCases.Harmonization.Vae, DiscriminatorFeatures = [4, 8], SamplesPerDomain = 2 };
        using var task = new HarmonizationTask(options, ToyCases.Samples(4), [], (CPU, generator));
        using var batch = task.NextBatch(new Random(1));
        var loss = task.Loss(0, batch);
        return loss.Terms.Append(("loss", loss.Total)).ToDictionary(term => term.Item1, term => (double)term.Item2.item<float>());
    }
}
