using System.Buffers.Binary;
using System.Text;

namespace MetSeg.Learning.Tensors;

/// <summary>A symbol version that a shared library asks of another.</summary>
/// <param name="Name">The version, such as GLIBCXX_3.4.32.</param>
/// <param name="IsWeak">Whether the dynamic linker accepts its absence.</param>
public sealed record ElfVersionNeed(string Name, bool IsWeak);

/// <summary>Reads the versions that a 64-bit little-endian ELF library needs (section .gnu.version_r).</summary>
/// <remarks>Linux Standard Base, "Symbol Versioning": Elf64_Verneed and Elf64_Vernaux, 16 bytes each.</remarks>
public static class ElfVersionNeeds
{
    private const uint VersionNeedSection = 0x6ffffffe;

    /// <summary>All needed versions, in the file's order.</summary>
    /// <exception cref="InvalidDataException">The file is not such a library.</exception>
    public static IReadOnlyList<ElfVersionNeed> Read(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        if (bytes.Length < 64 || !bytes[..6].SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1]))
        {
            throw new InvalidDataException($"'{path}' is not a 64-bit little-endian ELF file.");
        }

        var needs = new List<ElfVersionNeed>();
        var (table, size, count) = (LongAt(bytes, 40), ShortAt(bytes, 58), ShortAt(bytes, 60));
        for (var i = 0; i < count; i++)
        {
            var header = bytes[(table + (i * size))..];
            if (IntAt(header, 4) == VersionNeedSection)
            {
                var names = bytes[LongAt(bytes, table + ((int)IntAt(header, 40) * size) + 24)..];
                ReadSection(bytes[LongAt(header, 24)..], names, needs);
            }
        }

        return needs;
    }

    private static void ReadSection(ReadOnlySpan<byte> need, ReadOnlySpan<byte> names, List<ElfVersionNeed> needs)
    {
        while (true)
        {
            var version = need[(int)IntAt(need, 8)..];
            for (var left = ShortAt(need, 2); left > 0; left--)
            {
                var name = names[(int)IntAt(version, 8)..];
                needs.Add(new ElfVersionNeed(Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]), (ShortAt(version, 4) & 2) != 0));
                version = version[(int)IntAt(version, 12)..];
            }

            if (IntAt(need, 12) == 0)
            {
                return;
            }

            need = need[(int)IntAt(need, 12)..];
        }
    }

    private static int ShortAt(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[offset..]);

    private static uint IntAt(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);

    private static int LongAt(ReadOnlySpan<byte> bytes, int offset) => checked((int)BinaryPrimitives.ReadInt64LittleEndian(bytes[offset..]));
}
