using MetSeg.Tests.Nifti;

namespace MetSeg.Benchmarks;

/// <summary>The long run of the test NiftiFuzzTests: many damaged images, with bounds on memory and time for each of them.</summary>
internal static class FuzzRun
{
    private const int DefaultCount = 200_000;
    private const long DefaultSeed = 1, MostBytes = 1 << 30;

    private static readonly TimeSpan longest = TimeSpan.FromSeconds(5);

    /// <summary>Reads the mutants and prints what became of them.</summary>
    /// <param name="arguments">How many (200,000) and which seed (1), both optional.</param>
    /// <returns>0 where all of them were read or refused within the bounds, else 1.</returns>
    /// <exception cref="MetSegException">An argument is no number.</exception>
    public static int Start(string[] arguments)
    {
        var count = (int)NumberAt(arguments, 0, DefaultCount, int.MaxValue);
        var seed = NumberAt(arguments, 1, DefaultSeed, long.MaxValue);
        var fuzz = NiftiFuzz.Run(seed, count, number => Console.Error.Write($"\r{number} of {count} "));
        Console.Error.WriteLine();
        Console.WriteLine($"{count} damaged images of seed {seed}: {fuzz.Read} read, {string.Join(", ", fuzz.Refused.Select(one => $"{one.Value} {one.Key}"))}.");
        Console.WriteLine($"At most {fuzz.MostBytes / 1e6:0.0} MB and {fuzz.Longest.TotalSeconds:0.000} s for one; {fuzz.Failures.Count} failures.");
        foreach (var failure in fuzz.Failures)
        {
            Console.WriteLine(failure);
        }

        return fuzz.Failures.Count == 0 && fuzz.MostBytes <= MostBytes && fuzz.Longest <= longest ? 0 : 1;
    }

    private static long NumberAt(string[] arguments, int place, long otherwise, long most)
    {
        if (place >= arguments.Length)
        {
            return otherwise;
        }

        return long.TryParse(arguments[place], out var number) && number >= 0 && number <= most
            ? number
            : throw new MetSegException($"'{arguments[place]}' is no whole number from 0 to {most}: give 'fuzz [count] [seed]'.");
    }
}
