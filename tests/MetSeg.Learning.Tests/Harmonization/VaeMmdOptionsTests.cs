using System.Text.Json;
using System.Text.Json.Nodes;
using MetSeg.Files;
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
        { new VaeMmdOptions { Alignment = [new DiscrepancyAlignment { Weight = double.NaN }] }, "weights" },
        { new VaeMmdOptions { Alignment = [new CoralAlignment(), new CoralAlignment()] }, "'coral' twice" },
        { new VaeMmdOptions { Alignment = [new CoralAlignment { Features = AlignedFeatures.Skips }], Vae = new VaeOptions { Skips = VaeSkips.None } }, "skips" },
        { new VaeMmdOptions { Reconstruction = new ReconstructionOptions { LesionWeight = -1 } }, "weights" },
        { new VaeMmdOptions { Reconstruction = new ReconstructionOptions { Similarity = new SimilarityOptions { Window = 2 } } }, "odd" },
        { new VaeMmdOptions { MemoryBank = -1 }, "memoryBank" },
        { new VaeMmdOptions { MicroBatch = -1 }, "microBatch" },
        { new VaeMmdOptions { Vae = new VaeOptions { Kernel = 5 } }, "vae.kernel" },
        { new VaeMmdOptions { Vae = new VaeOptions { LogVarianceLimit = 0 } }, "vae.logVarianceLimit" },
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

        var mmd = Assert.IsType<DiscrepancyAlignment>(Assert.Single(options.Alignment));
        Assert.Equal((10.0, KernelWidth.Fixed, false, AlignedFeatures.Latent), (mmd.Weight, mmd.Width, mmd.Unbiased, mmd.Features));
        Assert.Equal((0.1, 5.0), (options.DivergenceWeight, options.AdversarialWeight));
        var reconstruction = options.Reconstruction;
        Assert.Equal((300.0, 150.0, 50.0), (reconstruction.SquaredWeight, reconstruction.AbsoluteWeight, reconstruction.SimilarityWeight));
        Assert.Equal(new SimilarityOptions { DataRange = 2, Window = 11, Form = SimilarityWindow.Uniform }, reconstruction.Similarity);
        Assert.Equal((0.0, 0.0), (reconstruction.LesionWeight, reconstruction.EdgeWeight));
        Assert.Equal((BatchComposition.Balanced, TurnPlanes.Any, WeightSelection.Validation), (options.Batches, options.TurnPlanes, options.Selection));
        Assert.Equal((IntensityRange.Resized, IntensityRange.Resized, false), (options.Range, options.RangeInUse, options.SampleInUse));
        Assert.Equal((0, 0), (options.MemoryBank, options.MicroBatch));
        Assert.Equal([32, 64, 128, 256], options.DiscriminatorFeatures);
        Assert.Equal((1e-4, 1.0), (options.LearningRate, options.ClipNorm));
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
        var none = Losses(new VaeMmdOptions { DivergenceWeight = 0, Alignment = [], AdversarialWeight = 0 });
        var all = Losses(new VaeMmdOptions());

        Assert.Equal(none["reconstruction"], none["loss"], tolerance: 1e-3);
        Assert.Equal(all["reconstruction"] + (0.1 * all["divergence"]) + (10 * all["mmd"]) + (5 * all["adversarial"]), all["loss"], tolerance: 1e-3);
        Assert.All(["divergence", "mmd", "adversarial"], term => Assert.True(all[term] > 0, term));
    }

    [Fact]
    public void The_released_code_differs_where_the_options_say_it_does()
    {
        var published = Keys(VaeMmdOptions.Published);
        var released = Keys(VaeMmdOptions.Released);

        Assert.Equal(published, Keys(new VaeMmdOptions()));
        Assert.Equal(
            [
                "batches shuffled", "rangeInUse original", "reconstruction.similarity.dataRange 1", "reconstruction.similarity.form zero-padded",
                "sampleInUse true", "selection training", "turnPlanes first-two", "vae.attention false", "vae.kernel 3", "vae.logVarianceLimit null",
            ],
            released.Except(published).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Ours_aligns_latent_and_skips_without_bias_and_sees_two_scans_of_each_hospital()
    {
        var ours = VaeMmdOptions.Ours;

        Assert.Equal(["mmd", "mmdSkips"], ours.Alignment.Select(term => term.LogName));
        Assert.All(ours.Alignment.Cast<DiscrepancyAlignment>(), term => Assert.Equal((KernelWidth.Median, true), (term.Width, term.Unbiased)));
        Assert.Equal((LatentForm.Spatial, EncoderNorm.Instance), (ours.Vae.LatentForm, ours.Vae.EncoderNorm));
        Assert.Equal((2, IntensityRange.Percentiles), (ours.SamplesPerDomain, ours.Range));
        Assert.Equal(ours.Range, ours.RangeInUse);
        Assert.Equal(2, ours.Reconstruction.Similarity.DataRange);
        Assert.True(ours.Reconstruction.LesionWeight > 0);
        Assert.All([VaeMmdOptions.Published, VaeMmdOptions.Released, ours], preset => Assert.Empty(preset.Problems()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Options_come_back_from_their_file_as_they_were(int number)
    {
        var options = new[]
        {
            VaeMmdOptions.Published, VaeMmdOptions.Released, VaeMmdOptions.Ours,
            new VaeMmdOptions { Alignment = [new CoralAlignment { Weight = 2 }, new SinkhornAlignment { Blur = 0.1 }, new AdversarialAlignment { Strength = 3 }] },
        }[number];
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.Path);
        JsonFile.Write(folder.At("a.json"), options, JsonFile.OwnStyle);

        JsonFile.Write(folder.At("b.json"), JsonFile.Read<VaeMmdOptions>(folder.At("a.json"), JsonFile.OwnStyle), JsonFile.OwnStyle);

        Assert.Equal(File.ReadAllText(folder.At("a.json")), File.ReadAllText(folder.At("b.json")));
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

    /// <summary>Every option as "path value".</summary>
    private static IReadOnlyList<string> Keys(VaeMmdOptions options)
    {
        return [.. Walk(JsonSerializer.SerializeToNode(options, JsonFile.OwnStyle), "")];

        static IEnumerable<string> Walk(JsonNode? node, string path) => node is JsonObject entries
            ? entries.SelectMany(entry => Walk(entry.Value, path == "" ? entry.Key : $"{path}.{entry.Key}"))
            : [$"{path} {node?.ToJsonString().Trim('"') ?? "null"}"];
    }
}
