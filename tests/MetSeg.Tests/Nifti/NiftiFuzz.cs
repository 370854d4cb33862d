using System.Diagnostics;
using MetSeg.Nifti;

namespace MetSeg.Tests.Nifti;

/// <summary>Reads mutants one after another and says what became of them.</summary>
/// <param name="Read">How many were read.</param>
/// <param name="Refused">How many were refused with each kind of fault.</param>
/// <param name="Failures">What went wrong otherwise, one sentence a mutant.</param>
/// <param name="MostBytes">Most bytes allocated for one of them.</param>
/// <param name="Longest">Longest time that one of them took.</param>
internal sealed record NiftiFuzz(
    int Read, IReadOnlyDictionary<ImageFault, int> Refused, IReadOnlyList<string> Failures, long MostBytes, TimeSpan Longest)
{
    /// <summary>Where Linux keeps files in memory.</summary>
    private const string MemoryFolder = "/dev/shm";

    /// <summary>Reads a run of mutants as volumes, every fourth as a label map; the files lie in memory where the system can do that.</summary>
    /// <param name="seed">Which mutants.</param>
    /// <param name="count">How many.</param>
    /// <param name="progress">Told the number of every ten thousandth.</param>
    public static NiftiFuzz Run(long seed, int count, Action<int>? progress = null)
    {
        var parent = Directory.Exists(MemoryFolder) ? MemoryFolder : Path.GetTempPath();
        var folder = Directory.CreateDirectory(Path.Combine(parent, $"metseg-fuzz-{Guid.NewGuid():N}")).FullName;
        try
        {
            return Run(folder, seed, count, progress);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NiftiFuzz Run(string folder, long seed, int count, Action<int>? progress)
    {
        var mutants = new NiftiMutants(seed);
        var (read, mostBytes, longest) = (0, 0L, TimeSpan.Zero);
        var refused = new SortedDictionary<ImageFault, int>();
        var failures = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var path = mutants.Save(folder, number);
            var (start, bytes) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            try
            {
                _ = number % 4 == 0 ? (object)NiftiReader.ReadLabelMap(path) : NiftiReader.ReadVolume(path);
                read++;
            }
            catch (ImageFileException refusal)
            {
                refused[refusal.Fault] = refused.GetValueOrDefault(refusal.Fault) + 1;
                if (!refusal.Message.Contains("mutant", StringComparison.Ordinal) || refusal.Message.Any(char.IsControl))
                {
                    failures.Add($"Mutant {number} of seed {seed} is refused with the message '{refusal.Message}'.");
                }
            }
            catch (Exception exception)
            {
                failures.Add($"Mutant {number} of seed {seed}: {exception}");
            }

            mostBytes = Math.Max(mostBytes, GC.GetAllocatedBytesForCurrentThread() - bytes);
            longest = Stopwatch.GetElapsedTime(start) is var time && time > longest ? time : longest;
            if (number % 10_000 == 0)
            {
                progress?.Invoke(number);
            }
        }

        return new NiftiFuzz(read, refused, failures, mostBytes, longest);
    }
}
