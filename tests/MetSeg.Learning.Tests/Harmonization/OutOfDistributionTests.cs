using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Harmonization;

public sealed class OutOfDistributionTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_drawn_alike_is_seldom_beyond_and_what_is_not_always()
    {
        var distribution = OutOfDistribution.Calibrate(Draw(200, 1), seed: 1)!;

        var alike = Draw(200, 2).Select(distribution.Score).ToList();
        var other = Draw(50, 3).Select(scan => distribution.Score(new ScanDescription([.. scan.Latent.Select(value => value + 3)], 0.5))).ToList();

        Assert.InRange(alike.Count(score => score.Mahalanobis.IsBeyond), 0, 8);
        Assert.InRange(alike.Average(score => score.Mahalanobis.Percentile), 0.4, 0.6);
        Assert.InRange(alike.Average(score => score.NearestCenter.Percentile), 0.4, 0.6);
        Assert.All(other, score => Assert.True(score.Mahalanobis is { IsBeyond: true, Percentile: 1 } && score.NearestCenter.IsBeyond && score.ReconstructionError.IsBeyond));
    }

    [Fact]
    public void A_direction_in_which_no_scan_differed_counts_too()
    {
        ScanDescription Flat(ScanDescription scan) => scan with { Latent = [.. scan.Latent.Select((value, i) => i < 2 ? value : 0)] };
        var distribution = OutOfDistribution.Calibrate([.. Draw(60, 1).Select(Flat)], seed: 1)!;
        var inside = Flat(Draw(1, 5)[0]);
        double[] moved = [.. inside.Latent];
        moved[7] = 2;

        Assert.False(distribution.Score(inside).Mahalanobis.IsBeyond);
        Assert.True(distribution.Score(inside with { Latent = moved }).Mahalanobis.IsBeyond);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Too_few_scans_are_not_described(int count, bool isDescribed) =>
        Assert.Equal(isDescribed, OutOfDistribution.Calibrate(Draw(count, 1), 1) is not null);

    [Fact]
    public void No_scan_s_latent_code_is_kept_and_the_file_reads_back()
    {
        var scans = Draw(12, 1);
        var distribution = OutOfDistribution.Calibrate(scans, seed: 1)!;
        Directory.CreateDirectory(folder.Path);
        JsonFile.Write(folder.At("d.json"), distribution, JsonFile.OwnStyle);
        var read = JsonFile.Read<OutOfDistribution>(folder.At("d.json"), JsonFile.OwnStyle);

        Assert.All(distribution.Centers, center => Assert.True(center.Count >= OutOfDistribution.ScansPerCenter));
        Assert.InRange(distribution.Latents.Directions.Count, 1, 4);
        Assert.DoesNotContain(scans, scan => distribution.Centers.Any(center => center.Center.SequenceEqual(scan.Latent)));
        Assert.Equal(distribution.Score(scans[0]), read.Score(scans[0]));
    }

    [Fact]
    public void A_score_is_put_in_words_and_cells()
    {
        var near = new DistributionScore(new(1.5, 0.25, false), new(1, 0.5, false), new(0.02, 0.75, false), 40);
        var far = near with { Mahalanobis = new(99, 1, true), ReconstructionError = new(1, 1, true) };

        Assert.Equal("out of distribution: Mahalanobis 1.5 p 0.25, nearest center 1 p 0.50, reconstruction error 0.02 p 0.75, among 40 scans", near.Text);
        Assert.Null(near.Warning);
        Assert.Contains("Mahalanobis distance and reconstruction error above their 99th percentile", far.Warning);
        Assert.Equal(["1.5", "0.25", "1", "0.5", "0.02", "0.75", "no"], DistributionScore.Cells(near));
        Assert.Equal(DistributionScore.Columns.Count, DistributionScore.Cells(null).Count(cell => cell == ""));
    }

    [Theory]
    [InlineData(LatentForm.Vector)]
    [InlineData(LatentForm.Spatial)]
    public void Scans_of_another_look_score_higher_than_held_out_scans_of_the_own_hospitals(LatentForm form)
    {
        using var harmonizer = Train(form);
        var distribution = OutOfDistribution.Calibrate([.. Enumerable.Range(0, 24).Select(i => harmonizer.Describe(Scan(i, i % 2)))], seed: 1)!;
        double Distance(Volume scan) => distribution.Score(harmonizer.Describe(scan)).Mahalanobis.Value;

        var own = Enumerable.Range(100, 8).Select(i => Distance(Scan(i, i % 2))).Order().ToList();
        var inverted = Enumerable.Range(200, 8).Select(i => Distance(Scan(i, i % 2).Map(value => value == 0 ? 0 : 500 - value))).Order().ToList();
        var blurred = Enumerable.Range(300, 8).Select(i => Distance(GaussianFilter.Smooth(Scan(i, i % 2), 6, 6, 6))).Order().ToList();

        Assert.True(inverted[0] > own[^1], $"inverted {inverted[0]:0.0}, own {own[^1]:0.0}");
        Assert.True(blurred[0] > own[^1], $"blurred {blurred[0]:0.0}, own {own[^1]:0.0}");
        Assert.True(distribution.Score(harmonizer.Describe(Scan(9, 0).Map(value => value == 0 ? 0 : 500 - value))).IsBeyond);
    }

    private static Volume Scan(int seed, int hospital) => ToyProject.Scan(seed, hospital).Image;

    private VaeHarmonizer Train(LatentForm form)
    {
        Directory.CreateDirectory(folder.Path);
        var options = new VaeMmdOptions
        {
            Vae = new VaeOptions { InputSize = [16, 16, 16], Features = [4, 8], Latent = 4, LatentForm = form },
            DiscriminatorFeatures = [4, 8],
            AdversarialWeight = 0,
            SamplesPerDomain = 2,
            LearningRate = 1e-2,
        };
        List<HarmonizationSample> samples = [.. Enumerable.Range(0, 12).Select(i =>
            new HarmonizationSample(i % 2, IntensityFrame.Enter(Scan(i, i % 2), options.Vae.InputSize).Input))];
        using var generator = new Generator(11);
        using var task = new HarmonizationTask(options, samples, [], (CPU, generator));
        new Trainer(task, new TrainerOptions { Epochs = 1, StepsPerEpoch = 30 }, folder.Path, null).Run();
        JsonFile.Write(folder.At(HarmonizerCard.FileName), new HarmonizerCard(options, 1, 30, 1, ["north", "south"], [], [], "none"), JsonFile.OwnStyle);
        return VaeHarmonizer.Load(folder.Path, Checkpoint.Best, CPU);
    }

    private static List<ScanDescription> Draw(int count, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, count).Select(_ => new ScanDescription([.. Enumerable.Range(0, 8).Select(i => Normal() / (1 + i))], 0.1 + (0.01 * Normal())))];
    }
}
