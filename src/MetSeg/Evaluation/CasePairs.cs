namespace MetSeg.Evaluation;

/// <summary>The files of one case.</summary>
internal sealed record CasePair(string Id, string ReferencePath, string PredictionPath, string? BrainMaskPath)
{
    /// <summary>The folder of probability maps; null for none.</summary>
    public string? Probabilities { get; init; }

    /// <summary>The probability map of a region; null where there is none. The prediction itself is none.</summary>
    /// <param name="region">The region's name.</param>
    /// <param name="alone">Whether it is the only one.</param>
    public string? ProbabilityPath(string region, bool alone)
    {
        string[] names = alone ? [$"{Id}_probability_{region}", $"{Id}_probability", Id] : [$"{Id}_probability_{region}"];
        return Probabilities is null ? null : names.Select(name => Path.GetFullPath(Path.Combine(Probabilities, $"{name}.nii.gz")))
            .FirstOrDefault(path => path != Path.GetFullPath(PredictionPath) && File.Exists(path));
    }
}

/// <summary>
/// The cases of two folders of label maps; files belong together by name, whichever of .nii.gz and .nii they end in.
/// </summary>
/// <param name="Cases">The cases that have both files, sorted by id.</param>
/// <param name="MissingPredictions">References without a prediction.</param>
/// <param name="IgnoredPredictions">Predictions without a reference.</param>
internal sealed record CasePairs(
    IReadOnlyList<CasePair> Cases, IReadOnlyList<string> MissingPredictions, IReadOnlyList<string> IgnoredPredictions)
{
    private static readonly string[] endings = [".nii.gz", ".nii"];

    /// <summary>Finds the pairs.</summary>
    /// <param name="input">The folders.</param>
    /// <param name="allowMissing">Whether a reference may lack its prediction.</param>
    /// <exception cref="DatasetException">A folder is missing, there is no pair, or a reference has no prediction or no brain mask.</exception>
    public static CasePairs Find(EvaluationInput input, bool allowMissing)
    {
        var (predictionFolder, referenceFolder) = (input.Predictions, input.References);
        var (references, predictions) = (Images(referenceFolder, "references"), Images(predictionFolder, "predictions"));
        if (references.Count == 0)
        {
            throw new DatasetException($"'{referenceFolder}' holds no .nii.gz or .nii file; give the folder of reference label maps.");
        }

        var missing = references.Keys.Where(id => !predictions.ContainsKey(id)).ToList();
        if (missing.Count > 0 && !allowMissing)
        {
            var others = missing.Count > 1 ? $" and {missing.Count - 1} more" : "";
            throw new DatasetException(
                $"'{predictionFolder}' holds no prediction of case '{missing[0]}'{others} of '{referenceFolder}'; "
                + "predict it or allow missing cases.");
        }

        if (missing.Count == references.Count)
        {
            throw new DatasetException($"No file of '{predictionFolder}' is named as one of '{referenceFolder}'; give folders of the same cases.");
        }

        var masks = input.BrainMasks is { } folder ? Images(folder, "brain masks") : null;
        var cases = references.Where(file => predictions.ContainsKey(file.Key))
            .Select(file => new CasePair(file.Key, file.Value, predictions[file.Key], MaskOf(file.Key))
            {
                Probabilities = input.Probabilities,
            }).ToList();
        return new CasePairs(cases, missing, [.. predictions.Keys.Where(id => !references.ContainsKey(id) && !IsMapOfReference(id))]);

        bool IsMapOfReference(string id) => id.IndexOf("_probability", StringComparison.Ordinal) is var end and > 0 && references.ContainsKey(id[..end]);

        string? MaskOf(string id) => masks is null ? null : masks.GetValueOrDefault(id)
            ?? throw new DatasetException($"'{input.BrainMasks}' holds no brain mask of case '{id}'; make it with 'metseg image brain-mask'.");
    }

    private static SortedDictionary<string, string> Images(string folder, string what)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetException($"There is no folder '{folder}' of {what}.");
        }

        var images = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Directory.EnumerateFiles(folder))
        {
            if (endings.FirstOrDefault(ending => path.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) is { } ending
                && !images.TryAdd(Path.GetFileName(path)[..^ending.Length], path))
            {
                throw new DatasetException($"'{folder}' holds a case twice, as .nii and as .nii.gz: '{Path.GetFileName(path)}'; remove one.");
            }
        }

        return images;
    }
}
