using System.Buffers.Binary;
using System.Text.Json;
using MetSeg.Files;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>Tensors by name and a few texts, as read from or written to a .safetensors file.</summary>
/// <param name="Tensors">The tensors, on the CPU. The owner of this record disposes them.</param>
/// <param name="Metadata">Texts by name.</param>
public sealed record TensorFile(IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, string> Metadata);

/// <summary>
/// Reads and writes .safetensors: 8 bytes length, a JSON header {name: {dtype, shape, data_offsets}}, then the bytes. Nothing in such a
/// file is ever executed, and every size is checked before memory is taken.
/// </summary>
/// <remarks>Format: huggingface/safetensors README, "Format". Types F32, F64, I64, I32 and U8 are supported.</remarks>
public static class Safetensors
{
    private const int HeaderLimit = 16 << 20;
    private const string MetadataKey = "__metadata__";

    private static readonly Dictionary<string, (ScalarType Type, int Bytes)> types = new()
    {
        ["F32"] = (ScalarType.Float32, 4),
        ["F64"] = (ScalarType.Float64, 8),
        ["I64"] = (ScalarType.Int64, 8),
        ["I32"] = (ScalarType.Int32, 4),
        ["U8"] = (ScalarType.Byte, 1),
    };

    /// <summary>Writes a file, whole or not at all.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string path, TensorFile content)
    {
        using var scope = NewDisposeScope();
        var tensors = content.Tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => (pair.Key, Value: pair.Value.detach().cpu().contiguous())).ToList();
        var header = Header(tensors, content.Metadata);
        AtomicFile.Write(path, stream =>
        {
            Span<byte> length = stackalloc byte[8];
            BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
            stream.Write(length);
            stream.Write(header);
            foreach (var (_, value) in tensors)
            {
                stream.Write(value.bytes);
            }
        });
    }

    /// <summary>Reads a file. Every fault is found before the first tensor is made.</summary>
    /// <exception cref="MetSegException">The file is missing, damaged, or holds types that are not supported.</exception>
    public static TensorFile Read(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var (entries, metadata, dataStart) = ReadHeader(stream);
            CheckLayout(entries, stream.Length - dataStart);
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var entry in entries)
            {
                stream.Position = dataStart + entry.Start;
                var value = empty(entry.Shape, types[entry.Type].Type);
                stream.ReadExactly(value.bytes);
                tensors.Add(entry.Name, value);
            }

            return new TensorFile(tensors, metadata);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidDataException
            or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new MetSegException($"Cannot read weights from '{path}': {exception.Message.ReplaceLineEndings(" ")}", exception);
        }
    }

    private static byte[] Header(List<(string Key, Tensor Value)> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var header = new Dictionary<string, object>(StringComparer.Ordinal) { [MetadataKey] = metadata };
        var offset = 0L;
        foreach (var (name, value) in tensors)
        {
            var type = types.First(pair => pair.Value.Type == value.dtype);
            var end = offset + (value.numel() * type.Value.Bytes);
            header.Add(name, new Dictionary<string, object> { ["dtype"] = type.Key, ["shape"] = value.shape, ["data_offsets"] = new[] { offset, end } });
            offset = end;
        }

        var json = JsonSerializer.SerializeToUtf8Bytes(header);
        var padded = new byte[(json.Length + 7) / 8 * 8];
        padded.AsSpan().Fill((byte)' ');
        json.CopyTo(padded, 0);
        return padded;
    }

    private static (List<Entry> Entries, Dictionary<string, string> Metadata, long DataStart) ReadHeader(Stream stream)
    {
        Span<byte> lengthBytes = stackalloc byte[8];
        stream.ReadExactly(lengthBytes);
        var length = BinaryPrimitives.ReadInt64LittleEndian(lengthBytes);
        if (length is < 2 or > HeaderLimit || length > stream.Length - 8)
        {
            throw new InvalidDataException($"the header claims {length} bytes.");
        }

        var bytes = new byte[length];
        stream.ReadExactly(bytes);
        using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 8, AllowDuplicateProperties = false });
        var entries = new List<Entry>();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var property in document.RootElement.EnumerateObject())
        {
            if (property.Name == MetadataKey)
            {
                metadata = property.Value.EnumerateObject().ToDictionary(text => text.Name, text => text.Value.GetString() ?? "", StringComparer.Ordinal);
            }
            else
            {
                entries.Add(Entry.Parse(property));
            }
        }

        return (entries, metadata, 8 + length);
    }

    private static void CheckLayout(List<Entry> entries, long available)
    {
        var expected = 0L;
        foreach (var entry in entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (!types.TryGetValue(entry.Type, out var type))
            {
                throw new InvalidDataException($"tensor '{entry.Name}' has the type {entry.Type}, which is not supported.");
            }

            var bytes = entry.Shape.Aggregate((long)type.Bytes, (product, side) => checked(product * side));
            if (entry.Shape.Any(side => side < 0) || entry.Start != expected || entry.End - entry.Start != bytes)
            {
                throw new InvalidDataException($"tensor '{entry.Name}' lies at bytes {entry.Start} to {entry.End}, which does not fit its shape or its neighbors.");
            }

            expected = entry.End;
        }

        if (expected != available)
        {
            throw new InvalidDataException($"it holds {available} bytes of tensors where the header promises {expected}.");
        }
    }

    private sealed record Entry(string Name, string Type, long[] Shape, long Start, long End)
    {
        public static Entry Parse(JsonProperty property)
        {
            var offsets = property.Value.GetProperty("data_offsets");
            return new Entry(
                property.Name,
                property.Value.GetProperty("dtype").GetString() ?? "",
                [.. property.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64())],
                offsets[0].GetInt64(),
                offsets[1].GetInt64());
        }
    }
}
