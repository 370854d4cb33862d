using System.CommandLine;
using System.Text.RegularExpressions;

namespace MetSeg.App;

/// <summary>The options that every command has.</summary>
internal static partial class CommonOptions
{
    /// <summary>Seed of every random choice. The default is 1.</summary>
    public static Option<long> Seed { get; } = new("--seed")
    {
        Description = "Seed of every random choice; same seed, same result.",
        DefaultValueFactory = _ => 1,
        HelpName = "N",
        Recursive = true,
    };

    /// <summary>Where networks run. The default is "auto".</summary>
    public static Option<string> Device { get; } = new("--device")
    {
        Description = "Where networks run: auto, cpu, cuda or cuda:N.",
        DefaultValueFactory = _ => "auto",
        HelpName = "auto|cpu|cuda[:n]",
        Recursive = true,
    };

    /// <summary>Number of threads. The default is the number of cores.</summary>
    public static Option<int> Threads { get; } = new("--threads")
    {
        Description = "Number of threads.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
        HelpName = "N",
        Recursive = true,
    };

    /// <summary>No progress on stderr.</summary>
    public static Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Show no progress, only errors.", Recursive = true };

    /// <summary>The result as JSON.</summary>
    public static Option<bool> Json { get; } = new("--json") { Description = "Print the result as one JSON document on stdout.", Recursive = true };

    /// <summary>All of them, in the order of the help text.</summary>
    public static IReadOnlyList<Option> All { get; } = [Seed, Device, Threads, Quiet, Json];

    static CommonOptions()
    {
        Device.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && !DeviceName().IsMatch(value))
            {
                result.AddError($"option '--device' takes auto, cpu, cuda or cuda:N, not '{value}'.");
            }
        });
        Threads.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && int.TryParse(value, out var threads) && threads < 1)
            {
                result.AddError($"option '--threads' takes a number from 1, not '{value}'.");
            }
        });
    }

    [GeneratedRegex(@"^(auto|cpu|cuda(:\d{1,3})?)$")]
    private static partial Regex DeviceName();
}
