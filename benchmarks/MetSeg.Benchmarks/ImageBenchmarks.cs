using System.IO.Compression;
using System.Runtime.InteropServices;
using BenchmarkDotNet.Attributes;
using MetSeg.Evaluation;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.Benchmarks;

/// <summary>Images: what peers.py does with nibabel and scipy, under the same names.</summary>
public class ImageBenchmarks
{
    private static readonly Lazy<SyntheticCase> onceDrawn = new(SyntheticCase.Create);

    private SyntheticCase synthetic = null!;
    private Grid coarse = null!;
    private byte[] compressed = [];
    private byte[] mask = [];
    private float[] copy = [];

    /// <summary>Folder that holds scan.nii.gz, reference.nii.gz and prediction.nii.gz after <see cref="Prepare"/>.</summary>
    internal string Folder { get; private set; } = "";

    /// <summary>Bytes of the scan as MetSeg compresses it.</summary>
    internal long CompressedBytes => compressed.Length;

    [GlobalSetup]
    public void Prepare()
    {
        OwnTimes.TakeNormalPriority();
        Folder = Directory.CreateTempSubdirectory("metseg-benchmark-").FullName;
        synthetic = onceDrawn.Value;
        coarse = Resampler.Regrid(synthetic.Scan.Grid, new Spacing(1.2, 1.2, 1.2));
        NiftiWriter.Write(ScanPath, synthetic.Scan);
        NiftiWriter.Write(Path.Combine(Folder, "reference.nii.gz"), synthetic.Reference);
        NiftiWriter.Write(Path.Combine(Folder, "prediction.nii.gz"), synthetic.Prediction);
        compressed = File.ReadAllBytes(ScanPath);
        copy = new float[synthetic.Scan.Voxels.Length];
        mask = ImmutableCollectionsMarshal.AsArray(synthetic.Reference.Labels)!;
    }

    [GlobalCleanup]
    public void Remove() => Directory.Delete(Folder, recursive: true);

    [Benchmark]
    public Volume Read() => NiftiReader.ReadVolume(ScanPath);

    [Benchmark]
    public void Write() => NiftiWriter.Write(WrittenPath, synthetic.Scan);

    /// <summary>A component's number in every voxel, as scipy gives it.</summary>
    [Benchmark]
    public int[] Components() => FoundComponents().ToLabels();

    [Benchmark]
    public Volume Distances() => DistanceTransform.ToForeground(synthetic.Reference);

    [Benchmark]
    public Volume Linear() => Resampler.Resample(synthetic.Scan, coarse);

    [Benchmark]
    public Volume Cubic() => Resampler.Resample(synthetic.Scan, coarse, Interpolation.Cubic);

    /// <summary>The limit of resampling: the scan is read once and copied.</summary>
    [Benchmark]
    public void Copy() => synthetic.Scan.Voxels.AsSpan().CopyTo(copy);

    [Benchmark]
    public CaseEvaluation Evaluate() => Evaluator.EvaluateCase("case", synthetic.Reference, synthetic.Prediction, new EvaluationOptions());

    /// <summary>The limit of reading: the file in memory is inflated and thrown away.</summary>
    [Benchmark]
    public void Inflate()
    {
        using var content = new GZipStream(new MemoryStream(compressed), CompressionMode.Decompress);
        content.CopyTo(Stream.Null, 1 << 16);
    }

    /// <summary>The limit of writing: the voxels are deflated at the writer's level and thrown away.</summary>
    [Benchmark]
    public void Deflate()
    {
        using var target = new GZipStream(Stream.Null, new ZLibCompressionOptions { CompressionLevel = 2 });
        target.Write(MemoryMarshal.AsBytes(synthetic.Scan.Voxels.AsSpan()));
    }

    /// <summary>The limit of components: the mask is read once.</summary>
    [Benchmark]
    public int PassOverMask() => mask.AsSpan().Count((byte)1);

    /// <summary>One number per result that a peer must reach too, lest the two have done different work.</summary>
    internal IReadOnlyDictionary<string, double> Answers()
    {
        Write();
        return new Dictionary<string, double>
        {
            ["read"] = Read().Voxels.Sum(value => (double)value),
            ["write"] = NiftiReader.ReadVolume(WrittenPath).Voxels.Sum(value => (double)value),
            ["components"] = FoundComponents().Count,
            ["distances"] = Distances().Voxels.Max(),
            ["linear"] = Linear().Voxels.Average(value => (double)value),
            ["cubic"] = Cubic().Voxels.Average(value => (double)value),
            ["resize"] = Cubic().Voxels.Average(value => (double)value),
            ["evaluate"] = Evaluate().Regions[0].Dice,
        };
    }

    private string ScanPath => Path.Combine(Folder, "scan.nii.gz");

    private string WrittenPath => Path.Combine(Folder, "written.nii.gz");

    private Components FoundComponents() => Imaging.Components.Find(synthetic.Reference);
}
