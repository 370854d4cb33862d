using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Inference;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Harmonization;

public sealed class BaselineHarmonizerTests : IDisposable
{
    private const float Background = -0.7f;
    private readonly TemporaryFolder folder = new();

    public BaselineHarmonizerTests()
    {
        Directory.CreateDirectory(folder.Path);
        var landmarks = Enumerable.Range(0, 4).Select(i => (IReadOnlyList<double>)HistogramMatching.LandmarksOf(Scan(i, gamma: 1 + (i / 4.0))));
        JsonFile.Write(folder.At("scale.json"), HistogramMatching.Learn([.. landmarks]), JsonFile.OwnStyle);
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nyul_brings_two_looks_together_and_leaves_the_background()
    {
        using var harmonizer = NyulHarmonizer.Load(folder.At("scale.json"));
        var (one, other) = (Scan(10, gamma: 1), Scan(10, gamma: 2).Map(value => value == Background ? value : (5 * value) + 2));

        var (first, second) = (harmonizer.Apply(one), harmonizer.Apply(other));

        Assert.True(Gap(one, other) > 0.5);
        Assert.True(Gap(first, second) < 0.1, $"{Gap(first, second)}");
        Assert.All(one.Voxels.Zip(first.Voxels).Where(pair => pair.First == Background), pair => Assert.Equal(Background, pair.Second));
        var inside = first.Voxels.Where(value => value != Background).Order().ToList();
        Assert.Equal(-1.28, inside[inside.Count / 10], tolerance: 0.1);
        Assert.Equal(1.28, inside[9 * inside.Count / 10], tolerance: 0.1);
    }

    [Fact]
    public void Z_score_looks_at_what_is_not_background()
    {
        using var harmonizer = HarmonizerFiles.Load(HarmonizerFiles.ZScore, CPU);
        var scan = Scan(1, gamma: 1);

        var harmonized = harmonizer.Harmonize(scan.Map(value => value == Background ? value : (3 * value) - 1));

        var inside = harmonized.Volume.Voxels.Where(value => value != Background).ToList();
        Assert.Equal(0, inside.Average(), tolerance: 1e-4f);
        Assert.Equal(1, inside.Average(value => value * value), tolerance: 1e-3f);
        Assert.Equal(scan.Voxels.Count(value => value == Background), harmonized.Volume.Voxels.Count(value => value == Background));
        Assert.Null(harmonized.OutOfDistribution);
    }

    [Fact]
    public void A_harmonizer_travels_and_takes_the_place_of_another()
    {
        var run = folder.At("run");
        HarmonizerFiles.Copy(HarmonizerFiles.ZScore, run);
        Assert.Equal(HarmonizerFiles.Digest(HarmonizerFiles.ZScore), HarmonizerFiles.Digest(run));
        Assert.IsType<ZScoreHarmonizer>(HarmonizerFiles.Load(run, CPU));

        HarmonizerFiles.Copy(folder.At("scale.json"), run);

        Assert.Equal([NyulHarmonizer.FileName], Directory.GetFiles(run).Select(Path.GetFileName));
        Assert.Equal(HarmonizerFiles.Digest(folder.At("scale.json")), HarmonizerFiles.Digest(run));
        Assert.NotEqual(HarmonizerFiles.Digest(HarmonizerFiles.ZScore), HarmonizerFiles.Digest(run));
        using var loaded = HarmonizerFiles.Load(run, CPU);
        using var source = HarmonizerFiles.Load(folder.At("scale.json"), CPU);
        Assert.Equal(source.Apply(Scan(3, 1)).Voxels, loaded.Apply(Scan(3, 1)).Voxels);
    }

    [Fact]
    public void What_is_no_harmonizer_is_refused_in_one_line()
    {
        File.WriteAllText(folder.At("other.json"), "{}");
        JsonFile.Write(folder.At("bent.json"), new StandardScale { Landmarks = [1, 2] }, JsonFile.OwnStyle);
        Directory.CreateDirectory(folder.At("empty"));

        Refuses(folder.At("empty"), "metseg harmonize train");
        Refuses(folder.At("other.json"), "other.json");
        Refuses(folder.At("bent.json"), "landmarks must be 11 numbers");
    }

    private static void Refuses(string source, string named)
    {
        var error = Assert.ThrowsAny<MetSegException>(() => HarmonizerFiles.Load(source, CPU));
        Assert.Contains(named, error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    /// <summary>Largest difference between the deciles inside.</summary>
    private static double Gap(Volume one, Volume other) => Deciles(one).Zip(Deciles(other), (a, b) => Math.Abs(a - b)).Max();

    private static List<float> Deciles(Volume volume)
    {
        var inside = volume.Voxels.Where(value => value != Background).Order().ToList();
        return [.. Enumerable.Range(1, 9).Select(i => inside[i * inside.Count / 10])];
    }

    /// <summary>A cube of random values from 0 to 1 to the power of gamma, in a background.</summary>
    private static Volume Scan(int seed, double gamma)
    {
        var (random, size) = (new Random(seed), new Size(24, 24, 24));
        return new Volume(Grid.Axial(size, new Spacing(1, 1, 1)), [.. Enumerable.Range(0, size.Count).Select(i =>
        {
            int[] at = [i % size.X, i / size.X % size.Y, i / (size.X * size.Y)];
            return Array.TrueForAll(at, one => one is > 3 and < 20) ? 0.2f + (float)Math.Pow(random.NextDouble(), gamma) : Background;
        })]);
    }
}
