using System.IO.Compression;
using System.IO.Hashing;
using System.Text;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>
/// Reads what torch.save of PyTorch 1.6 or later wrote (.pth, .pt): a zip archive with a pickle and a file per block of values. Nothing of
/// it is executed: see <see cref="RestrictedUnpickler"/>. Tensors are loaded when they are asked for, by one thread at a time.
/// </summary>
/// <remarks>Format: PyTorch's "Serialization semantics" and torch/serialization.py: NAME/data.pkl, NAME/data/KEY, NAME/byteorder.</remarks>
public sealed class PyTorchCheckpoint : IDisposable
{
    private const int LongestOrder = 16;
    private readonly string path;
    private readonly ZipArchive archive;
    private readonly Dictionary<string, ZipArchiveEntry> entries = new(StringComparer.Ordinal);
    private readonly bool isBigEndian;

    private PyTorchCheckpoint(string path, Stream stream)
    {
        this.path = path;
        archive = new ZipArchive(stream, ZipArchiveMode.Read);
        var root = ListEntries(stream.Length);
        isBigEndian = entries.TryGetValue("byteorder", out var order) && Encoding.ASCII.GetString(Bytes(order, LongestOrder)) switch
        {
            "little" => false,
            "big" => true,
            _ => throw new InvalidDataException($"{root}byteorder is neither little nor big."),
        };
        (Content, var blocks) = RestrictedUnpickler.Read(Bytes(entries["data.pkl"], RestrictedUnpickler.LongestPickle));
        CheckBlocks(blocks, stream.Length);
    }

    /// <summary>What was saved, a dictionary as a rule; <see cref="PickledMap"/> lists the types.</summary>
    public object? Content { get; }

    /// <summary>Opens a checkpoint. All that is not tensors is read and every fault but in the tensors' values is found; no tensor is loaded.</summary>
    /// <exception cref="MetSegException">
    /// The file is missing, damaged, in the format of PyTorch before 1.6, or names Python functions other than those of tensors and containers.
    /// </exception>
    public static PyTorchCheckpoint Open(string path)
    {
        FileStream? stream = null;
        try
        {
            stream = File.OpenRead(path);
            RefuseOtherFormats(stream);
            return new PyTorchCheckpoint(path, stream);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            stream?.Dispose();
            throw Unreadable(path, exception);
        }
    }

    /// <summary>Loads one tensor: a contiguous copy of its own on the CPU, in the type that it was saved in.</summary>
    /// <exception cref="MetSegException">Its values are damaged or cannot be read.</exception>
    public Tensor Read(StoredTensor tensor)
    {
        using var scope = NewDisposeScope();
        var size = StoredBlock.SizeOf(tensor.Type);
        var block = empty(tensor.Block.Bytes / size, tensor.Type);
        try
        {
            Fill(block.bytes, entries[$"data/{tensor.Block.Key}"]);
        }
        catch (Exception exception) when (IsFault(exception))
        {
            throw Unreadable(path, exception);
        }

        if (isBigEndian)
        {
            Reverse(block.bytes, size);
        }

        return block.as_strided([.. tensor.Shape], [.. tensor.Strides], tensor.Offset).contiguous().clone().MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose() => archive.Dispose();

    private static void RefuseOtherFormats(FileStream stream)
    {
        var start = new byte[512];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        stream.Position = 0;
        var isOld = start[0] == (byte)PickleOpcode.Proto || start.AsSpan(257).StartsWith("ustar"u8);
        if (isOld)
        {
            throw new InvalidDataException(
                "it is in the format of PyTorch before 1.6. Where you trust it, save it anew with a later PyTorch: torch.save(torch.load('old.pth'), 'new.pth').");
        }

        if (length < 4 || !start.AsSpan().StartsWith("PK\x03\x04"u8))
        {
            throw new InvalidDataException("it is no PyTorch checkpoint, which is a zip archive.");
        }
    }

    /// <summary>Notes the entries below the folder of data.pkl and returns the folder's name, with a slash.</summary>
    private string ListEntries(long fileLength)
    {
        var pickles = archive.Entries.Where(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal) && entry.FullName.Count(c => c == '/') == 1).ToList();
        if (pickles.Count != 1)
        {
            throw new InvalidDataException($"the archive has {pickles.Count} pickles NAME/data.pkl instead of one.");
        }

        var root = pickles[0].FullName[..^"data.pkl".Length];
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.StartsWith(root, StringComparison.Ordinal)))
        {
            if (entry.CompressedLength != entry.Length || entry.Length > fileLength || !entries.TryAdd(entry.FullName[root.Length..], entry))
            {
                throw new InvalidDataException($"'{PickleGlobals.Shown(entry.FullName)}' is compressed or there twice, which torch.save never does.");
            }
        }

        return root;
    }

    /// <summary>Each block is there at its full length, and all of them fit into the file.</summary>
    private void CheckBlocks(IReadOnlyList<StoredBlock> blocks, long fileLength)
    {
        var total = 0L;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var block in blocks)
        {
            if (!entries.TryGetValue($"data/{block.Key}", out var entry) || entry.Length != block.Bytes || block.Bytes > int.MaxValue)
            {
                throw new InvalidDataException(
                    $"'data/{PickleGlobals.Shown(block.Key)}' should hold {block.Bytes} bytes (at most 2 GiB) and has {entry?.Length.ToString() ?? "none"}.");
            }

            total += seen.Add(block.Key) ? block.Bytes : 0;
        }

        if (total > fileLength)
        {
            throw new InvalidDataException($"its blocks claim {total} bytes, but the file has {fileLength}.");
        }
    }

    private static byte[] Bytes(ZipArchiveEntry entry, int most)
    {
        var bytes = new byte[entry.Length <= most ? entry.Length : throw new InvalidDataException($"'{PickleGlobals.Shown(entry.FullName)}' has {entry.Length} bytes; {most} are the most.")];
        Fill(bytes, entry);
        return bytes;
    }

    private static void Fill(Span<byte> bytes, ZipArchiveEntry entry)
    {
        using var stream = entry.Open();
        stream.ReadExactly(bytes);
        if (Crc32.HashToUInt32(bytes) != entry.Crc32)
        {
            throw new InvalidDataException($"'{PickleGlobals.Shown(entry.FullName)}' is damaged: its checksum differs. Copy or download the file again.");
        }
    }

    private static void Reverse(Span<byte> values, int size)
    {
        for (var i = 0; i < values.Length; i += size)
        {
            values.Slice(i, size).Reverse();
        }
    }

    private static bool IsFault(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException or OverflowException
        or NotSupportedException or ArgumentException;

    private static MetSegException Unreadable(string path, Exception exception) =>
        new($"Cannot read the checkpoint '{path}': {exception.Message.ReplaceLineEndings(" ")}", exception);
}
