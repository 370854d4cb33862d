using MetSeg.Nifti;

namespace MetSeg.Datasets;

/// <summary>Opens every image of a data set and reports all that training would stumble over.</summary>
internal static class DatasetCheck
{
    /// <summary>See <see cref="NnUNetLayout.Check"/>.</summary>
    public static IReadOnlyList<string> Run(Dataset dataset, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var declared = dataset.Labels.Values;
        var cases = dataset.TrainingCases.Concat(dataset.TestCases).ToList();
        var problems = new List<string>[cases.Count];
        var (done, gate) = (0, new Lock());
        var parallel = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };
        Parallel.For(0, cases.Count, parallel, i =>
        {
            problems[i] = OfCase(cases[i], declared);
            lock (gate)
            {
                progress?.Report(new Progress("check", ++done, cases.Count, cases[i].Id));
            }
        });
        return [.. problems.SelectMany(found => found), .. PartedPatients(dataset)];
    }

    private static List<string> OfCase(Case @case, IReadOnlySet<int> declared)
    {
        var problems = new List<string>();
        (string Path, Grid Grid)? first = null;
        foreach (var path in @case.ImagePaths)
        {
            Try(problems, () =>
            {
                var image = NiftiReader.ReadVolume(path);
                problems.AddRange(OfImage(path, image));
                var reference = first ??= (path, image.Grid);
                RequireSameGrid(reference.Path, reference.Grid, path, image.Grid);
            });
        }

        if (@case.LabelPath is { } labelPath)
        {
            Try(problems, () =>
            {
                var label = NiftiReader.ReadLabelMap(labelPath);
                problems.AddRange(OfLabel(labelPath, label, declared));
                if (first is { } reference)
                {
                    RequireSameGrid(reference.Path, reference.Grid, labelPath, label.Grid);
                }
            });
        }

        return problems;
    }

    /// <summary>Throws unless two images lie on the same grid.</summary>
    private static void RequireSameGrid(string firstPath, Grid first, string secondPath, Grid second)
    {
        if (!first.IsSameAs(second))
        {
            throw new GridMismatchException($"'{firstPath}' is on {first} but '{secondPath}' is on {second}. Resample one onto the other first.");
        }
    }

    private static IEnumerable<string> OfImage(string path, Volume image)
    {
        var undefined = 0;
        foreach (var value in image.Voxels)
        {
            undefined += float.IsFinite(value) ? 0 : 1;
        }

        if (undefined > 0)
        {
            yield return $"'{path}' has {undefined} voxels that are not finite numbers. Replace them, for instance by 0.";
        }
        else if (!image.Voxels.AsSpan().ContainsAnyExcept(0))
        {
            yield return $"'{path}' is 0 everywhere. Export the image again.";
        }
    }

    private static IEnumerable<string> OfLabel(string path, LabelMap label, IReadOnlySet<int> declared)
    {
        if (label.PresentLabels().Where(value => !declared.Contains(value)).ToList() is { Count: > 0 } undeclared)
        {
            yield return $"'{path}' has label {string.Join(", ", undeclared)}, which dataset.json does not declare. Declare it or correct the file.";
        }
    }

    private static IEnumerable<string> PartedPatients(Dataset dataset) =>
        dataset.TrainingCases.Select(c => c.Patient).Intersect(dataset.TestCases.Select(c => c.Patient), StringComparer.Ordinal)
            .Order(StringComparer.Ordinal).Select(patient => $"Patient {patient} has training and test cases. Move all of them to one side.");

    private static void Try(List<string> problems, Action action)
    {
        try
        {
            action();
        }
        catch (MetSegException exception)
        {
            problems.Add(exception.Message);
        }
    }
}
