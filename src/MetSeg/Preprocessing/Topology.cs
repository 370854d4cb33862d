namespace MetSeg.Preprocessing;

/// <summary>
/// What a U-Net must look like for a patch of a given spacing: which axes are halved when, with which kernels. Axes are in tensor
/// order (z, y, x, after nnU-Net's transposition).
/// </summary>
/// <param name="PatchSize">The patch, raised to the next multiple of the network's total stride along each axis.</param>
/// <param name="Strides">Stride of each stage's first convolution; the first stage's is 1.</param>
/// <param name="KernelSizes">Kernel of each stage: 1 along axes that are still more than twice as coarse as the finest, else 3.</param>
/// <remarks>The rule is nnU-Net's (Isensee et al., Nat Methods 2021;18:203), <c>get_pool_and_conv_props</c>.</remarks>
public sealed record Topology(
    IReadOnlyList<int> PatchSize, IReadOnlyList<IReadOnlyList<int>> Strides, IReadOnlyList<IReadOnlyList<int>> KernelSizes)
{
    private const int MinEdge = 4;

    /// <summary>Number of resolution stages, the bottleneck included.</summary>
    public int Stages => Strides.Count;

    /// <summary>Product of the strides along each axis: what the patch is divisible by.</summary>
    public int[] TotalStride
    {
        get
        {
            var total = Enumerable.Repeat(1, PatchSize.Count).ToArray();
            foreach (var stride in Strides)
            {
                Multiply(total, stride);
            }

            return total;
        }
    }

    /// <summary>Halves axes until no edge of the feature maps can be halved without falling below 4 voxels.</summary>
    /// <param name="spacing">Voxel size along each axis, in mm.</param>
    /// <param name="patch">Wanted patch; need not be whole or divisible.</param>
    /// <param name="maxStages">Most stages to make.</param>
    public static Topology For(IReadOnlyList<double> spacing, IReadOnlyList<double> patch, int maxStages = int.MaxValue)
    {
        double[] currentSpacing = [.. spacing], currentSize = [.. patch];
        var kernel = Enumerable.Repeat(1, patch.Count).ToArray();
        var total = Enumerable.Repeat(1, patch.Count).ToArray();
        var (strides, kernels) = (new List<int[]> { total.ToArray() }, new List<int[]>());
        while (AxesToHalve(currentSpacing, currentSize) is { Count: > 0 } axes && strides.Count < maxStages)
        {
            var finest = currentSpacing.Min();
            var stride = Enumerable.Repeat(1, patch.Count).ToArray();
            for (var axis = 0; axis < patch.Count; axis++)
            {
                kernel[axis] = kernel[axis] == 3 || currentSpacing[axis] / finest < 2 ? 3 : 1;
            }

            foreach (var axis in axes)
            {
                stride[axis] = 2;
                currentSpacing[axis] *= 2;
                currentSize[axis] = Math.Ceiling(currentSize[axis] / 2);
            }

            kernels.Add([.. kernel]);
            strides.Add(stride);
            Multiply(total, stride);
        }

        kernels.Add([.. Enumerable.Repeat(3, patch.Count)]);
        return new Topology([.. patch.Zip(total, (edge, divisor) => (int)Math.Ceiling(edge / divisor) * divisor)], strides, kernels);
    }

    /// <summary>Features of each stage: doubling from <paramref name="first"/> up to <paramref name="most"/>.</summary>
    public int[] Features(int first, int most) =>
        [.. Enumerable.Range(0, Stages).Select(stage => (int)Math.Min(most, (long)first << Math.Min(stage, 30)))];

    /// <summary>
    /// nnU-Net's measure of the memory of a plain U-Net with two convolutions a stage: the number of feature map elements of one sample,
    /// without heads for deep supervision.
    /// </summary>
    /// <param name="features">Features of each stage.</param>
    /// <param name="labels">Number of labels, background included.</param>
    public long FeatureMapElements(IReadOnlyList<int> features, int labels)
    {
        var voxels = VoxelsOfStages();

        // Two convolutions down; two up and the transposed convolution, but for the bottleneck.
        return (labels * voxels[0]) + Enumerable.Range(0, Stages).Sum(stage => (stage < Stages - 1 ? 5 : 2) * features[stage] * voxels[stage]);
    }

    /// <summary>The same measure of a U-Net whose encoder has a stem and residual blocks, and whose decoder has one convolution a stage.</summary>
    /// <param name="features">Features of each stage.</param>
    /// <param name="blocks">Residual blocks of each stage.</param>
    /// <param name="labels">Number of labels, background included.</param>
    public long FeatureMapElements(IReadOnlyList<int> features, IReadOnlyList<int> blocks, int labels)
    {
        var voxels = VoxelsOfStages();
        var elements = (labels + features[0]) * voxels[0];
        for (var stage = 0; stage < Stages; stage++)
        {
            // Two convolutions a block, a projection where features or size change; one convolution and the transposed one up.
            var changes = stage > 0 && (features[stage] != features[stage - 1] || Strides[stage].Any(step => step > 1)) ? 1 : 0;
            elements += ((2 * blocks[stage]) + changes + (stage < Stages - 1 ? 2 : 0)) * features[stage] * voxels[stage];
        }

        return elements;
    }

    private long[] VoxelsOfStages()
    {
        int[] size = [.. PatchSize];
        var voxels = new long[Stages];
        for (var stage = 0; stage < Stages; stage++)
        {
            for (var axis = 0; axis < size.Length; axis++)
            {
                size[axis] /= Strides[stage][axis];
            }

            voxels[stage] = size.Aggregate(1L, (product, edge) => product * edge);
        }

        return voxels;
    }

    private static List<int> AxesToHalve(double[] spacing, double[] size)
    {
        var large = Enumerable.Range(0, size.Length).Where(axis => size[axis] >= 2 * MinEdge).ToList();
        if (large.Count == 0)
        {
            return large;
        }

        var finest = large.Min(axis => spacing[axis]);
        var fine = large.Where(axis => spacing[axis] / finest < 2).ToList();
        return fine.Count == 1 && size[fine[0]] < 3 * MinEdge ? [] : fine;
    }

    private static void Multiply(int[] total, IReadOnlyList<int> stride)
    {
        for (var axis = 0; axis < total.Length; axis++)
        {
            total[axis] *= stride[axis];
        }
    }
}
