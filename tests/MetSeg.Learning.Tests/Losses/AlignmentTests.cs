using System.Globalization;
using System.Text.Json;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Losses;

public class MaximumMeanDiscrepancyTests
{
    [Theory]
    [InlineData(false, "biasedMean")]
    [InlineData(true, "unbiasedMean")]
    public void Agrees_with_the_golden_values_of_every_pair_of_domains(bool unbiased, string golden)
    {
        using var scope = NewDisposeScope();
        var rows = File.ReadLines(SharedData.PathOf("golden/statistics/latent.csv")).Skip(1)
            .Select(line => line.Split(',').Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)).ToArray()).ToList();
        using var file = JsonDocument.Parse(File.ReadAllText(SharedData.PathOf("golden/statistics/golden.json")));
        foreach (var pair in file.RootElement.GetProperty("domainGap").GetProperty("mmd2").GetProperty("pairs").EnumerateArray())
        {
            var numbers = pair.GetProperty("domains").EnumerateArray().Select(number => number.GetInt32()).ToList();
            var chosen = rows.Where(row => numbers.Contains((int)row[0])).ToList();
            var codes = tensor([.. chosen.SelectMany(row => row.Skip(1))], [chosen.Count, 16], ScalarType.Float64);

            var value = MaximumMeanDiscrepancy.Compute(codes, [.. chosen.Select(row => (int)row[0])], KernelWidth.Fixed, unbiased).item<double>();

            Assert.Equal(pair.GetProperty(golden).GetDouble(), value, tolerance: 1e-9);
        }
    }

    [Fact]
    public void One_code_of_each_domain_costs_two_minus_twice_the_kernel()
    {
        using var scope = NewDisposeScope();
        var codes = tensor(new[] { 0.0, 1.0 }, [2, 1]);
        var kernel = (Math.Exp(-2) + Math.Exp(-0.5) + Math.Exp(-0.125)) / 3;

        Assert.Equal(2 - (2 * kernel), MaximumMeanDiscrepancy.Compute(codes, [0, 1], KernelWidth.Fixed).item<double>(), tolerance: 1e-12);
        Assert.Equal(2 - (2 * kernel), MaximumMeanDiscrepancy.Compute(codes, [0, 1], KernelWidth.Fixed, unbiased: true).item<double>(), tolerance: 1e-12);
        Assert.Equal(kernel, MaximumMeanDiscrepancy.MeanOffDiagonal(codes, KernelWidth.Fixed), tolerance: 1e-12);
    }

    [Fact]
    public void A_domain_with_one_code_counts_as_alike_within_as_the_others_are()
    {
        using var scope = NewDisposeScope();
        static double Kernel(double distance) => (Math.Exp(-2 * distance * distance) + Math.Exp(-0.5 * distance * distance) + Math.Exp(-0.125 * distance * distance)) / 3;
        var codes = tensor(new[] { 0.0, 1, 3 }, [3, 1]);

        // Within domain 0 the kernel is k(1), of which domain 1 has none of its own; across it is the mean of k(3) and k(2).
        var value = MaximumMeanDiscrepancy.Compute(codes, [0, 0, 1], KernelWidth.Fixed, unbiased: true).item<double>();
        Assert.Equal((2 * Kernel(1)) - Kernel(3) - Kernel(2), value, tolerance: 1e-12);
    }

    [Fact]
    public void Unbiased_is_nothing_on_average_where_the_domains_are_alike_and_biased_is_more()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        int[] domains = [0, 0, 0, 0, 1, 1, 1, 1];
        double Average(bool unbiased) => Enumerable.Range(0, 300)
            .Average(_ => MaximumMeanDiscrepancy.Compute(randn([8, 2], generator: generator), domains, KernelWidth.Fixed, unbiased).item<float>());

        Assert.InRange(Average(true), -0.02, 0.02);
        Assert.True(Average(false) > 0.2);
    }

    [Fact]
    public void The_papers_kernel_is_dead_in_512_dimensions_and_the_median_one_is_not()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var codes = randn([8, 512], generator: generator);

        Assert.True(MaximumMeanDiscrepancy.MeanOffDiagonal(codes, KernelWidth.Fixed) < 1e-20);
        Assert.InRange(MaximumMeanDiscrepancy.MeanOffDiagonal(codes, KernelWidth.Median), 0.1, 0.9);
    }

    [Fact]
    public void One_domain_alone_costs_nothing()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, MaximumMeanDiscrepancy.Compute(ones(3, 4), [2, 2, 2], KernelWidth.Median).item<float>());
    }
}

public class CorrelationAlignmentTests
{
    [Fact]
    public void Variances_of_2_and_8_by_hand_and_wherever_the_means_are()
    {
        using var scope = NewDisposeScope();

        // (2 − 8)² / (4·1²) = 9.
        Assert.Equal(9, CorrelationAlignment.Compute(tensor(new[] { 0.0, 2, 0, 4 }, [4, 1]), [0, 0, 1, 1]).item<double>(), tolerance: 1e-12);
        Assert.Equal(9, CorrelationAlignment.Compute(tensor(new[] { 7.0, 9, -1, 3 }, [4, 1]), [0, 0, 1, 1]).item<double>(), tolerance: 1e-12);
    }

    [Fact]
    public void Covariances_of_opposite_sign_by_hand()
    {
        using var scope = NewDisposeScope();

        // Points (0,0), (2,2) and (0,2), (2,0): variances 2 and 2, covariances 2 and −2; (4² + 4²) / (4·2²) = 2.
        var codes = tensor(new[] { 0.0, 0, 2, 2, 0, 2, 2, 0 }, [4, 2]);
        Assert.Equal(2, CorrelationAlignment.Compute(codes, [3, 3, 1, 1]).item<double>(), tolerance: 1e-12);
    }

    [Fact]
    public void A_domain_with_one_code_has_no_covariance_and_is_left_out()
    {
        using var scope = NewDisposeScope();

        Assert.Equal(0, CorrelationAlignment.Compute(tensor(new[] { 0.0, 2, 5 }, [3, 1]), [0, 0, 1]).item<double>());
    }
}

public class SinkhornDivergenceTests
{
    [Theory]
    [InlineData(0.01)]
    [InlineData(10)]
    public void Two_points_are_half_their_squared_distance_apart_at_any_blur(double epsilon)
    {
        using var scope = NewDisposeScope();

        Assert.Equal(4.5, SinkhornDivergence.Between(tensor(new[] { 0.0 }, [1, 1]), tensor(new[] { 3.0 }, [1, 1]), epsilon, 20).item<double>(), tolerance: 1e-9);
    }

    [Fact]
    public void At_little_blur_it_is_the_cost_of_the_best_assignment()
    {
        using var scope = NewDisposeScope();

        // 0 → 1 and 10 → 12: (½·1 + ½·4) / 2.
        var value = SinkhornDivergence.Between(tensor(new[] { 0.0, 10 }, [2, 1]), tensor(new[] { 12.0, 1 }, [2, 1]), 0.01, 50).item<double>();
        Assert.Equal(1.25, value, tolerance: 1e-6);
    }

    [Fact]
    public void Agrees_with_the_same_sums_in_plain_numbers()
    {
        using var scope = NewDisposeScope();
        double[] first = [0, 1, 2.5], second = [0.3, 4];

        var value = SinkhornDivergence.Between(tensor(first, [3, 1]), tensor(second, [2, 1]), 0.5, 200).item<double>();

        Assert.Equal(Transport(first, second) - (0.5 * Transport(first, first)) - (0.5 * Transport(second, second)), value, tolerance: 1e-8);
    }

    [Fact]
    public void Equal_sets_are_not_apart_and_scale_does_not_matter()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var codes = randn([5, 40], generator: generator, dtype: ScalarType.Float64);
        double At(double scale) => SinkhornDivergence.Compute(codes * scale, [0, 1, 0, 1, 1], 0.25, 30).item<double>();

        Assert.Equal(0, SinkhornDivergence.Compute(cat([codes, codes], 0), [0, 0, 0, 0, 0, 1, 1, 1, 1, 1], 0.25, 60).item<double>(), tolerance: 1e-6);
        Assert.Equal(At(1), At(1000), tolerance: 1e-9);
        Assert.True(At(1) > 0.01);
    }

    /// <summary>Entropic transport from the fixed point of the scaling form u = a/(K v), v = b/(Kᵀ u): ⟨a, ε·log u/a⟩ + ⟨b, ε·log v/b⟩.</summary>
    private static double Transport(double[] first, double[] second, double epsilon = 0.5)
    {
        var kernel = first.Select(x => second.Select(y => Math.Exp(-0.5 * (x - y) * (x - y) / epsilon)).ToArray()).ToArray();
        var (u, v) = (new double[first.Length], second.Select(_ => 1.0).ToArray());
        for (var i = 0; i < 5000; i++)
        {
            u = [.. kernel.Select(row => 1.0 / first.Length / row.Zip(v, (k, other) => k * other).Sum())];
            v = [.. Enumerable.Range(0, second.Length).Select(j => 1.0 / second.Length / kernel.Zip(u, (row, other) => row[j] * other).Sum())];
        }

        return epsilon * (u.Average(value => Math.Log(value * first.Length)) + v.Average(value => Math.Log(value * second.Length)));
    }
}

public class AlignmentOptionsTests
{
    public static TheoryData<AlignmentOptions> Terms => [new DiscrepancyAlignment { Width = KernelWidth.Median }, new CoralAlignment(), new SinkhornAlignment(), new AdversarialAlignment()];

    [Fact]
    public void Defaults_are_as_documented()
    {
        Assert.Equal((1.0, AlignedFeatures.Latent, KernelWidth.Fixed, false), Of(new DiscrepancyAlignment()));
        Assert.Equal((0.25, 30), (new SinkhornAlignment().Blur, new SinkhornAlignment().Iterations));
        Assert.Equal((1.0, 64), (new AdversarialAlignment().Strength, new AdversarialAlignment().ClassifierUnits));
        static (double, AlignedFeatures, KernelWidth, bool) Of(DiscrepancyAlignment mmd) => (mmd.Weight, mmd.Features, mmd.Width, mmd.Unbiased);
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Following_the_gradient_brings_the_domains_together(AlignmentOptions term)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var classifier = new FeatureClassifier(4, 8, 2, generator);
        int[] domains = [0, 0, 0, 0, 1, 1, 1, 1];
        var codes = randn([8, 4], generator: generator);
        codes[TensorIndex.Slice(4)] *= 3;
        Train(classifier, codes, domains);
        var before = term.Compute(codes, domains, classifier).Distance.item<float>();

        for (var step = 0; step < 20; step++)
        {
            var point = codes.detach().requires_grad_();
            term.Compute(point, domains, classifier).Loss.backward();
            codes = (point - (0.1 / (point.grad!.norm() + 1e-12) * point.grad!)).detach();
        }

        Assert.True(before > 0);
        Assert.True(term.Compute(codes, domains, classifier).Distance.item<float>() < 0.9 * before);
    }

    [Fact]
    public void A_classifier_that_knows_nothing_finds_no_distance()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(2);
        using var classifier = new FeatureClassifier(4, 8, 3, generator);
        using (no_grad())
        {
            foreach (var weight in classifier.parameters())
            {
                weight.zero_();
            }
        }

        Assert.Equal(0, new AdversarialAlignment().Compute(randn(5, 4), [0, 1, 2, 1, 0], classifier).Distance.item<float>(), tolerance: 1e-6);
    }

    [Fact]
    public void What_cannot_work_is_named()
    {
        Assert.Contains("weights", Assert.Single(new CoralAlignment { Weight = double.NaN }.Problems()));
        Assert.Contains("blur", Assert.Single(new SinkhornAlignment { Blur = 0 }.Problems()));
        Assert.Contains("strength", Assert.Single(new AdversarialAlignment { Strength = -1 }.Problems()));
    }

    private static void Train(FeatureClassifier classifier, Tensor codes, int[] domains)
    {
        using var optimizer = optim.Adam(classifier.parameters(), 0.05);
        for (var step = 0; step < 50; step++)
        {
            optimizer.zero_grad();
            AdversarialAlignment.CrossEntropy(classifier.forward(codes), domains).backward();
            optimizer.step();
        }
    }
}
