using System.Runtime.InteropServices;
using MetSeg.Datasets;
using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>
/// Brings scans into the form that the network sees: the plans' orientation, cropped to the nonzero region, normalized, resampled to the plans'
/// voxel size (in this order, as nnU-Net). <see cref="LogitExport"/> is the way back.
/// </summary>
public static class Preprocessor
{
    /// <summary>nnU-Net's seed for choosing foreground locations.</summary>
    public const long DefaultSeed = 1234;

    /// <summary>How far in mm the corners of one case's files may lie apart: headers round, and a tenth of a millimeter moves no contour.</summary>
    public const double GridToleranceMm = 0.1;

    /// <summary>Preprocesses one scan.</summary>
    /// <param name="channels">One volume per channel, all on one grid of any orientation; small differences go to the first one's grid.</param>
    /// <param name="label">The reference segmentation on the same grid, or null.</param>
    /// <param name="plans">What to do.</param>
    /// <param name="seed">Seed of the choice of foreground locations; they depend on it and the label map alone.</param>
    /// <exception cref="GridMismatchException">Channels and label are not all on the first channel's grid.</exception>
    /// <exception cref="MetSegException">The number of channels is not the plans', the image is empty, or the plans cannot be followed.</exception>
    public static PreprocessedCase Preprocess(IReadOnlyList<Volume> channels, LabelMap? label, Plans plans, long seed = DefaultSeed)
    {
        ThrowIfUnfit(channels, label, plans);
        var orientation = plans.OrientationOf(channels[0].Grid);
        var reoriented = Orientation.To(channels[0].Grid, orientation);
        Volume[] images = [.. channels.Select(channel => OnGrid(Orientation.To(channel, orientation), reoriented))];
        var labels = label is null ? null : OnGrid(Orientation.To(label, orientation), reoriented);
        var region = NonzeroRegion.Find(images);
        var cropped = labels is null ? null : region.Box.Crop(labels);
        var inside = plans.UseMaskForNormalization.Contains(true) ? Inside(region.Mask(), cropped) : null;
        var resampling = new ShapeResampling(region.Box.Crop(reoriented), plans.VoxelSizeFor(reoriented));
        for (var channel = 0; channel < images.Length; channel++)
        {
            var mask = plans.UseMaskForNormalization[channel] ? inside : null;
            var normalized = plans.NormalizationSchemes[channel].Apply(
                region.Box.Crop(images[channel]), mask, plans.ForegroundIntensities.ElementAtOrDefault(channel));
            images[channel] = resampling.Apply(normalized, plans.DataInterpolation);
        }

        var resampled = cropped is null ? null : resampling.Apply(cropped);
        return new PreprocessedCase(
            images,
            resampled,
            inside is null ? null : resampling.Apply(inside),
            new CaseGeometry(channels[0].Grid, reoriented, region.Box, resampling.Target),
            resampled is null ? new Dictionary<int, int[]>() : ForegroundLocations.Find(resampled, plans.Labels, seed));
    }

    /// <summary>Brings a segmentation, such as that of a cascade's first stage, to the grid that the network sees.</summary>
    /// <param name="labels">A label map on <see cref="CaseGeometry.Original"/>.</param>
    /// <param name="geometry">The case's way here.</param>
    /// <exception cref="GridMismatchException">The label map is on another grid.</exception>
    public static LabelMap ToPreprocessedGrid(LabelMap labels, CaseGeometry geometry)
    {
        if (!labels.Grid.IsSameAs(geometry.Original, GridToleranceMm))
        {
            throw new GridMismatchException($"The segmentation is on {labels.Grid}, not on {geometry.Original}.");
        }

        var reoriented = OnGrid(Orientation.To(labels, geometry.Reoriented.Orientation), geometry.Reoriented);
        return OnGrid(new ShapeResampling(geometry.Crop.Crop(geometry.Reoriented), geometry.Preprocessed.Spacing).Apply(geometry.Crop.Crop(reoriented)), geometry.Preprocessed);
    }

    /// <summary>
    /// Extracts a data set's fingerprint, plans by it and preprocesses: writes dataset_fingerprint.json and what
    /// <see cref="PreprocessDataset"/> writes.
    /// </summary>
    /// <returns>The plans.</returns>
    /// <inheritdoc cref="Fingerprint.Extract" path="/exception"/>
    /// <param name="dataset">The data set; its training cases are used.</param>
    /// <param name="options">Planner, configuration, memory and caps; null for the defaults.</param>
    /// <param name="outFolder">The folder to fill.</param>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between cases.</param>
    public static Plans PlanAndPreprocess(
        Dataset dataset, PlannerOptions? options, string outFolder, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        ThrowIfTaken(dataset, outFolder);
        var fingerprint = Fingerprint.Extract(dataset, progress, cancellation);
        var all = Planner.PlanAll(fingerprint, dataset, options);
        var plans = Configured(all, options?.Configuration ?? Plans.FullResolution);
        fingerprint.Write(Path.Combine(outFolder, "dataset_fingerprint.json"));
        Plans.Write(Path.Combine(outFolder, PreprocessedDataset.PlansFileName), all);
        PreprocessCases(dataset, plans, outFolder, progress, cancellation);
        return plans;
    }

    private static Plans Configured(IReadOnlyList<Plans> all, string configuration)
    {
        var planned = all.ToDictionary(plans => plans.Configuration);
        if (planned.ContainsKey(Plans.LowResolution))
        {
            planned[Plans.Cascade] = planned[Plans.FullResolution] with { Configuration = Plans.Cascade };
        }

        return planned.TryGetValue(configuration, out var chosen) ? chosen : throw new OptionsException(
            $"The images need no {configuration}: a patch sees enough of them at full resolution. Preprocess for {Plans.FullResolution}.");
    }

    /// <summary>
    /// Preprocesses the training cases of a data set for <see cref="PreprocessedDataset"/>, two at a time, and writes dataset.json,
    /// plans.json and, where there are two patients or more, splits_final.json beside them. A case that is there already, from the same
    /// files by the same plans, is not done again; cases that the data set no longer has are removed. No file says where a scan came from.
    /// </summary>
    /// <param name="dataset">The data set; its training cases are used.</param>
    /// <param name="plans">What to do.</param>
    /// <param name="outFolder">The folder to fill.</param>
    /// <param name="progress">Told after each case.</param>
    /// <param name="cancellation">Stops between cases.</param>
    /// <exception cref="DatasetException">
    /// There are no cases, a case is not as dataset.json says, or no case has foreground after resampling.
    /// </exception>
    /// <exception cref="GridMismatchException">Files of one case lie on different grids.</exception>
    /// <exception cref="MetSegException">The folder belongs to another data set, or the plans are for other channels or labels.</exception>
    public static void PreprocessDataset(
        Dataset dataset, Plans plans, string outFolder, IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        ThrowIfTaken(dataset, outFolder);
        ThrowIfOtherTask(dataset, plans);
        plans = plans with { DatasetName = dataset.Name };
        plans.Write(Path.Combine(outFolder, PreprocessedDataset.PlansFileName));
        PreprocessCases(dataset, plans, outFolder, progress, cancellation);
    }

    private static void PreprocessCases(Dataset dataset, Plans plans, string outFolder, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var (cases, digest) = (Path.Combine(outFolder, plans.DataIdentifier), plans.Digest);
        NnUNetLayout.WriteDatasetJson(outFolder, dataset.ChannelNames, dataset.Labels, dataset.TrainingCases.Count);
        WriteSplits(dataset, Path.Combine(outFolder, "splits_final.json"));
        CaseQueue.Run(
            dataset.TrainingCases,
            "preprocess",
            one =>
            {
                if (!PreprocessedDataset.IsCurrent(cases, one, digest))
                {
                    var images = CaseImages.Read(one, dataset);
                    if (images.Label is not null)
                    {
                        PreprocessedDataset.SaveReference(outFolder, one.Id, images.Label);
                    }

                    PreprocessedDataset.Save(cases, one, Preprocess(images.Channels, images.Label, plans), digest);
                }

                return one.Id;
            },
            progress,
            cancellation);
        PreprocessedDataset.RemoveOthers(cases, dataset.TrainingCases);
        var labelled = dataset.TrainingCases.Where(one => one.LabelPath is not null).ToList();
        if (labelled.Count > 0 && !labelled.Any(one => PreprocessedDataset.HasForeground(cases, one.Id)))
        {
            throw new DatasetException(
                $"No label map of '{dataset.Folder}' marks anything at {string.Join(" × ", plans.Spacing.Reverse())} mm. Check labelsTr or choose a finer spacing.");
        }
    }

    private static Volume OnGrid(Volume volume, Grid grid) =>
        volume.Grid == grid ? volume : new Volume(grid, ImmutableCollectionsMarshal.AsArray(volume.Voxels)!);

    private static LabelMap OnGrid(LabelMap map, Grid grid) =>
        map.Grid == grid ? map : new LabelMap(grid, ImmutableCollectionsMarshal.AsArray(map.Labels)!);

    /// <summary>1 in the nonzero region and wherever a label is.</summary>
    private static LabelMap Inside(LabelMap mask, LabelMap? labels)
    {
        if (labels is null)
        {
            return mask;
        }

        byte[] inside = [.. mask.Labels];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] |= labels.Labels[i] != 0 ? (byte)1 : (byte)0;
        }

        return new LabelMap(mask.Grid, inside);
    }

    private static void ThrowIfUnfit(IReadOnlyList<Volume> channels, LabelMap? label, Plans plans)
    {
        if (channels.Count != plans.ChannelNames.Count)
        {
            throw new MetSegException(
                $"The scan has {channels.Count} channels but the plans want {plans.ChannelNames.Count} ({string.Join(", ", plans.ChannelNames)}).");
        }

        var grid = channels[0].Grid;
        var grids = channels.Select(channel => channel.Grid).Append(label?.Grid ?? grid);
        if (grids.FirstOrDefault(candidate => !grid.IsSameAs(candidate, GridToleranceMm)) is { } other)
        {
            throw new GridMismatchException($"The first channel is on {grid} but another channel or the label map is on {other}.");
        }
    }

    private static void ThrowIfTaken(Dataset dataset, string outFolder)
    {
        var plansPath = Path.Combine(outFolder, PreprocessedDataset.PlansFileName);
        if (Path.GetFullPath(outFolder) == Path.GetFullPath(dataset.Folder))
        {
            throw new MetSegException($"'{outFolder}' is the data set's own folder. Choose another one for the preprocessed cases.");
        }

        if (File.Exists(plansPath) && Plans.Read(plansPath) is var present && present.DatasetName != dataset.Name)
        {
            throw new MetSegException(
                $"'{outFolder}' holds the cases of data set '{present.DatasetName}'. Choose another folder for '{dataset.Name}'.");
        }
    }

    private static void ThrowIfOtherTask(Dataset dataset, Plans plans)
    {
        if (dataset.TrainingCases.Count == 0)
        {
            throw new DatasetException($"'{dataset.Folder}' has no training cases. Put images into imagesTr and label maps into labelsTr.");
        }

        if ($"{dataset.Labels}" != $"{plans.Labels}")
        {
            throw new MetSegException(
                $"The plans know the labels {plans.Labels} but '{dataset.Name}' has {dataset.Labels}. "
                + "Plan it anew.");
        }
    }

    private static void WriteSplits(Dataset dataset, string path)
    {
        var labelled = dataset.TrainingCases.Where(one => one.LabelPath is not null).ToList();
        var own = Path.Combine(dataset.Folder, "splits_final.json");
        if (File.Exists(own))
        {
            Splits.Write(path, Splits.Read(own, labelled));
        }
        else if (labelled.Select(one => one.Patient).Distinct(StringComparer.Ordinal).Count() > 1)
        {
            Splits.Write(path, Splits.Create(labelled));
        }
        else
        {
            File.Delete(path);
        }
    }
}
