namespace MetSeg.Learning.Tensors;

/// <summary>
/// Reads Python's pickle format as far as tensors, containers, texts and numbers go. It knows no Python: what a pickle may name is written in
/// <see cref="PickleGlobals"/>, and everything else is refused by name before anything is made of it. Work and memory are bounded by the
/// pickle's length; nothing here recurses.
/// </summary>
/// <remarks>The instructions are documented in Python's Lib/pickletools.py.</remarks>
internal sealed class RestrictedUnpickler
{
    /// <summary>The longest pickle that is read, in bytes; nnU-Net's have some megabytes at most.</summary>
    public const int LongestPickle = 64 << 20;

    private const int MostInstructions = 8_000_000;
    private const int MostTensors = 100_000;
    private const int LatestProtocol = 5;

    private readonly PickleBytes bytes;
    private readonly PickleStack stack = new();
    private readonly Dictionary<long, object?> memo = [];
    private readonly List<StoredBlock> blocks = [];
    private int tensors;

    private RestrictedUnpickler(byte[] pickle)
    {
        bytes = new PickleBytes(pickle);
    }

    /// <summary>Reads one pickle.</summary>
    /// <returns>Its value (see <see cref="PickledMap"/> for the types) and the blocks that its tensors are views of.</returns>
    /// <exception cref="InvalidDataException">It is damaged, too large, or names what is not known. The message begins in lower case.</exception>
    /// <exception cref="OverflowException">The shape of a tensor is beyond all bounds.</exception>
    public static (object? Value, IReadOnlyList<StoredBlock> Blocks) Read(byte[] pickle)
    {
        var machine = new RestrictedUnpickler(pickle);
        for (var done = 0; done < MostInstructions; done++)
        {
            var opcode = (PickleOpcode)machine.bytes.Byte();
            if (opcode == PickleOpcode.Stop)
            {
                return (machine.stack.Pop(), machine.blocks);
            }

            if (!machine.Arrange(opcode) && !machine.PushNumber(opcode) && !machine.PushText(opcode) && !machine.PushContainer(opcode)
                && !machine.Fill(opcode) && !machine.Remember(opcode) && !machine.MakeObject(opcode))
            {
                throw new InvalidDataException($"the pickle instruction 0x{(byte)opcode:x2}, which PyTorch does not write. It is refused; nothing was executed.");
            }
        }

        throw new InvalidDataException($"a pickle of more than {MostInstructions} instructions.");
    }

    /// <summary>What only moves things on the stack.</summary>
    private bool Arrange(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Proto:
                if (bytes.Byte() is var protocol && protocol > LatestProtocol)
                {
                    throw new InvalidDataException($"pickle protocol {protocol}, which is not known.");
                }

                return true;
            case PickleOpcode.Frame:
                bytes.UInt64();
                return true;
            case PickleOpcode.Mark:
                stack.Mark();
                return true;
            case PickleOpcode.Pop:
                stack.Pop();
                return true;
            case PickleOpcode.PopMark:
                stack.PopToMark();
                return true;
            case PickleOpcode.Dup:
                return stack.Push(stack.Top());
            default:
                return false;
        }
    }

    private bool PushNumber(PickleOpcode opcode) => opcode switch
    {
        PickleOpcode.None => stack.Push(null),
        PickleOpcode.NewTrue => stack.Push(true),
        PickleOpcode.NewFalse => stack.Push(false),
        PickleOpcode.Int or PickleOpcode.Long => stack.Push(bytes.IntegerLine()),
        PickleOpcode.BinInt => stack.Push((long)bytes.Int32()),
        PickleOpcode.BinInt1 => stack.Push((long)bytes.Byte()),
        PickleOpcode.BinInt2 => stack.Push((long)bytes.UInt16()),
        PickleOpcode.Long1 => stack.Push(bytes.Integer(bytes.Byte())),
        PickleOpcode.Long4 => stack.Push(bytes.Integer(bytes.UInt32())),
        PickleOpcode.Float => stack.Push(double.TryParse(bytes.Line(), out var value) ? value : throw new InvalidDataException("a number that cannot be read.")),
        PickleOpcode.BinFloat => stack.Push(bytes.Double()),
        _ => false,
    };

    private bool PushText(PickleOpcode opcode) => opcode switch
    {
        PickleOpcode.BinString => stack.Push(bytes.Latin1(bytes.UInt32())),
        PickleOpcode.ShortBinString => stack.Push(bytes.Latin1(bytes.Byte())),
        PickleOpcode.BinUnicode => stack.Push(bytes.Utf8(bytes.UInt32())),
        PickleOpcode.ShortBinUnicode => stack.Push(bytes.Utf8(bytes.Byte())),
        PickleOpcode.BinUnicode8 => stack.Push(bytes.Utf8(bytes.UInt64())),
        PickleOpcode.BinBytes => stack.Push(bytes.Bytes(bytes.UInt32())),
        PickleOpcode.ShortBinBytes => stack.Push(bytes.Bytes(bytes.Byte())),
        PickleOpcode.BinBytes8 or PickleOpcode.ByteArray8 => stack.Push(bytes.Bytes(bytes.UInt64())),
        _ => false,
    };

    private bool PushContainer(PickleOpcode opcode) => opcode switch
    {
        PickleOpcode.EmptyTuple => stack.Push(Array.Empty<object?>()),
        PickleOpcode.Tuple or PickleOpcode.FrozenSet => stack.Push(stack.PopToMark()),
        PickleOpcode.Tuple1 => stack.Push(stack.Pop(1)),
        PickleOpcode.Tuple2 => stack.Push(stack.Pop(2)),
        PickleOpcode.Tuple3 => stack.Push(stack.Pop(3)),
        PickleOpcode.EmptyList or PickleOpcode.EmptySet => stack.Push(new List<object?>()),
        PickleOpcode.List => stack.Push(stack.PopToMark().ToList()),
        PickleOpcode.EmptyDict => stack.Push(new PickledMap()),
        PickleOpcode.Dict => stack.Push(Filled(new PickledMap(), stack.PopToMark())),
        _ => false,
    };

    /// <summary>What puts values into the container below them.</summary>
    private bool Fill(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Append:
                var item = stack.Pop();
                stack.Top<List<object?>>().Add(item);
                return true;
            case PickleOpcode.Appends or PickleOpcode.AddItems:
                var items = stack.PopToMark();
                stack.Top<List<object?>>().AddRange(items);
                return true;
            case PickleOpcode.SetItem:
                var pair = stack.Pop(2);
                Filled(stack.Top<PickledMap>(), pair);
                return true;
            case PickleOpcode.SetItems:
                var pairs = stack.PopToMark();
                Filled(stack.Top<PickledMap>(), pairs);
                return true;
            default:
                return false;
        }
    }

    private bool Remember(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Put:
                memo[LineNumber()] = stack.Top();
                return true;
            case PickleOpcode.BinPut:
                memo[bytes.Byte()] = stack.Top();
                return true;
            case PickleOpcode.LongBinPut:
                memo[bytes.UInt32()] = stack.Top();
                return true;
            case PickleOpcode.Memoize:
                memo[memo.Count] = stack.Top();
                return true;
            case PickleOpcode.Get:
                return stack.Push(Recall(LineNumber()));
            case PickleOpcode.BinGet:
                return stack.Push(Recall(bytes.Byte()));
            case PickleOpcode.LongBinGet:
                return stack.Push(Recall(bytes.UInt32()));
            default:
                return false;
        }
    }

    /// <summary>What makes objects in Python: here only those of <see cref="PickleGlobals"/>.</summary>
    private bool MakeObject(PickleOpcode opcode)
    {
        switch (opcode)
        {
            case PickleOpcode.Global:
                return stack.Push(PickleGlobals.Find(bytes.Line(), bytes.Line()));
            case PickleOpcode.StackGlobal:
                return stack.Push(stack.Pop(2) is [string module, string name] ? PickleGlobals.Find(module, name) : throw new InvalidDataException("a name that is no text."));
            case PickleOpcode.Reduce or PickleOpcode.NewObj:
                return stack.Push(stack.Pop(2) is [var callee, object?[] arguments] ? Call(callee, arguments) : throw new InvalidDataException("a call without arguments."));
            case PickleOpcode.NewObjEx:
                return stack.Push(stack.Pop(3) is [var type, object?[] values, PickledMap] ? Call(type, values) : throw new InvalidDataException("a call without arguments."));
            case PickleOpcode.Obj:
                return stack.Push(stack.PopToMark() is [var first, .. var rest] ? Call(first, rest) : throw new InvalidDataException("a call of nothing."));
            case PickleOpcode.Inst:
                return stack.Push(Call(PickleGlobals.Find(bytes.Line(), bytes.Line()), stack.PopToMark()));
            case PickleOpcode.Build:
                SetState(stack.Pop(), stack.Top());
                return true;
            case PickleOpcode.BinPersId:
                blocks.Add(PickleGlobals.Block(stack.Pop()));
                return stack.Push(blocks[^1]);
            default:
                return false;
        }
    }

    private object? Call(object? callee, object?[] arguments)
    {
        var result = callee is PickleGlobal { Call: { } call }
            ? call(arguments)
            : throw new InvalidDataException($"it calls {PickleGlobals.NameOf(callee)}, which is no function. It is refused; nothing was executed.");
        tensors += result is StoredTensor ? 1 : 0;
        return tensors <= MostTensors ? result : throw new InvalidDataException($"more than {MostTensors} tensors.");
    }

    /// <summary>Attributes are of no use; of numpy's types they hold the byte order.</summary>
    private static void SetState(object? state, object? target)
    {
        switch (target)
        {
            case NumpyType type:
                type.Take(state);
                break;
            case PickledMap or PickledObject:
                break;
            default:
                throw new InvalidDataException($"it sets attributes of {PickleGlobals.NameOf(target)}. It is refused; nothing was executed.");
        }
    }

    private static PickledMap Filled(PickledMap dictionary, object?[] keysAndValues)
    {
        if (keysAndValues.Length % 2 != 0)
        {
            throw new InvalidDataException("a dictionary with a key but no value.");
        }

        for (var i = 0; i < keysAndValues.Length; i += 2)
        {
            dictionary.Set(keysAndValues[i], keysAndValues[i + 1]);
        }

        return dictionary;
    }

    private long LineNumber() => bytes.IntegerLine() is long number ? number : throw new InvalidDataException("a reference that is no number.");

    private object? Recall(long key) => memo.TryGetValue(key, out var value) ? value : throw new InvalidDataException("a reference to what was not stored.");
}
