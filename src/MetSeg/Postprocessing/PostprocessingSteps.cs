using MetSeg.Files;

namespace MetSeg.Postprocessing;

/// <summary>What is done to every segmentation of a model, as cross-validation has chosen it: postprocessing.json of a run.</summary>
/// <param name="KeepLargest">For each step the labels of whose union <see cref="LargestComponent"/> keeps the largest component; none where segmentations stay as they are.</param>
public sealed record PostprocessingSteps(IReadOnlyList<IReadOnlyList<int>> KeepLargest)
{
    /// <summary>Name of the file in a run's folder.</summary>
    public const string FileName = "postprocessing.json";

    /// <summary>Nothing is done.</summary>
    public static PostprocessingSteps None { get; } = new([]);

    /// <summary>Reads a run's steps; none where it has no such file.</summary>
    /// <exception cref="MetSegException">The file is damaged.</exception>
    public static PostprocessingSteps Of(string run) =>
        Path.Combine(run, FileName) is var path && File.Exists(path) ? JsonFile.Read<PostprocessingSteps>(path, JsonFile.OwnStyle) : None;

    /// <summary>Writes them into a run's folder.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string run) => JsonFile.Write(Path.Combine(run, FileName), this, JsonFile.OwnStyle);

    /// <summary>A digest of a model and these steps: the model's own where there are none.</summary>
    public string DigestWith(string model) =>
        KeepLargest.Count == 0 ? model : FileDigest.OfText(string.Join('\n', KeepLargest.Select(labels => string.Join(',', labels)).Prepend(model)));

    /// <summary>Applies the steps in their order.</summary>
    public LabelMap Apply(LabelMap map) => KeepLargest.Aggregate(map, LargestComponent.Keep);
}
