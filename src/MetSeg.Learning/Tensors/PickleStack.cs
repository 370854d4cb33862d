namespace MetSeg.Learning.Tensors;

/// <summary>The stack of Python's pickle machine with its marks: what lies below the latest mark is out of reach.</summary>
internal sealed class PickleStack
{
    private const int DeepestNesting = 1_000;
    private readonly List<object?> items = [];
    private readonly Stack<int> marks = new();

    private int Floor => marks.TryPeek(out var mark) ? mark : 0;

    /// <summary>Sets a mark.</summary>
    public void Mark() => marks.Push(marks.Count < DeepestNesting ? items.Count : throw new InvalidDataException($"a nesting deeper than {DeepestNesting}."));

    /// <summary>Puts a value on top.</summary>
    /// <returns>Always true.</returns>
    public bool Push(object? value)
    {
        items.Add(value);
        return true;
    }

    public object? Top() => items.Count > Floor ? items[^1] : throw Empty();

    /// <summary>The container on top.</summary>
    public T Top<T>() => Top() is T container ? container : throw new InvalidDataException($"items for {PickleGlobals.NameOf(items[^1])}, which takes none.");

    public object? Pop() => Pop(1)[0];

    /// <summary>Takes the uppermost values away, the lowest of them first.</summary>
    public object?[] Pop(int count) => items.Count - Floor >= count ? Cut(items.Count - count) : throw Empty();

    /// <summary>Takes the latest mark and everything above it away.</summary>
    public object?[] PopToMark() => marks.TryPop(out var start) ? Cut(start) : throw new InvalidDataException("an instruction that finds no mark.");

    private object?[] Cut(int start)
    {
        var top = new object?[items.Count - start];
        items.CopyTo(start, top, 0, top.Length);
        items.RemoveRange(start, top.Length);
        return top;
    }

    private static InvalidDataException Empty() => new("an instruction that finds the stack empty.");
}
