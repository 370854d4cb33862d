using System;
using System.IO;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Sets the weak flag (VER_FLG_WEAK, 0x2) on one version that an ELF64 little-endian library needs, so that the dynamic linker
/// accepts a system that lacks it. Idempotent; the file is left alone where the version is not needed or already weak.
/// </summary>
/// <remarks>Layout: System V gABI "Section Header" and LSB "Symbol Versioning" (Elf64_Verneed 16 bytes, Elf64_Vernaux 16 bytes).</remarks>
public class WeakenVersionNeed : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const ushort Weak = 0x2;

    [Required]
    public string File { get; set; }

    [Required]
    public string VersionName { get; set; }

    public override bool Execute()
    {
        var bytes = System.IO.File.ReadAllBytes(File);
        if (bytes.Length < 64 || bytes[0] != 0x7f || bytes[1] != 'E' || bytes[4] != 2 || bytes[5] != 1)
        {
            Log.LogError("'" + File + "' is not a 64-bit little-endian ELF library.");
            return false;
        }

        if (Mend(bytes))
        {
            var sibling = File + ".partial";
            System.IO.File.WriteAllBytes(sibling, bytes);
            System.IO.File.Delete(File);
            System.IO.File.Move(sibling, File);
            Log.LogMessage(MessageImportance.Normal, "Made " + VersionName + " optional in " + Path.GetFileName(File));
        }

        return true;
    }

    private bool Mend(byte[] bytes)
    {
        var sections = (long)BitConverter.ToUInt64(bytes, 40);
        var size = BitConverter.ToUInt16(bytes, 58);
        var count = BitConverter.ToUInt16(bytes, 60);
        var changed = false;
        for (var i = 0; i < count; i++)
        {
            var header = (int)(sections + (i * (long)size));
            if (BitConverter.ToUInt32(bytes, header + 4) == VersionNeedSection)
            {
                var strings = (int)(sections + (BitConverter.ToUInt32(bytes, header + 40) * (long)size));
                changed |= MendSection(bytes, (int)BitConverter.ToUInt64(bytes, header + 24), (int)BitConverter.ToUInt64(bytes, strings + 24));
            }
        }

        return changed;
    }

    private bool MendSection(byte[] bytes, int need, int names)
    {
        var changed = false;
        while (true)
        {
            var version = need + (int)BitConverter.ToUInt32(bytes, need + 8);
            for (var left = BitConverter.ToUInt16(bytes, need + 2); left > 0; left--)
            {
                var flags = BitConverter.ToUInt16(bytes, version + 4);
                if (NameAt(bytes, names + (int)BitConverter.ToUInt32(bytes, version + 8)) == VersionName && (flags & Weak) == 0)
                {
                    BitConverter.GetBytes((ushort)(flags | Weak)).CopyTo(bytes, version + 4);
                    changed = true;
                }

                version += (int)BitConverter.ToUInt32(bytes, version + 12);
            }

            var next = (int)BitConverter.ToUInt32(bytes, need + 12);
            if (next == 0)
            {
                return changed;
            }

            need += next;
        }
    }

    private static string NameAt(byte[] bytes, int start)
    {
        var end = Array.IndexOf(bytes, (byte)0, start);
        return Encoding.ASCII.GetString(bytes, start, end - start);
    }
}
