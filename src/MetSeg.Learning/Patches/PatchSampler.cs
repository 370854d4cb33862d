using MetSeg.Learning.Tensors;
using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>What a batch of patches looks like.</summary>
public sealed record PatchOptions
{
    /// <summary>Patch size along z, y, x in voxels. The default is 128, 128, 128; plans replace it.</summary>
    public IReadOnlyList<int> PatchSize { get; init; } = [128, 128, 128];

    /// <summary>Patches per batch. The default is 2.</summary>
    public int BatchSize { get; init; } = 2;

    /// <summary>Share of the batch that must be centered on foreground. The default is 0.33, nnU-Net's.</summary>
    public double ForegroundShare { get; init; } = 0.33;

    /// <summary>Highest label that a cascade's first stage may find: as many channels follow the image's. The default is 0, no cascade.</summary>
    public int PreviousClasses { get; init; }

    /// <summary>What cannot work, one sentence each.</summary>
    public IEnumerable<string> Problems()
    {
        if (PatchSize.Count != 3 || PatchSize.Any(side => side < 1))
        {
            yield return $"patchSize must be three positive numbers, not {string.Join(", ", PatchSize)}.";
        }

        if (BatchSize < 1 || ForegroundShare is < 0 or > 1)
        {
            yield return $"batchSize must be positive and foregroundShare in [0, 1], not {BatchSize} and {ForegroundShare}.";
        }
    }
}

/// <summary>
/// Draws batches of patches: cases uniformly with replacement, the last third of the batch centered on a random foreground voxel, the
/// rest anywhere, or where voxels are ignored on a labelled one. Where the patch reaches beyond the image it holds 0. Several threads may draw at once.
/// </summary>
/// <remarks>nnU-Net v2's data loader: sample j is forced foreground where j ≥ round(batch·(1 − 0.33)).</remarks>
public sealed class PatchSampler(CaseCache cases, PatchOptions options, RandomAugmentation? augmentation)
{
    private readonly bool isFlat = InitialPatch.IsFlat(options.PatchSize);
    private readonly int[] initial = augmentation is { IsSpatial: true } ? InitialPatch.For(options.PatchSize) : [.. options.PatchSize];

    /// <summary>Draws one batch; the same generator state gives the same batch.</summary>
    public Batch Sample(Random random)
    {
        using var scope = NewDisposeScope();
        var images = new List<Tensor>();
        var labels = new List<Tensor>();
        var domains = new List<int>();
        var free = (int)Math.Round(options.BatchSize * (1 - options.ForegroundShare), MidpointRounding.ToEven);
        for (var sample = 0; sample < options.BatchSize; sample++)
        {
            var trainingCase = cases[random.Next(cases.Count)];
            var start = Start(trainingCase, forceForeground: sample >= free, random);
            var change = augmentation?.Sample(random, trainingCase.Channels.Count, isFlat ? InitialPatch.PlaneAngle(options.PatchSize) : null);
            var (image, label) = Finish(trainingCase, Cut(trainingCase, start, change?.Spatial), change, random);
            images.Add(image);
            labels.Add(label);
            domains.Add(trainingCase.Domain);
        }

        return new Batch(stack(images), stack(labels).to(ScalarType.Int64), domains);
    }

    private int[] Start(TrainingCase trainingCase, bool forceForeground, Random random)
    {
        var size = trainingCase.Label.Grid.Size;
        int[] shape = [size.Z, size.Y, size.X];
        var lower = new int[3];
        var upper = new int[3];
        for (var axis = 0; axis < 3; axis++)
        {
            // As far beyond the border as a turned patch may reach, and at least so far that the patch is filled.
            var need = Math.Max(initial[axis] - options.PatchSize[axis], initial[axis] - shape[axis]);
            lower[axis] = -((need + 1) / 2);
            upper[axis] = shape[axis] + (need / 2) + (need % 2) - initial[axis];
        }

        int[] corner;
        if (CenterChoice(trainingCase, forceForeground, random) is { } voxels)
        {
            var voxel = voxels[random.Next(voxels.Count)];
            int[] center = [voxel / (size.X * size.Y), voxel / size.X % size.Y, voxel % size.X];
            corner = [.. Enumerable.Range(0, 3).Select(axis => Math.Max(lower[axis], center[axis] - (initial[axis] / 2)))];
        }
        else
        {
            corner = [.. Enumerable.Range(0, 3).Select(axis => random.Next(lower[axis], Math.Max(lower[axis], upper[axis]) + 1))];
        }

        return [.. corner.Select((place, axis) => place + ((initial[axis] - options.PatchSize[axis]) / 2))];
    }

    /// <summary>The voxels of which one becomes the center: of a random class, of the labelled ones, or null for a patch anywhere.</summary>
    private static IReadOnlyList<int>? CenterChoice(TrainingCase trainingCase, bool forceForeground, Random random)
    {
        var classes = trainingCase.Foreground.Keys.Where(number => number > 0).Order().ToArray();
        return forceForeground && classes.Length > 0
            ? trainingCase.Foreground[classes[random.Next(classes.Length)]]
            : trainingCase.Foreground.GetValueOrDefault(0);
    }

    private PatchArrays Cut(TrainingCase trainingCase, int[] start, SpatialTransform? spatial) => spatial is null
        ? Crop(trainingCase, start)
        : spatial.Cut(trainingCase, [.. start.Select((place, axis) => place + ((options.PatchSize[axis] - 1) / 2.0))], options.PatchSize);

    private PatchArrays Crop(TrainingCase trainingCase, int[] start)
    {
        var size = trainingCase.Label.Grid.Size;
        var (depth, height, width) = (options.PatchSize[0], options.PatchSize[1], options.PatchSize[2]);
        var patch = PatchArrays.Outside(trainingCase, options.PatchSize);
        var (firstX, lastX) = (Math.Max(0, -start[2]), Math.Min(width, size.X - start[2]));
        for (var z = Math.Max(0, -start[0]); z < Math.Min(depth, size.Z - start[0]); z++)
        {
            for (var y = Math.Max(0, -start[1]); lastX > firstX && y < Math.Min(height, size.Y - start[1]); y++)
            {
                var source = size.Index(start[2] + firstX, start[1] + y, start[0] + z);
                var target = (((z * height) + y) * width) + firstX;
                trainingCase.Label.Labels.AsSpan(source, lastX - firstX).CopyTo(patch.Label.AsSpan(target));
                trainingCase.Previous?.Labels.AsSpan(source, lastX - firstX).CopyTo(patch.Previous.AsSpan(target));
                for (var c = 0; c < trainingCase.Channels.Count; c++)
                {
                    trainingCase.Channels[c].Voxels.AsSpan(source, lastX - firstX).CopyTo(patch.Image.AsSpan((c * patch.Label.Length) + target));
                }
            }
        }

        return patch;
    }

    /// <summary>Augments a patch; what it was not to reach is masked, and a cascade's first stage becomes channels.</summary>
    private (Tensor Image, Tensor Label) Finish(TrainingCase trainingCase, PatchArrays patch, Augmentation? change, Random random)
    {
        using var scope = NewDisposeScope();
        long[] shape = [.. options.PatchSize.Select(edge => (long)edge)];
        var (image, label) = (tensor(patch.Image, [trainingCase.Channels.Count, .. shape]), tensor(patch.Label, [1, .. shape]));
        (image, label) = change is null ? (image, label) : (change.ApplyToImage(image, isFlat), change.ApplyToLabel(label));
        if (trainingCase.Beyond == TrainingCase.Outside)
        {
            var outside = label.eq(TrainingCase.Outside);
            var masked = tensor(trainingCase.MaskedChannels.ToArray()).reshape(-1, 1, 1, 1);
            (image, label) = (image.masked_fill(outside.logical_and(masked), 0), label.masked_fill(outside, 0));
        }

        if (patch.Previous is not null)
        {
            if (augmentation is not null)
            {
                augmentation.PreviousStage.Apply(patch.Previous, new Size((int)shape[2], (int)shape[1], (int)shape[0]), options.PreviousClasses, random);
            }

            var previous = tensor(patch.Previous, [1, .. shape]);
            image = cat([image, VolumeTensor.OneHot(change is null ? previous : change.ApplyToLabel(previous), options.PreviousClasses)], 0);
        }

        return (image.MoveToOuterDisposeScope(), label.MoveToOuterDisposeScope());
    }
}
