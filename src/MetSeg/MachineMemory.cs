using System.Diagnostics;
using System.Globalization;

namespace MetSeg;

/// <summary>How much memory this machine has left and this process has used, in bytes.</summary>
public static class MachineMemory
{
    /// <summary>
    /// What processes may still take without pushing others out: the smaller of the kernel's own figure (with free swap space) and what the
    /// process' control groups leave; null where the system does not say (other than Linux).
    /// </summary>
    public static long? Available => AvailableBy("/proc", "/sys/fs/cgroup");

    /// <summary>What this process may hold in all: what it holds now and what is available; null where the system does not say.</summary>
    public static long? ForThisProcess => Available + Environment.WorkingSet;

    /// <summary>Most that this process has held in memory at once since it began.</summary>
    public static long Peak
    {
        get
        {
            using var process = Process.GetCurrentProcess();
            return process.PeakWorkingSet64;
        }
    }

    /// <summary>As <see cref="Available"/>, from other folders.</summary>
    /// <param name="proc">Holds meminfo and self/cgroup.</param>
    /// <param name="groups">Holds the control groups, of version 2, or in memory/ those of version 1.</param>
    internal static long? AvailableBy(string proc, string groups)
    {
        var kernel = KiloBytes(Path.Combine(proc, "meminfo"), "MemAvailable:");
        var swap = KiloBytes(Path.Combine(proc, "meminfo"), "SwapFree:") ?? 0;
        var left = GroupsOf(Path.Combine(proc, "self", "cgroup"), groups).Select(LeftIn).Append(kernel + swap);
        return left.Where(bytes => bytes is not null).Min();
    }

    /// <summary>The folders of the process' group and of those around it.</summary>
    private static IEnumerable<string> GroupsOf(string membership, string groups)
    {
        foreach (var line in File.Exists(membership) ? File.ReadAllLines(membership) : [])
        {
            // hierarchy:controllers:/path, with no controllers named in version 2.
            var parts = line.Split(':', 3);
            if (parts.Length < 3 || (parts[1] != "" && !parts[1].Split(',').Contains("memory")))
            {
                continue;
            }

            var root = parts[1] == "" ? groups : Path.Combine(groups, "memory");
            for (var path = parts[2].Trim('/'); path != ""; path = Path.GetDirectoryName(path)!)
            {
                yield return Path.Combine(root, path);
            }

            yield return root;
        }
    }

    /// <summary>A group's limit without what it holds; files that it has read count as free.</summary>
    private static long? LeftIn(string group)
    {
        var limit = Number(Path.Combine(group, "memory.max")) ?? Number(Path.Combine(group, "memory.limit_in_bytes"));
        var used = Number(Path.Combine(group, "memory.current")) ?? Number(Path.Combine(group, "memory.usage_in_bytes"));
        return limit is null || used is null ? null : limit - used + (FieldOf(Path.Combine(group, "memory.stat"), "inactive_file ") ?? 0);
    }

    private static long? KiloBytes(string file, string key) => FieldOf(file, key) * 1024;

    private static long? FieldOf(string file, string key)
    {
        var line = File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal)) : null;
        return line is null ? null : Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal));
    }

    private static long? Number(string file) => File.Exists(file) ? Parse(File.ReadAllText(file)) : null;

    /// <summary>A whole number; null for "max", which sets no limit.</summary>
    private static long? Parse(string text) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) ? value : null;
}
