using MetSeg.Nifti;

namespace MetSeg.Preprocessing;

/// <summary>The images of one case, read and checked against each other and against dataset.json.</summary>
/// <param name="Channels">One volume per channel; their grids agree within <see cref="Preprocessor.GridToleranceMm"/>.</param>
/// <param name="Label">The reference segmentation, or null.</param>
internal sealed record CaseImages(IReadOnlyList<Volume> Channels, LabelMap? Label)
{
    /// <summary>Reads a case.</summary>
    /// <exception cref="DatasetException">There are too few or too many channels, infinite voxels, or labels that dataset.json lacks.</exception>
    /// <exception cref="GridMismatchException">The files lie on different grids.</exception>
    /// <exception cref="ImageFileException">A file cannot be read.</exception>
    public static CaseImages Read(Case one, Dataset dataset)
    {
        if (one.ImagePaths.Count != dataset.ChannelNames.Count)
        {
            throw new DatasetException(
                $"Case '{one.Id}' of '{dataset.Folder}' has {one.ImagePaths.Count} image files but dataset.json names "
                + $"{dataset.ChannelNames.Count} channels ({string.Join(", ", dataset.ChannelNames)}).");
        }

        var channels = one.ImagePaths.Select(path => NiftiReader.ReadVolume(path)).ToList();
        var grid = channels[0].Grid;
        for (var i = 0; i < channels.Count; i++)
        {
            ThrowIfElsewhere(one.ImagePaths[0], grid, one.ImagePaths[i], channels[i].Grid);
            ThrowIfNotFinite(channels[i], one.ImagePaths[i]);
        }

        return new CaseImages(channels, one.LabelPath is null ? null : ReadLabel(one, grid, dataset));
    }

    private static LabelMap ReadLabel(Case one, Grid grid, Dataset dataset)
    {
        var (label, known) = (NiftiReader.ReadLabelMap(one.LabelPath!), dataset.Labels.Values);
        ThrowIfElsewhere(one.ImagePaths[0], grid, one.LabelPath!, label.Grid);
        var unknown = label.PresentLabels().Where(value => !known.Contains(value)).ToList();
        return unknown.Count == 0
            ? label
            : throw new DatasetException(
                $"'{one.LabelPath}' holds the labels {string.Join(", ", unknown)}, which dataset.json does not name "
                + $"({dataset.Labels}). Add them there or change the label map.");
    }

    private static void ThrowIfElsewhere(string first, Grid grid, string other, Grid otherGrid)
    {
        if (!grid.IsSameAs(otherGrid, Preprocessor.GridToleranceMm))
        {
            throw new GridMismatchException($"'{first}' is on {grid} but '{other}' is on {otherGrid}. Resample one onto the other first.");
        }
    }

    private static void ThrowIfNotFinite(Volume volume, string path)
    {
        foreach (var value in volume.Voxels)
        {
            if (!float.IsFinite(value))
            {
                throw new DatasetException($"'{path}' holds {value} voxels. Replace them by finite numbers, such as 0 in the background.");
            }
        }
    }
}
