using Xunit;

namespace MetSeg.Tests;

public sealed class MachineMemoryTests : IDisposable
{
    private const long Mib = 1 << 20;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    private long? Available => MachineMemory.AvailableBy(folder.PathOf("proc"), folder.PathOf("groups"));

    [Fact]
    public void Where_nothing_is_said_nothing_is_known() => Assert.Null(Available);

    [Fact]
    public void The_kernel_counts_free_swap_space_too()
    {
        Write("proc/meminfo", "MemTotal:       8192 kB\nMemAvailable:    2048 kB\nSwapTotal: 4096 kB\nSwapFree:        1024 kB\n");

        Assert.Equal(3 * Mib, Available);
    }

    [Theory]
    [InlineData("0::/a/b\n", "groups/a/b", "memory.max", "memory.current")]
    [InlineData("0::/a/b\n", "groups/a", "memory.max", "memory.current")]
    [InlineData("5:devices:/x\n4:cpu,memory:/a/b\n", "groups/memory/a", "memory.limit_in_bytes", "memory.usage_in_bytes")]
    [InlineData("0::/\n", "groups", "memory.max", "memory.current")]
    public void The_tightest_group_decides_and_cached_files_count_as_free(string membership, string group, string limit, string usage)
    {
        Write("proc/meminfo", "MemAvailable:    102400 kB\n");
        Write("proc/self/cgroup", membership);
        Write($"{group}/{limit}", $"{10 * Mib}\n");
        Write($"{group}/{usage}", $"{7 * Mib}\n");
        Assert.Equal(3 * Mib, Available);

        Write($"{group}/memory.stat", $"anon 5\ninactive_file {2 * Mib}\n");
        Assert.Equal(5 * Mib, Available);

        Write($"{group}/{limit}", "max\n");
        Assert.Equal(100 * Mib, Available);
    }

    [Fact]
    public void This_process_has_held_something() => Assert.InRange(MachineMemory.Peak, Mib, long.MaxValue);

    private void Write(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(name))!);
        File.WriteAllText(folder.PathOf(name), text);
    }
}
