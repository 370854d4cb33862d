using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace MetSeg.App;

/// <summary>System.CommandLine's help text, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction help) : SynchronousCommandLineAction
{
    private const string Closing = """
        Every command has its own help with an example: metseg COMMAND --help
        Exit code: 0 done, 2 your input or options, 1 our fault, 130 interrupted.
        """;

    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        if (parseResult.CommandResult.Command is MetSegCommand { Examples.Count: > 0 } command)
        {
            output.WriteLine(command.Examples.Count == 1 ? "Example:" : "Examples:");
            foreach (var example in command.Examples)
            {
                output.WriteLine($"  {example}");
            }
        }
        else
        {
            output.WriteLine(Closing);
        }

        return ExitCode.Done;
    }
}
