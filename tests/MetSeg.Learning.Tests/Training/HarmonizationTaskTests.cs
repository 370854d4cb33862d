using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

public class HarmonizationTaskTests
{
    private static readonly IReadOnlyList<AlignmentOptions> allTerms =
    [
        new DiscrepancyAlignment { Weight = 3, Width = KernelWidth.Median, Unbiased = true },
        new DiscrepancyAlignment { Weight = 2, Width = KernelWidth.Median, Features = AlignedFeatures.Skips },
        new CoralAlignment { Weight = 5 },
        new SinkhornAlignment { Weight = 7 },
        new AdversarialAlignment { Weight = 0.5, HiddenUnits = 8 },
        new AdversarialAlignment { Weight = 0.25, HiddenUnits = 8, Features = AlignedFeatures.Skips },
    ];

    private static readonly VaeMmdOptions full = ToyCases.Harmonization with
    {
        Alignment = allTerms, Reconstruction = new ReconstructionOptions { LesionWeight = 2, EdgeWeight = 1 },
    };

    [Fact]
    public void Validation_sees_a_discrepancy_though_the_scans_are_sorted_by_hospital()
    {
        HarmonizationSample[] sorted = [.. ToyCases.Samples(8).OrderBy(sample => sample.Domain)];
        using var task = Task(ToyCases.Harmonization with { SamplesPerDomain = 1 }, sorted, sorted);

        var figures = Validate(task).Figures;

        Assert.True(figures["mmd"] > 0);
        Assert.Equal(figures["reconstruction"] + (0.1 * figures["divergence"]) + (10 * figures["mmd"]) + (5 * figures["adversarial"]), figures["loss"], tolerance: 1e-3);
    }

    [Fact]
    public void Every_term_is_logged_with_the_weight_of_its_own()
    {
        using var scope = NewDisposeScope();
        using var task = Task(full);
        using var batch = task.NextBatch(new Random(1));

        var terms = Terms(task, batch, out var total);

        var alignment = (3 * terms["mmd"]) + (2 * terms["mmdSkips"]) + (5 * terms["coral"]) + (7 * terms["sinkhorn"])
            + (0.5 * terms["domainAdversarial"]) + (0.25 * terms["domainAdversarialSkips"]);
        Assert.Equal(alignment, terms["alignment"], tolerance: 1e-5);
        Assert.Equal(terms["reconstruction"] + (0.1 * terms["divergence"]) + (5 * terms["adversarial"]) + alignment, total, tolerance: 1e-3);
        Assert.All(["kernelMean", "kernelMeanSkips"], name => Assert.InRange(terms[name], 0.01, 0.99));
        Assert.All(["alignmentGradient", "alignmentGradientSkips"], name => Assert.True(terms[name] > 1e-4, name));
    }

    [Fact]
    public void The_gradient_handed_on_from_the_features_is_that_of_the_whole_loss()
    {
        using var scope = NewDisposeScope();
        var options = ToyCases.Harmonization with
        {
            Vae = ToyCases.Harmonization.Vae with { Dropout = 0 }, Alignment = [.. allTerms.Take(4)], AdversarialWeight = 0, DivergenceWeight = 0,
            Reconstruction = new ReconstructionOptions { SquaredWeight = 0, AbsoluteWeight = 0, SimilarityWeight = 0 },
        };
        using var task = Task(options);
        using var batch = task.NextBatch(new Random(1));
        var vae = (HarmonizationVae)task.Modules[0].Module;

        var handedOn = Gradient(task, batch);
        var code = vae.Encode(batch.Image);
        Tensor Of(AlignmentOptions term) => term.Weight * (term.Features == AlignedFeatures.Latent
            ? term.Compute(code.Vector(), batch.Domains, null).Loss
            : code.PooledSkips().Select(set => term.Compute(set, batch.Domains, null).Loss).Aggregate((sum, one) => sum + one) / code.Skips.Count);
        vae.zero_grad();
        options.Alignment.Select(Of).Aggregate((sum, one) => sum + one).backward();

        AssertClose(Flat(vae), handedOn);
        Assert.Contains(handedOn, value => Math.Abs(value) > 1e-3);
    }

    [Fact]
    public void A_batch_in_parts_has_the_gradient_of_the_whole_batch()
    {
        // Both parts hold the same two scans, so that batch norm sees the same; nothing is dropped, and the decoder does not hear the noise.
        using var scope = NewDisposeScope();
        var options = full with { Vae = full.Vae with { Dropout = 0 } };
        using var whole = Task(options);
        using var inParts = Task(options with { MicroBatch = 2 });
        using var drawn = whole.NextBatch(new Random(3));
        var rows = tensor(new long[] { 0, 1, 0, 1 });
        using var batch = new Batch(drawn.Image.index_select(0, rows), drawn.Label!.index_select(0, rows), [0, 1, 0, 1]);
        foreach (var task in new[] { whole, inParts })
        {
            using var noGradient = no_grad();
            task.Modules[0].Module.named_parameters().Single(pair => pair.name == "expand.weight").parameter.zero_();
        }

        double[] Without(HarmonizationTask task)
        {
            Gradient(task, batch);
            using var noGradient = no_grad();
            task.Modules[0].Module.named_parameters().Single(pair => pair.name == "expand.weight").parameter.grad!.zero_();
            return Flat(task.Modules[0].Module);
        }

        AssertClose(Without(whole), Without(inParts));
        var (expected, actual) = (Terms(whole, batch, out var total), Terms(inParts, batch, out var totalOfParts));
        Assert.All(expected, term => Assert.Equal(term.Value, actual[term.Key], tolerance: 1e-3 * Math.Max(1, Math.Abs(term.Value))));
        Assert.Equal(total, totalOfParts, tolerance: 1e-3 * total);
    }

    [Fact]
    public void Dropped_channels_are_the_same_in_both_passes_over_a_part()
    {
        using var scope = NewDisposeScope();
        var options = ToyCases.Harmonization with { MicroBatch = 2, AdversarialWeight = 0, Vae = ToyCases.Harmonization.Vae with { Dropout = 0.5 } };
        using var task = Task(options);
        using var batch = task.NextBatch(new Random(3));
        var vae = (HarmonizationVae)task.Modules[0].Module;

        var terms = Terms(task, batch, out _);
        random.manual_seed(5);
        var seed = randint(int.MaxValue, [1], ScalarType.Int64).item<long>();
        var (codes, reconstruction) = (new List<Tensor>(), 0.0);
        for (var part = 0; part < 2; part++)
        {
            random.manual_seed(seed + part);
            var images = batch.Image.narrow(0, 2 * part, 2);
            var code = vae.Encode(images);
            codes.Add(code.Mean);
            var latent = code.Mean + ((0.5 * code.LogVariance).exp() * randn_like(code.Mean));
            reconstruction += 0.5 * Reconstruction.Compute(images, vae.Decode(latent, code.Skips)).item<float>();
        }

        Assert.Equal(MaximumMeanDiscrepancy.Compute(cat(codes, 0), batch.Domains, KernelWidth.Fixed).item<float>(), terms["mmd"], tolerance: 1e-5);
        Assert.Equal(reconstruction, terms["reconstruction"], tolerance: 1e-3);
    }

    [Fact]
    public void A_batch_in_parts_leaves_the_running_statistics_of_its_parts_alone()
    {
        using var scope = NewDisposeScope();
        using var task = Task(ToyCases.Harmonization with { MicroBatch = 2 });
        using var batch = task.NextBatch(new Random(1));
        var vae = (HarmonizationVae)task.Modules[0].Module;

        task.Loss(0, batch).Total.backward();

        Assert.All(vae.named_buffers().Where(pair => pair.name.EndsWith("num_batches_tracked", StringComparison.Ordinal)), pair => Assert.Equal(2, pair.buffer.item<long>()));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Batches_of_any_number_of_hospitals_hold_as_many_scans_of_each_and_none_twice(int microBatch)
    {
        HarmonizationSample[] scans = [.. ToyCases.Samples(12).Select((sample, i) => sample with { Domain = i % 3 }).Where((sample, i) => sample.Domain != 2 || i == 2)];
        using var task = Task(ToyCases.Harmonization with { SamplesPerDomain = 3, MicroBatch = microBatch, FlipProbability = 0, TurnProbability = 0 }, scans);
        using var batch = task.NextBatch(new Random(1));

        // In turns, so that every part of three has scans of all hospitals; the third hospital has one scan.
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 1, 2], batch.Domains);
        var sums = batch.Image.sum([1, 2, 3, 4]).data<float>().ToArray();
        Assert.Equal(6 + 1, sums.Distinct().Count());
        Assert.Single(sums.Where((_, i) => i % 3 == 2).Distinct());
        Assert.True(float.IsFinite(task.Loss(0, batch).Total.item<float>()));
    }

    [Fact]
    public void Shuffled_batches_do_not_ask_whose_scans_they_hold()
    {
        using var task = Task(ToyCases.Harmonization with { Batches = BatchComposition.Shuffled });
        var counts = Enumerable.Range(0, 30).Select(seed =>
        {
            using var batch = task.NextBatch(new Random(seed));
            return batch.Domains.Count == 4 ? batch.Domains.Sum() : -1;
        }).ToList();

        Assert.DoesNotContain(-1, counts);
        Assert.True(counts.Distinct().Count() >= 3, string.Join(' ', counts));
    }

    [Fact]
    public void Lesions_turn_with_their_scan()
    {
        HarmonizationSample[] marked = [.. ToyCases.Samples(8).Select(sample => sample with { Lesions = new LabelMap(sample.Input.Grid, [.. sample.Input.Voxels.Select(value => value > 0 ? (byte)1 : (byte)0)]) })];
        using var task = Task(full with { TurnProbability = 1 }, marked);
        using var batch = task.NextBatch(new Random(1));

        Assert.True(batch.Label!.ne(0).equal(batch.Image.gt(0)).all().item<bool>());
        Assert.InRange(batch.Label!.sum().item<long>(), 1, batch.Label!.numel() - 1);
    }

    [Fact]
    public void Turns_in_the_first_plane_alone_leave_the_last_axis_in_its_place()
    {
        HarmonizationSample[] ramps = [.. ToyCases.Samples(4).Select(sample => sample with { Input = new Volume(sample.Input.Grid, [.. Enumerable.Range(0, 512).Select(i => (float)(i % 8))]) })];
        int Moved(TurnPlanes planes)
        {
            using var task = Task(ToyCases.Harmonization with { FlipProbability = 0, TurnProbability = 1, TurnPlanes = planes }, ramps);
            using var batch = task.NextBatch(new Random(1));
            return batch.Image.ne(arange(8)).any().item<bool>() ? 1 : 0;
        }

        Assert.Equal((1, 0), (Moved(TurnPlanes.Any), Moved(TurnPlanes.FirstTwo)));
    }

    [Fact]
    public void The_memory_joins_earlier_scans_and_is_empty_after_an_epoch()
    {
        using var scope = NewDisposeScope();
        using var task = Task(ToyCases.Harmonization with { MemoryBank = 3, Alignment = [new DiscrepancyAlignment { Unbiased = true, Width = KernelWidth.Median }] });
        using var plain = Task(ToyCases.Harmonization with { Alignment = [new DiscrepancyAlignment { Unbiased = true, Width = KernelWidth.Median }] });
        using var first = task.NextBatch(new Random(1));
        using var second = task.NextBatch(new Random(2));
        double Of(HarmonizationTask one, Batch batch) => Terms(one, batch, out _)["mmd"];

        Assert.Equal(Of(plain, first), Of(task, first), tolerance: 1e-6);
        Assert.NotEqual(Of(plain, second), Of(task, second), tolerance: 1e-4);
        Validate(task);
        Assert.Equal(Of(plain, first), Of(task, first), tolerance: 1e-6);
    }

    [Fact]
    public void The_memory_does_not_weaken_the_gradient()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var options = ToyCases.Harmonization with { MemoryBank = 2, Alignment = [new DiscrepancyAlignment { Weight = 1 }] };
        var terms = new AlignmentTerms(options, 2, (CPU, generator));
        var codes = randn([4, 6], generator: generator);
        int[] domains = [0, 1, 0, 1];

        // The memory holds a copy of each scan: the discrepancy is the same, and each scan moves for itself and its copy.
        var (first, second) = (terms.Differentiate([codes], domains), terms.Differentiate([codes], domains));

        Assert.Equal(first.Total, second.Total, tolerance: 1e-6);
        Assert.True(first.Gradients[0].allclose(second.Gradients[0], rtol: 1e-4, atol: 1e-7));
        Assert.True(first.Figures["alignmentGradient"] > 0.01);
    }

    [Fact]
    public void Selection_by_training_loss_takes_the_mean_of_the_epochs_steps()
    {
        using var scope = NewDisposeScope();
        using var task = Task(ToyCases.Harmonization with { Selection = WeightSelection.Training });
        var losses = Enumerable.Range(0, 3).Select(seed =>
        {
            using var batch = task.NextBatch(new Random(seed));
            Terms(task, batch, out var total);
            return total;
        }).ToList();

        Assert.Equal(-losses.Average(), Validate(task).Score, tolerance: 1e-3);
    }

    private static HarmonizationTask Task(VaeMmdOptions options, IReadOnlyList<HarmonizationSample>? training = null, IReadOnlyList<HarmonizationSample>? validation = null)
    {
        using var generator = new Generator(11);
        return new HarmonizationTask(options, training ?? ToyCases.Samples(8), validation ?? [], (CPU, generator));
    }

    private static Validation Validate(HarmonizationTask task)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return task.Validate(new Random(1), TestContext.Current.CancellationToken);
    }

    private static Dictionary<string, double> Terms(HarmonizationTask task, Batch batch, out double total)
    {
        random.manual_seed(5);
        var loss = task.Loss(0, batch);
        total = loss.Total.item<float>();
        return loss.Terms.ToDictionary(term => term.Name, term => (double)term.Value.item<float>());
    }

    private static double[] Gradient(HarmonizationTask task, Batch batch)
    {
        random.manual_seed(5);
        task.Modules[0].Module.zero_grad();
        task.Loss(0, batch).Total.backward();
        return Flat(task.Modules[0].Module);
    }

    private static double[] Flat(nn.Module module) =>
        [.. module.parameters().SelectMany(parameter => (parameter.grad ?? zeros_like(parameter)).flatten().data<float>().ToArray().Select(value => (double)value))];

    private static void AssertClose(double[] expected, double[] actual)
    {
        var largest = expected.Max(Math.Abs);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4 * largest));
    }
}
