using System.CommandLine;
using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.App;

/// <summary>What every command's body gets: the shared options, where progress and result go, and the wish to stop.</summary>
internal sealed class CommandContext : IDisposable
{
    private readonly ConsoleProgress progress;
    private readonly CancellationTokenRegistration onCancellation;

    private CommandContext(ConsoleProgress progress, TextWriter output, CancellationToken cancellation)
    {
        this.progress = progress;
        Output = output;
        Cancellation = cancellation;
        onCancellation = cancellation.Register(() => progress.Note("Stopping at the next safe point; the same signal again stops at once."));
    }

    /// <summary>Seed of every random choice.</summary>
    public long Seed { get; private init; }

    /// <summary>Where networks run: "auto", "cpu", "cuda" or "cuda:N".</summary>
    public required string Device { get; init; }

    /// <summary>Number of threads, at least 1.</summary>
    public int Threads { get; private init; }

    /// <summary>Whether the result is to be JSON.</summary>
    public bool Json { get; private init; }

    /// <summary>Canceled when the user wants to stop.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Where long work reports; shown on stderr.</summary>
    public IProgress<Progress> Progress => progress;

    /// <summary>stdout: for the result alone.</summary>
    private TextWriter Output { get; }

    /// <summary>The context of a parsed command line.</summary>
    public static CommandContext From(ParseResult parse, CancellationToken cancellation)
    {
        var progress = ConsoleProgress.On(parse.InvocationConfiguration.Error, parse.GetValue(CommonOptions.Quiet));
        return new CommandContext(progress, parse.InvocationConfiguration.Output, cancellation)
        {
            Seed = parse.GetValue(CommonOptions.Seed),
            Device = parse.GetRequiredValue(CommonOptions.Device),
            Threads = parse.GetValue(CommonOptions.Threads),
            Json = parse.GetValue(CommonOptions.Json),
        };
    }

    /// <summary>Prints the command's result, once, at its end: as JSON (camelCase, undefined numbers null) or as text.</summary>
    public void Print<T>(T result, Action<TextWriter> writeText)
    {
        progress.Dispose();
        if (Json)
        {
            Output.WriteLine(JsonSerializer.Serialize(result, JsonFile.OwnStyle));
        }
        else
        {
            writeText(Output);
        }
    }

    /// <summary>Tells the user something on stderr while work goes on; not shown with --quiet.</summary>
    public void Note(string line) => progress.Note(line);

    /// <inheritdoc/>
    public void Dispose()
    {
        onCancellation.Dispose();
        progress.Dispose();
    }
}
