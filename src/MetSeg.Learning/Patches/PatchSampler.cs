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
/// rest anywhere. Where the patch reaches beyond the image it holds 0.
/// </summary>
/// <remarks>nnU-Net v2's data loader: sample j is forced foreground where j ≥ round(batch·(1 − 0.33)).</remarks>
public sealed class PatchSampler(CaseCache cases, PatchOptions options, RandomAugmentation? augmentation)
{
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
            var (image, label) = Crop(trainingCase, start);
            var change = augmentation?.Sample(random);
            images.Add(change is null ? image : change.ApplyToImage(image));
            labels.Add(change is null ? label : change.ApplyToLabel(label));
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
            var missing = Math.Max(0, options.PatchSize[axis] - shape[axis]);
            lower[axis] = -((missing + 1) / 2);
            upper[axis] = shape[axis] + (missing / 2) + (missing % 2) - options.PatchSize[axis];
        }

        if (forceForeground && trainingCase.Foreground.Count > 0)
        {
            var classes = trainingCase.Foreground.Keys.Order().ToArray();
            var voxels = trainingCase.Foreground[classes[random.Next(classes.Length)]];
            var voxel = voxels[random.Next(voxels.Count)];
            int[] center = [voxel / (size.X * size.Y), voxel / size.X % size.Y, voxel % size.X];
            return [.. Enumerable.Range(0, 3).Select(axis => Math.Max(lower[axis], center[axis] - (options.PatchSize[axis] / 2)))];
        }

        return [.. Enumerable.Range(0, 3).Select(axis => random.Next(lower[axis], Math.Max(lower[axis], upper[axis]) + 1))];
    }

    private (Tensor Image, Tensor Label) Crop(TrainingCase trainingCase, int[] start)
    {
        var size = trainingCase.Label.Grid.Size;
        var (depth, height, width) = (options.PatchSize[0], options.PatchSize[1], options.PatchSize[2]);
        var image = new float[trainingCase.Channels.Count * depth * height * width];
        var label = new byte[depth * height * width];
        var (firstX, lastX) = (Math.Max(0, -start[2]), Math.Min(width, size.X - start[2]));
        for (var z = Math.Max(0, -start[0]); z < Math.Min(depth, size.Z - start[0]); z++)
        {
            for (var y = Math.Max(0, -start[1]); y < Math.Min(height, size.Y - start[1]); y++)
            {
                if (lastX <= firstX)
                {
                    continue;
                }

                var source = size.Index(start[2] + firstX, start[1] + y, start[0] + z);
                var target = (((z * height) + y) * width) + firstX;
                trainingCase.Label.Labels.AsSpan(source, lastX - firstX).CopyTo(label.AsSpan(target));
                for (var c = 0; c < trainingCase.Channels.Count; c++)
                {
                    trainingCase.Channels[c].Voxels.AsSpan(source, lastX - firstX).CopyTo(image.AsSpan((c * label.Length) + target));
                }
            }
        }

        return (tensor(image, [trainingCase.Channels.Count, depth, height, width]), tensor(label, [1, depth, height, width]));
    }
}
