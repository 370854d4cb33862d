using MetSeg.Datasets;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Networks;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

[assembly: AssemblyFixture(typeof(MetSeg.Learning.Tests.ToyProject))]

namespace MetSeg.Learning.Tests;

/// <summary>
/// A tiny data set of two hospitals on disk, and what is made from it, each made once when it is first asked for: heads with one bright ball,
/// in scans whose axes run to the back, downward and to the right, with background around the head. Tests that change a folder copy it.
/// </summary>
public sealed class ToyProject : IDisposable
{
    public const int TrainingCases = 6;
    private static readonly Size size = new(22, 24, 20);
    private readonly TemporaryFolder folder = new();
    private readonly Lazy<string> raw;
    private readonly Lazy<string> preprocessed;
    private readonly Lazy<string> model;
    private readonly Lazy<string> harmonizer;

    public ToyProject()
    {
        raw = new Lazy<string>(WriteRaw);
        preprocessed = new Lazy<string>(Preprocess);
        model = new Lazy<string>(() => Train("model", new TrainerOptions { Epochs = 3, StepsPerEpoch = 30 }));
        harmonizer = new Lazy<string>(TrainHarmonizer);
    }

    /// <summary>The raw data set: six training cases, two test cases.</summary>
    public string Raw => raw.Value;

    public string Preprocessed => preprocessed.Value;

    /// <summary>A run with fold 0, trained until it finds the ball.</summary>
    public string Model => model.Value;

    /// <summary>A harmonizer after a few steps.</summary>
    public string Harmonizer => harmonizer.Value;

    public static HarmonizerRun HarmonizerRun(string preprocessed, string folder) => new()
    {
        Preprocessed = preprocessed,
        Folder = folder,
        Options = new VaeMmdOptions
        {
            Vae = new VaeOptions { InputSize = [8, 8, 8], Features = [2, 4], Latent = 4 }, DiscriminatorFeatures = [2, 4], LearningRate = 1e-2,
        },
        Trainer = new TrainerOptions { Epochs = 1, StepsPerEpoch = 5 },
        AcceptsContrastLoss = true,
    };

    public static SegmentationRun SegmentationRun(string preprocessed, string folder, TrainerOptions? trainer = null) => new()
    {
        Preprocessed = preprocessed,
        Folder = folder,
        Trainer = trainer ?? new TrainerOptions { Epochs = 1, StepsPerEpoch = 1 },
        Adjust = options => options with { ValidationSteps = 2 },
        AcceptsContrastLoss = true,
    };

    /// <summary>A head of 100 to 200 in 0, with a ball twice as bright; hospital 1 has another scale and more noise.</summary>
    public static (Volume Image, LabelMap Label) Scan(int seed, int hospital)
    {
        var random = new Random(seed);
        int[] center = [7 + random.Next(9), 8 + random.Next(9), 7 + random.Next(7)];
        var (image, label) = (new float[size.Count], new byte[size.Count]);
        for (var i = 0; i < image.Length; i++)
        {
            double[] at = [i % size.X, i / size.X % size.Y, i / (size.X * size.Y)];
            var inHead = Math.Pow((at[0] - 11) / 9, 2) + Math.Pow((at[1] - 12) / 10, 2) + Math.Pow((at[2] - 10) / 8, 2) <= 1;
            var inBall = inHead && at.Zip(center).Sum(pair => Math.Pow(pair.First - pair.Second, 2)) <= 6.5;
            var noise = (0.2 + (0.2 * hospital)) * (random.NextDouble() - 0.5);
            image[i] = inHead ? (float)((hospital == 0 ? 100 : 200) * ((inBall ? 2 : 1) + noise)) : 0;
            label[i] = inBall ? (byte)1 : (byte)0;
        }

        var grid = new Grid(size, new Affine(0, 0, 2, -20, -2, 0, 0, 24, 0, -2, 0, 22));
        return (new Volume(grid, image), new LabelMap(grid, label));
    }

    public static void Copy(string source, string target)
    {
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    public void Dispose() => folder.Dispose();

    private string WriteRaw()
    {
        var path = folder.At("toy");
        List<Case> cases = [];
        for (var i = 0; i < TrainingCases + 2; i++)
        {
            var (id, isTest) = ($"{(i % 2 == 0 ? "north" : "south")}_{i:00}", i >= TrainingCases);
            var (image, label) = Scan(seed: i, hospital: i % 2);
            NiftiWriter.Write(NnUNetLayout.ImagePath(path, id, isTest), image);
            NiftiWriter.Write(NnUNetLayout.LabelPath(path, id, isTest), label);
            cases.Add(new Case(id, [], null, id[..5], $"patient{i}"));
        }

        NnUNetLayout.WriteGroups(path, cases);
        NnUNetLayout.WriteDatasetJson(path, ["T1CE"], LabelScheme.Plain([new("background", 0), new("metastasis", 1)]), TrainingCases);
        return path;
    }

    private string Preprocess()
    {
        var path = folder.At("preprocessed");
        var options = new PlannerOptions { MaxPatch = [16, 16, 16], BatchSize = 2, BaseFeatures = 4, MaxFeatures = 8, MaxStages = 2 };
        Preprocessor.PlanAndPreprocess(NnUNetLayout.Read(Raw), options, path);
        return path;
    }

    private string Train(string name, TrainerOptions trainer)
    {
        SegmentationRun(Preprocessed, folder.At(name), trainer).Train(CPU, null, CancellationToken.None);
        return folder.At(name);
    }

    private string TrainHarmonizer()
    {
        HarmonizerRun(Preprocessed, folder.At("harmonizer")).Train(CPU, null, CancellationToken.None);
        return folder.At("harmonizer");
    }
}
