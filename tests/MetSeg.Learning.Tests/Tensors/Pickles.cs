using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace MetSeg.Learning.Tests.Tensors;

/// <summary>Writes pickles of protocol 2 and the archives around them, one instruction after the other; a char is a byte.</summary>
internal static class Pickles
{
    public static byte[] Of(params string[] instructions) => Encoding.Latin1.GetBytes($"\u0080\u0002{string.Concat(instructions)}.");

    public static string Text(string text) => $"X{LittleEndian(text.Length)}{text}";

    public static string Number(int number) => $"J{LittleEndian(number)}";

    public static string Tuple(params string[] items) => $"({string.Concat(items)}t";

    public static string Call(string module, string name, params string[] arguments) => $"c{module}\n{name}\n{Tuple(arguments)}R";

    public static string Dictionary(params string[] keysAndValues) => $"}}({string.Concat(keysAndValues)}u";

    public static string Block(string type, string key, int count) => $"{Tuple(Text("storage"), $"ctorch\n{type}\n", Text(key), Text("cpu"), Number(count))}Q";

    public static string Tensor(string block, int offset, int[] shape, int[] strides) => Call(
        "torch._utils", "_rebuild_tensor_v2", block, Number(offset), Numbers(shape), Numbers(strides), "\u0089", Call("collections", "OrderedDict"));

    /// <summary>Writes an archive as torch.save does: nothing compressed.</summary>
    public static void Zip(string path, byte[] pickle, params (string Name, byte[] Content)[] others) => Zip(path, CompressionLevel.NoCompression, pickle, others);

    public static void Zip(string path, CompressionLevel level, byte[] pickle, params (string Name, byte[] Content)[] others)
    {
        using var archive = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach (var (name, content) in others.Prepend(("data.pkl", pickle)))
        {
            using var stream = archive.CreateEntry($"archive/{name}", level).Open();
            stream.Write(content);
        }
    }

    private static string Numbers(int[] numbers) => Tuple([.. numbers.Select(Number)]);

    private static string LittleEndian(int number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return Encoding.Latin1.GetString(bytes);
    }
}
