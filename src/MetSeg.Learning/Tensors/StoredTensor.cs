using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>A run of values in a checkpoint, which tensors are views of.</summary>
/// <param name="Key">Its name in the checkpoint.</param>
/// <param name="Type">Type of the values; <see cref="ScalarType.Byte"/> where the file leaves that to the tensors.</param>
/// <param name="Bytes">Its length.</param>
public sealed record StoredBlock(string Key, ScalarType Type, long Bytes)
{
    private static readonly Dictionary<ScalarType, int> sizes = new()
    {
        [ScalarType.Byte] = 1,
        [ScalarType.Int8] = 1,
        [ScalarType.Bool] = 1,
        [ScalarType.Int16] = 2,
        [ScalarType.Float16] = 2,
        [ScalarType.BFloat16] = 2,
        [ScalarType.Int32] = 4,
        [ScalarType.Float32] = 4,
        [ScalarType.Int64] = 8,
        [ScalarType.Float64] = 8,
    };

    /// <summary>Bytes of one value.</summary>
    internal static int SizeOf(ScalarType type) => sizes[type];
}

/// <summary>A tensor in a checkpoint, not loaded: a view of a block.</summary>
/// <param name="Block">Where its values lie.</param>
/// <param name="Type">Type of its values.</param>
/// <param name="Offset">Its first value in the block, counted in values.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Strides">Distance in the block, in values, between neighbors along each axis.</param>
public sealed record StoredTensor(StoredBlock Block, ScalarType Type, long Offset, IReadOnlyList<long> Shape, IReadOnlyList<long> Strides)
{
    private const int MostAxes = 16;

    /// <summary>A tensor may hold this many values more often than its block does (stride 0).</summary>
    private const long MostRepeated = 1 << 24;

    /// <summary>A tensor that lies within its block.</summary>
    /// <exception cref="InvalidDataException">It does not, or is of an unlikely shape.</exception>
    /// <exception cref="OverflowException">Its shape is beyond all bounds.</exception>
    internal static StoredTensor Create(StoredBlock block, ScalarType type, long offset, (long[] Shape, long[] Strides) view)
    {
        var (shape, strides) = view;
        var available = block.Bytes / StoredBlock.SizeOf(type);
        if (block.Bytes % StoredBlock.SizeOf(type) != 0 || shape.Length != strides.Length || shape.Length > MostAxes
            || shape.Concat(strides).Append(offset).Any(value => value < 0))
        {
            throw new InvalidDataException($"a tensor of shape [{Text(shape)}] and strides [{Text(strides)}] at {offset}.");
        }

        var count = shape.Contains(0) ? 0 : shape.Aggregate(1L, (product, side) => checked(product * side));
        var end = count == 0 ? offset : checked(shape.Zip(strides).Aggregate(offset + 1, (sum, axis) => checked(sum + ((axis.First - 1) * axis.Second))));
        if (end > available || count > Math.Max(available, MostRepeated))
        {
            throw new InvalidDataException($"a tensor of shape [{Text(shape)}] and strides [{Text(strides)}] at {offset} in a block of {available} values.");
        }

        return new StoredTensor(block, type, offset, shape, strides);
    }

    private static string Text(long[] values) => string.Join(", ", values.Take(MostAxes));
}
