using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;

namespace MetSeg.Learning.Tests;

/// <summary>Tiny cases that a tiny network learns in seconds: a bright ball in noise.</summary>
internal static class ToyCases
{
    public static readonly Size Size = new(14, 12, 10);

    public static TrainingCase Ball(int seed, int domain = 0)
    {
        var random = new Random(seed);
        var (x0, y0, z0) = (4 + random.Next(6), 4 + random.Next(4), 4 + random.Next(2));
        var image = new float[Size.Count];
        var label = new byte[Size.Count];
        var foreground = new List<int>();
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = (i % Size.X, i / Size.X % Size.Y, i / (Size.X * Size.Y));
            var inside = ((x - x0) * (x - x0)) + ((y - y0) * (y - y0)) + ((z - z0) * (z - z0)) <= 5;
            image[i] = (float)((0.3 * (random.NextDouble() - 0.5)) + (inside ? 2 : 0) + (0.2 * domain));
            label[i] = inside ? (byte)1 : (byte)0;
            if (inside)
            {
                foreground.Add(i);
            }
        }

        var grid = Grid.Axial(Size, new Spacing(1, 1, 1));
        return new TrainingCase($"ball{seed}", domain, [new Volume(grid, image)], new LabelMap(grid, label), new Dictionary<int, IReadOnlyList<int>> { [1] = foreground });
    }

    public static CaseCache Cache(int count, int firstSeed = 0) => new(number => Ball(firstSeed + number, number % 2), count, long.MaxValue);

    public static SegmentationOptions Segmentation { get; } = new()
    {
        Network = new UNetOptions { Features = [4, 8], Strides = [[1, 1, 1], [2, 2, 2]], Kernels = [[3, 3, 3], [3, 3, 3]] },
        Patches = new PatchOptions { PatchSize = [8, 8, 8], BatchSize = 2 },
        ValidationSteps = 4,
    };

    public static VaeMmdOptions Harmonization { get; } = new()
    {
        Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [4, 8], Latent = 6 },
        DiscriminatorFeatures = [4, 8],
        SamplesPerDomain = 2,
        LearningRate = 1e-2,
    };

    /// <summary>Our own way on two scans at once, and a domain classifier.</summary>
    public static VaeMmdOptions OurHarmonization { get; } = VaeMmdOptions.Ours with
    {
        Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [4, 8], Latent = 2, LatentForm = LatentForm.Spatial, EncoderNorm = EncoderNorm.Instance },
        Alignment = [.. VaeMmdOptions.Ours.Alignment, new AdversarialAlignment()],
        DiscriminatorFeatures = [4, 8],
        AdversarialWeight = 5,
        MemoryBank = 3,
        MicroBatch = 2,
        LearningRate = 1e-2,
    };

    public static IReadOnlyList<HarmonizationSample> Samples(int count) =>
        [.. Enumerable.Range(0, count).Select(i => new HarmonizationSample(i % 2, IntensityFrame.Enter(Ball(i, i % 2).Channels[0], [8, 8, 8]).Input))];
}
