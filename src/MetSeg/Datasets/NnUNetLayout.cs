namespace MetSeg.Datasets;

/// <summary>
/// A data set on disk in nnU-Net's raw layout: dataset.json, imagesTr/CASE_0000.nii.gz (one file per channel), labelsTr/CASE.nii.gz,
/// imagesTs, and labelsTs where the test cases have a reference; with an optional groups.csv (case,institution,patient).
/// </summary>
public static class NnUNetLayout
{
    private const int ChannelDigits = 4;

    /// <summary>Finds the cases of a data set. Images are not opened: see <see cref="Check"/>.</summary>
    /// <param name="folder">The folder that holds dataset.json.</param>
    /// <returns>
    /// The data set. Without groups.csv, or for cases it does not list, the institution is "unknown" and every case is a patient of its own.
    /// </returns>
    /// <exception cref="DatasetException">
    /// The folder or dataset.json is missing or unusable, there is no training case, files of a case are missing or too many, numTraining is not
    /// their number, or groups.csv names cases that do not exist.
    /// </exception>
    public static Dataset Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            throw new DatasetException($"There is no folder '{folder}'. Give the folder that holds {DatasetDescription.FileName}.");
        }

        var description = DatasetDescription.Read(folder).RequireNifti(folder);
        var groups = Groups.Read(folder);
        var training = Cases(folder, "imagesTr", "labelsTr", description, groups);
        var test = Cases(folder, "imagesTs", "labelsTs", description, groups);
        RequireTraining(folder, training, description);
        RequireKnown(folder, training, test, groups.Keys);
        return new Dataset(folder, new DirectoryInfo(folder).Name, description.ChannelNames, description.Labels, training, test);
    }

    /// <summary>Reads dataset.json alone: what is needed to plan by a given fingerprint.</summary>
    /// <param name="folder">The folder that holds dataset.json.</param>
    /// <returns>A data set without cases.</returns>
    /// <exception cref="DatasetException">The folder or dataset.json is missing or unusable.</exception>
    public static Dataset Describe(string folder)
    {
        var description = DatasetDescription.Read(folder);
        return new Dataset(folder, new DirectoryInfo(folder).Name, description.ChannelNames, description.Labels, [], []);
    }

    /// <summary>Reads institution and patient of every case from a groups.csv (case,institution,patient).</summary>
    /// <exception cref="MetSegException">The file is missing or is not a table.</exception>
    /// <exception cref="DatasetException">A column is missing or a case is listed twice.</exception>
    public static IReadOnlyDictionary<string, (string Institution, string Patient)> ReadGroups(string path) => Groups.ReadFile(path);

    /// <summary>Reads the patient of every case from a groups.csv (case,institution,patient); the case itself where the cell is empty.</summary>
    /// <exception cref="MetSegException">The file is missing or is not a table.</exception>
    /// <exception cref="DatasetException">A column is missing or a case is listed twice.</exception>
    public static IReadOnlyDictionary<string, string> ReadPatients(string path) =>
        Groups.ReadFile(path).ToDictionary(group => group.Key, group => group.Value.Patient, StringComparer.Ordinal);

    /// <summary>Opens every image of a data set and finds all that training would stumble over, not only the first fault.</summary>
    /// <param name="dataset">The data set, as <see cref="Read"/> found it.</param>
    /// <param name="progress">Told after every case; may be null.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <returns>
    /// One line a problem, in the order of the cases; empty where there is none: files that cannot be read, images or labels on
    /// different grids,
    /// values that are not finite, images that are 0 everywhere, label values that dataset.json does not declare, patients in training and test.
    /// </returns>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was canceled.</exception>
    public static IReadOnlyList<string> Check(Dataset dataset, IProgress<Progress>? progress = null, CancellationToken cancellation = default) =>
        DatasetCheck.Run(dataset, progress, cancellation);

    /// <summary>Writes dataset.json as nnU-Net version 2 wants it, for images that end in .nii.gz.</summary>
    /// <param name="folder">The data set's folder; made if it is missing.</param>
    /// <param name="channelNames">One name per channel, such as "T1CE".</param>
    /// <param name="labels">What the values of the label maps mean.</param>
    /// <param name="trainingCount">Number of training cases.</param>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void WriteDatasetJson(
        string folder, IReadOnlyList<string> channelNames, LabelScheme labels, int trainingCount) =>
        DatasetDescription.Write(folder, channelNames, labels, trainingCount);

    /// <summary>Writes groups.csv: the institution and patient of every case, sorted by case.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void WriteGroups(string folder, IEnumerable<Case> cases) => Groups.Write(folder, cases);

    /// <summary>Where a case's image of a channel lies, as in imagesTr/CASE_0000.nii.gz.</summary>
    /// <param name="folder">The data set's folder.</param>
    /// <param name="id">The case.</param>
    /// <param name="isTest">Whether it is a test case (imagesTs).</param>
    /// <param name="channel">The channel's number, from 0.</param>
    public static string ImagePath(string folder, string id, bool isTest = false, int channel = 0) =>
        Path.Combine(folder, isTest ? "imagesTs" : "imagesTr", $"{id}_{channel:0000}.nii.gz");

    /// <summary>Where a case's reference lies, as in labelsTr/CASE.nii.gz.</summary>
    /// <inheritdoc cref="ImagePath" path="/param"/>
    public static string LabelPath(string folder, string id, bool isTest = false) =>
        Path.Combine(folder, isTest ? "labelsTs" : "labelsTr", $"{id}.nii.gz");

    private static List<Case> Cases(
        string folder,
        string images,
        string labels,
        DatasetDescription description,
        IReadOnlyDictionary<string, (string Institution, string Patient)> groups)
    {
        var imageFolder = Path.Combine(folder, images);
        var channels = description.ChannelNames.Count;
        var files = Channels(imageFolder, description.FileEnding);
        foreach (var (id, found) in files)
        {
            if (!found.Order().SequenceEqual(Enumerable.Range(0, channels)))
            {
                var names = string.Join(", ", found.Order().Select(channel => $"{id}_{channel:0000}"));
                throw new DatasetException(
                    $"'{imageFolder}': case {id} has {names}, but dataset.json declares {channels} channel(s): {id}_0000 to {channels - 1:0000}.");
            }
        }

        var labelFolder = Path.Combine(folder, labels);
        var labelled = Files(labelFolder, description.FileEnding).ToHashSet(StringComparer.Ordinal);
        if (labelled.Where(id => !files.ContainsKey(id)).Order(StringComparer.Ordinal).ToList() is { Count: > 0 } extra)
        {
            throw new DatasetException($"'{labelFolder}' has labels of {Some(extra)} without an image in {images}. Add or remove the files.");
        }

        return [.. files.Keys.Order(StringComparer.Ordinal).Select(id => new Case(
            id,
            [.. Enumerable.Range(0, channels).Select(channel => Path.Combine(imageFolder, $"{id}_{channel:0000}{description.FileEnding}"))],
            labelled.Contains(id) ? Path.Combine(labelFolder, id + description.FileEnding) : null,
            groups.TryGetValue(id, out var group) ? group.Institution : Groups.UnknownInstitution,
            groups.TryGetValue(id, out group) ? group.Patient : id))];
    }

    /// <summary>The channel numbers found for each case.</summary>
    private static Dictionary<string, List<int>> Channels(string folder, string ending)
    {
        var channels = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        foreach (var name in Files(folder, ending).Order(StringComparer.Ordinal))
        {
            var split = name.Length - ChannelDigits - 1;
            if (split < 1 || name[split] != '_' || !name.AsSpan(split + 1).ContainsOnlyDigits())
            {
                throw new DatasetException($"'{Path.Combine(folder, name + ending)}' has no channel number. Name it {name}_0000{ending}.");
            }

            var id = name[..split];
            if (!channels.TryGetValue(id, out var found))
            {
                channels[id] = found = [];
            }

            found.Add(int.Parse(name.AsSpan(split + 1)));
        }

        return channels;
    }

    /// <summary>Names of the files with an ending, without it; hidden files are passed over, and a missing folder has none.</summary>
    private static IEnumerable<string> Files(string folder, string ending) =>
        Directory.Exists(folder)
            ? Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)!)
                .Where(name => name.EndsWith(ending, StringComparison.Ordinal) && name[0] != '.').Select(name => name[..^ending.Length])
            : [];

    private static bool ContainsOnlyDigits(this ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    private static void RequireTraining(string folder, List<Case> training, DatasetDescription description)
    {
        if (training.Count == 0)
        {
            throw new DatasetException($"'{folder}' has no training case: 'imagesTr' holds no file that ends in _0000{description.FileEnding}.");
        }

        if (training.Where(c => c.LabelPath is null).Select(c => c.Id).ToList() is { Count: > 0 } bare)
        {
            throw new DatasetException(
                $"'{folder}': imagesTr has {Some(bare)} without a label in labelsTr. Add the label or move the image to imagesTs.");
        }

        if (description.TrainingCount is { } declared && declared != training.Count)
        {
            throw new DatasetException(
                $"'{folder}': dataset.json declares numTraining {declared}, but imagesTr has {training.Count} cases. Correct the number.");
        }
    }

    private static void RequireKnown(string folder, List<Case> training, List<Case> test, IEnumerable<string> grouped)
    {
        var known = training.Select(c => c.Id).ToHashSet(StringComparer.Ordinal);
        if (test.Where(c => !known.Add(c.Id)).Select(c => c.Id).ToList() is { Count: > 0 } twice)
        {
            throw new DatasetException($"'{folder}' has {Some(twice)} both in imagesTr and in imagesTs. A test case must not be trained on.");
        }

        if (grouped.Where(id => !known.Contains(id)).ToList() is { Count: > 0 } unknown)
        {
            throw new DatasetException(
                $"'{Path.Combine(folder, Groups.FileName)}' lists {Some(unknown)}, of which there is no image. Remove the rows.");
        }
    }

    private static string Some(List<string> ids) => string.Join(", ", ids.Take(5)) + (ids.Count > 5 ? $" and {ids.Count - 5} more" : "");
}
