using System.Text;

namespace MetSeg.Learning.Tensors;

/// <summary>
/// A dictionary of a checkpoint, with the values of its text keys. Values are null, bool, long, BigInteger, double, string, byte[],
/// List&lt;object?&gt; (lists and sets), object?[] (tuples), dictionaries, <see cref="StoredTensor"/>s, and objects that only stand for
/// something (numpy's arrays, devices) and cannot be used.
/// </summary>
public sealed class PickledMap
{
    private Dictionary<string, object?>? texts;

    /// <summary>The value of a key; null where there is none.</summary>
    public object? this[string key] => texts?.GetValueOrDefault(key);

    /// <summary>All text keys with their values.</summary>
    public IEnumerable<KeyValuePair<string, object?>> Items => texts ?? [];

    /// <summary>Sets the value of a key; keys that are no texts are passed over.</summary>
    internal void Set(object? key, object? value)
    {
        if (key is string text)
        {
            (texts ??= new Dictionary<string, object?>(1, StringComparer.Ordinal))[text] = value;
        }
    }
}

/// <summary>Something that is in a checkpoint but of no use here.</summary>
/// <param name="Name">What it is, as Python names it.</param>
internal sealed record PickledObject(string Name);

/// <summary>Bytes that pickle protocol 2 keeps as a text with one character a byte.</summary>
internal sealed record PickledLatin1(string Text)
{
    /// <summary>The bytes of a value; none where it holds no bytes or more than a number has.</summary>
    public static byte[] NumberOf(object? value) => value switch
    {
        byte[] bytes => bytes,
        PickledLatin1 { Text: { Length: <= 16 } text } => Encoding.Latin1.GetBytes(text),
        _ => [],
    };
}
