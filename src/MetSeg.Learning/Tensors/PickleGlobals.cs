using System.Buffers.Binary;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>A Python function or class that a checkpoint may name; all that it does is written here.</summary>
/// <param name="Name">Module and name.</param>
/// <param name="Type">For storages and types of numbers: the type of the values.</param>
/// <param name="Call">What calling it gives; null where it cannot be called.</param>
internal sealed record PickleGlobal(string Name, ScalarType? Type, Func<object?[], object?>? Call);

/// <summary>
/// The Python functions and classes that checkpoints of tensors need, written anew: containers, tensors, numpy's scalars. Every other name
/// is refused.
/// </summary>
/// <remarks>PyTorch's torch/_utils.py and torch/_weights_only_unpickler.py say what torch.save writes.</remarks>
internal static class PickleGlobals
{
    private const int LongestName = 100;
    private static readonly Dictionary<string, PickleGlobal> known = All().ToDictionary(global => global.Name, StringComparer.Ordinal);

    /// <summary>The function or class of a name.</summary>
    /// <exception cref="InvalidDataException">It is not one that tensors need.</exception>
    public static PickleGlobal Find(string module, string name) =>
        known.TryGetValue($"{Today(module)}.{name}", out var global)
            ? global
            : throw new InvalidDataException(
                $"it asks for Python's {Shown($"{module}.{name}")}, which no tensor or container needs and which could run foreign code. "
                + "It is refused; nothing was executed. Ask for a checkpoint that holds weights only.");

    /// <summary>The block of a persistent id: ("storage", type, key, device, number of values).</summary>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static StoredBlock Block(object? id) =>
        id as object?[] is ["storage", PickleGlobal { Type: { } type }, string key, _, long count, ..]
            ? new StoredBlock(key, type, checked(count * StoredBlock.SizeOf(type)))
            : throw new InvalidDataException("a reference to something that is no storage.");

    /// <summary>A text from the file, fit for a message: short, on one line.</summary>
    public static string Shown(string text) =>
        string.Concat(text.Take(LongestName).Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '?' : letter)) + (text.Length > LongestName ? "…" : "");

    /// <summary>What a value is, for a message.</summary>
    public static string NameOf(object? value) => value switch
    {
        PickleGlobal global => global.Name,
        PickledObject inert => inert.Name,
        PickledMap => "a dictionary",
        object?[] => "a tuple",
        List<object?> => "a list",
        string => "a text",
        null => "None",
        _ => "a value",
    };

    /// <summary>The modules of Python 2 and of numpy 2 by the names of Python 3 and numpy 1.</summary>
    private static string Today(string module) => module switch
    {
        "__builtin__" => "builtins",
        "numpy._core.multiarray" => "numpy.core.multiarray",
        _ => module,
    };

    private static IEnumerable<PickleGlobal> All()
    {
        static PickleGlobal Function(string name, Func<object?[], object?> call) => new(name, null, call);
        static PickleGlobal TypeOf(string name, ScalarType type) => new(name, type, null);
        return
        [
            Function("collections.OrderedDict", arguments => arguments.Length == 0 ? new PickledMap() : throw Unfit("collections.OrderedDict")),
            Function("builtins.set", arguments => ListOf("builtins.set", arguments)),
            Function("builtins.frozenset", arguments => ListOf("builtins.frozenset", arguments)),
            Function("builtins.bytes", arguments => arguments.Length == 0 ? Array.Empty<byte>() : throw Unfit("builtins.bytes")),
            Function("_codecs.encode", arguments => arguments is [string text, "latin1"] ? new PickledLatin1(text) : throw Unfit("_codecs.encode")),
            Function("torch._utils._rebuild_tensor_v2", arguments => Tensor(arguments, null)),
            Function("torch._utils._rebuild_tensor_v3", arguments => Tensor(arguments, (arguments.ElementAtOrDefault(6) as PickleGlobal)?.Type ?? throw Unfit("torch._utils._rebuild_tensor_v3"))),
            Function("torch._utils._rebuild_parameter", Parameter),
            Function("torch._utils._rebuild_parameter_with_state", Parameter),
            Function("torch.Size", arguments => arguments is [object?[] sides] ? sides : throw Unfit("torch.Size")),
            Function("torch.device", _ => new PickledObject("torch.device")),
            Function("numpy.dtype", arguments => arguments is [string code, ..] ? new NumpyType(code) : throw Unfit("numpy.dtype")),
            Function("numpy.core.multiarray.scalar", arguments => arguments is [NumpyType type, var bytes] ? type.Value(bytes) : throw Unfit("numpy.core.multiarray.scalar")),
            Function("numpy.core.multiarray._reconstruct", _ => new PickledObject("numpy.ndarray")),
            new("numpy.ndarray", null, null),
            .. Storages().Select(pair => TypeOf($"torch.{pair.Name}Storage", pair.Type)),
            TypeOf("torch.storage.UntypedStorage", ScalarType.Byte),
            TypeOf("torch.UntypedStorage", ScalarType.Byte),
            .. NumberTypes().Select(pair => TypeOf($"torch.{pair.Name}", pair.Type)),
        ];
    }

    private static (string Name, ScalarType Type)[] Storages() =>
    [
        ("Float", ScalarType.Float32), ("Double", ScalarType.Float64), ("Half", ScalarType.Float16), ("BFloat16", ScalarType.BFloat16),
        ("Long", ScalarType.Int64), ("Int", ScalarType.Int32), ("Short", ScalarType.Int16), ("Char", ScalarType.Int8),
        ("Byte", ScalarType.Byte), ("Bool", ScalarType.Bool),
    ];

    private static (string Name, ScalarType Type)[] NumberTypes() =>
    [
        ("float32", ScalarType.Float32), ("float64", ScalarType.Float64), ("float16", ScalarType.Float16), ("bfloat16", ScalarType.BFloat16),
        ("int64", ScalarType.Int64), ("int32", ScalarType.Int32), ("int16", ScalarType.Int16), ("int8", ScalarType.Int8),
        ("uint8", ScalarType.Byte), ("bool", ScalarType.Bool),
    ];

    /// <summary>A tensor from (block, offset, shape, strides, …); what follows concerns training.</summary>
    private static StoredTensor Tensor(object?[] arguments, ScalarType? type) =>
        arguments is [StoredBlock block, long offset, object?[] shape, object?[] strides, ..]
            ? StoredTensor.Create(block, type ?? block.Type, offset, (Numbers(shape), Numbers(strides)))
            : throw Unfit("torch._utils._rebuild_tensor_v2");

    private static StoredTensor Parameter(object?[] arguments) => arguments is [StoredTensor tensor, ..] ? tensor : throw Unfit("torch._utils._rebuild_parameter");

    private static long[] Numbers(object?[] values) =>
        [.. values.Take(byte.MaxValue).Select(value => value is long number ? number : throw new InvalidDataException("a shape that is not of whole numbers."))];

    private static List<object?> ListOf(string name, object?[] arguments) => arguments switch
    {
        [] => [],
        [List<object?> items] => items,
        _ => throw Unfit(name),
    };

    private static InvalidDataException Unfit(string name) => new($"it calls Python's {name} with arguments that it does not take.");
}

/// <summary>numpy's type of a number.</summary>
/// <param name="Code">Kind and bytes, such as "f8".</param>
internal sealed record NumpyType(string Code)
{
    private bool isBigEndian;

    /// <summary>Takes over (version, byte order, …).</summary>
    public void Take(object? state) => isBigEndian = state is object?[] and [_, ">", ..];

    /// <summary>A number of this type: a double for single and double precision; others only stand for themselves.</summary>
    public object Value(object? value) => (Code, PickledLatin1.NumberOf(value)) switch
    {
        ("f8", { Length: 8 } bytes) => isBigEndian ? BinaryPrimitives.ReadDoubleBigEndian(bytes) : BinaryPrimitives.ReadDoubleLittleEndian(bytes),
        ("f4", { Length: 4 } bytes) => (double)(isBigEndian ? BinaryPrimitives.ReadSingleBigEndian(bytes) : BinaryPrimitives.ReadSingleLittleEndian(bytes)),
        _ => new PickledObject($"numpy.{PickleGlobals.Shown(Code)}"),
    };
}
