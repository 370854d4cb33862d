using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using MetSeg.Files;

namespace MetSeg.Reports;

/// <summary>What ran, with what, where and how long: enough to run it again, and nothing that names a patient.</summary>
public sealed partial record Provenance
{
    private const string WithheldPath = "PATH";

    /// <summary>The program and its version.</summary>
    public string Program { get; init; } = $"MetSeg {ProgramVersion}";

    /// <summary>The command with its options; every path, file name and free text stands as "PATH" (see <see cref="Begin"/>).</summary>
    public required string CommandLine { get; init; }

    /// <summary>The seed of all random choices; null where there are none.</summary>
    public long? Seed { get; init; }

    /// <summary>The computing device, such as "cpu" or "cuda:0 NVIDIA H100"; null where no network ran.</summary>
    public string? Device { get; init; }

    /// <summary>Version of libtorch; null where no network ran.</summary>
    public string? LibtorchVersion { get; init; }

    /// <summary>The operating system and its architecture.</summary>
    public string OperatingSystem { get; init; } =
        $"{RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";

    /// <summary>The .NET runtime.</summary>
    public string Runtime { get; init; } = RuntimeInformation.FrameworkDescription;

    /// <summary>Number of processors that the program could use.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>How long it took, in seconds; NaN (null in JSON) while it has not ended.</summary>
    public double DurationSeconds { get; init; } = double.NaN;

    private static string ProgramVersion =>
        typeof(Provenance).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>
    /// The record of a run that begins now. Of the arguments, option names, numbers and plain words such as "--network unet" are kept;
    /// positional arguments, values of options that take a path, and whatever exists on disk or could be a path become "PATH", because
    /// file names often hold names of patients.
    /// </summary>
    /// <param name="command">The command's own words, such as "dataset check".</param>
    /// <param name="arguments">The arguments after the command.</param>
    public static Provenance Begin(string command, IReadOnlyList<string> arguments) => new()
    {
        CommandLine = string.Join(
            ' ', arguments.Select((argument, i) => Shown(argument, i > 0 ? arguments[i - 1] : "")).Prepend($"metseg {command}")),
        Started = DateTimeOffset.Now,
    };

    /// <summary>The same record with the time since <see cref="Started"/> as its duration.</summary>
    public Provenance Finished() => this with { DurationSeconds = Math.Round((DateTimeOffset.Now - Started).TotalSeconds, 3) };

    /// <summary>Writes the record as JSON, whole or not at all.</summary>
    /// <param name="path">The file, usually run.json.</param>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public void Write(string path) => JsonFile.Write(path, this, JsonFile.OwnStyle);

    /// <summary>Names and values for a reader; what is not known is left out.</summary>
    internal IEnumerable<(string Name, string Value)> Describe()
    {
        (string Name, string? Value)[] all =
        [
            ("Program", Program),
            ("Command", CommandLine),
            ("Seed", Seed?.ToString()),
            ("Device", Device),
            ("libtorch", LibtorchVersion),
            ("Runtime", $"{Runtime}, {Processors} processors"),
            ("System", OperatingSystem),
            ("Started", Started.ToString("yyyy-MM-dd HH:mm:ss zzz")),
            ("Duration", double.IsFinite(DurationSeconds) ? Duration(TimeSpan.FromSeconds(DurationSeconds)) : null),
        ];
        return all.Where(pair => !string.IsNullOrEmpty(pair.Value)).Select(pair => (pair.Name, pair.Value!));
    }

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalMinutes: < 1 } => $"{time.TotalSeconds:0.0} s",
        { TotalHours: < 1 } => $"{time.Minutes} min {time.Seconds} s",
        _ => $"{(int)time.TotalHours} h {time.Minutes} min",
    };

    private static string Shown(string argument, string previous)
    {
        if (OptionName().IsMatch(argument))
        {
            return argument;
        }

        var split = argument.Split('=', 2);
        if (split.Length == 2 && OptionName().IsMatch(split[0]))
        {
            return $"{split[0]}={Shown(split[1], split[0])}";
        }

        var harmless = OptionName().IsMatch(previous) && !OptionWithoutPlainValue().IsMatch(previous) && PlainValue().IsMatch(argument);
        return harmless && !File.Exists(argument) && !Directory.Exists(argument) ? argument : WithheldPath;
    }

    [GeneratedRegex(@"^--?[A-Za-z][A-Za-z0-9-]*$")]
    private static partial Regex OptionName();

    [GeneratedRegex(@"^(-[iopr]|--(no-[a-z-]+|quiet|json|resume|probabilities"
        + "|out|output|input|model|prediction|reference|rtstruct|brain-mask|groups|init|fingerprint|recipe))$")]
    private static partial Regex OptionWithoutPlainValue();

    [GeneratedRegex(@"^([a-z][A-Za-z0-9,:-]*|[0-9.,:eE+x-]+)$")]
    private static partial Regex PlainValue();
}
