using System.CommandLine;

namespace MetSeg.App;

/// <summary>A command of the program: a description and examples for its help, and a body that gets a <see cref="CommandContext"/>.</summary>
internal sealed class MetSegCommand : Command
{
    /// <summary>Creates a command; give it a body with <see cref="Runs"/>, or subcommands.</summary>
    /// <param name="name">The name on the command line.</param>
    /// <param name="description">What it does, one or two sentences.</param>
    /// <param name="examples">Whole command lines, at least one.</param>
    public MetSegCommand(string name, string description, params string[] examples)
        : base(name, description)
    {
        Examples = examples;
    }

    /// <summary>Whole command lines that show how it is used.</summary>
    public IReadOnlyList<string> Examples { get; }

    /// <summary>Sets what the command does. The body prints through the context and throws where it fails.</summary>
    /// <returns>This command.</returns>
    public MetSegCommand Runs(Action<ParseResult, CommandContext> body) => RunsTo((parse, context) =>
    {
        body(parse, context);
        return ExitCode.Done;
    });

    /// <summary>As <see cref="Runs"/>, for a command whose result decides how it ends: the body returns an <see cref="ExitCode"/>.</summary>
    /// <returns>This command.</returns>
    public MetSegCommand RunsTo(Func<ParseResult, CommandContext, int> body)
    {
        SetAction((parse, cancellation) =>
        {
            using var context = CommandContext.From(parse, cancellation);
            return Task.FromResult(body(parse, context));
        });
        return this;
    }
}
