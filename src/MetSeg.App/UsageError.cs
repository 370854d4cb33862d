using System.CommandLine;
using System.CommandLine.Parsing;

namespace MetSeg.App;

/// <summary>Says in one line what is wrong with a command line and where to read on.</summary>
internal static class UsageError
{
    /// <summary>The first fault of a command line; null where it can run or asks for help.</summary>
    public static string? Describe(ParseResult parse)
    {
        if (parse.Action?.ClearsParseErrors == true)
        {
            return null;
        }

        var command = PathOf(parse.CommandResult);
        if (UnknownWord(parse) is { } unknown)
        {
            return $"{command}: {Unknown(unknown, parse.CommandResult)} See '{command} --help'.";
        }

        return parse.Errors.Count == 0 ? null : $"{command}: {Explain(parse.Errors[0], parse.CommandResult.Command, command)}";
    }

    /// <summary>
    /// The first word that the command does not know. System.CommandLine takes an unknown option as the value of a free argument; here it
    /// is an unknown option unless it stands after "--".
    /// </summary>
    private static string? UnknownWord(ParseResult parse)
    {
        var free = parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens).Select(token => token.Value)
            .Concat(parse.UnmatchedTokens).ToHashSet(StringComparer.Ordinal);
        var option = parse.Tokens.TakeWhile(token => token.Type != TokenType.DoubleDash).FirstOrDefault(token =>
            token.Type == TokenType.Argument && IsOptionLike(token.Value) && free.Contains(token.Value));
        return option?.Value ?? (parse.UnmatchedTokens.Count > 0 ? parse.UnmatchedTokens[0] : null);
    }

    private static bool IsOptionLike(string word) => word.Length > 1 && word[0] == '-' && !double.TryParse(word, out _);

    private static string Unknown(string word, CommandResult result)
    {
        var name = word.Split('=')[0];
        if (IsOptionLike(word))
        {
            var options = Ancestry(result).SelectMany((command, level) => command.Options.Where(option => level == 0 || option.Recursive));
            return $"unknown option '{name}'.{DidYouMean(name, options.SelectMany(option => option.Aliases.Append(option.Name)))}";
        }

        return result.Command.Subcommands.Count > 0
            ? $"unknown command '{word}'.{DidYouMean(word, result.Command.Subcommands.Select(command => command.Name))}"
            : $"unexpected argument '{word}'.";
    }

    private static string DidYouMean(string word, IEnumerable<string> names) =>
        Spelling.Closest(word, names) is { } name ? $" Did you mean '{name}'?" : "";

    private static string Explain(ParseError error, Command command, string path)
    {
        var option = (error.SymbolResult as OptionResult ?? error.SymbolResult?.Parent as OptionResult)?.Option;
        var value = error.SymbolResult?.Tokens is [var token, ..] ? token.Value : null;
        var text = string.Join(' ', error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        var help = $"See '{path} --help'.";
        return (error.SymbolResult, text) switch
        {
            (CommandResult, "Required command was not provided.") => $"name one of its commands: {string.Join(", ", command.Subcommands.Select(sub => sub.Name))}. {help}",
            (OptionResult, _) when option is { Required: true } && text.EndsWith("is required.", StringComparison.Ordinal) =>
                $"option '{option.Name}' is required. {help}",
            (ArgumentResult argument, _) when value is null && option is null => $"{argument.Argument.Name} is missing. {help}",
            (_, _) when option is not null && value is null => $"option '{option.Name}' needs a value. {help}",
            (_, _) when option is not null && text.StartsWith("Cannot parse", StringComparison.Ordinal) =>
                $"option '{option.Name}' takes {WordFor(option.ValueType)}, not '{value}'. {help}",
            (OptionResult, _) when option is not null && text.EndsWith("were provided.", StringComparison.Ordinal) => $"option '{option.Name}' takes one value only. {help}",
            _ => text,
        };
    }

    private static string WordFor(Type type) => Type.GetTypeCode(Nullable.GetUnderlyingType(type) ?? type) switch
    {
        TypeCode.Int32 or TypeCode.Int64 => "a whole number",
        TypeCode.Single or TypeCode.Double => "a number",
        TypeCode.Boolean => "true or false",
        _ => $"a {type.Name}",
    };

    private static string PathOf(CommandResult result) =>
        string.Join(' ', Ancestry(result).Reverse().Skip(1).Select(command => command.Name).Prepend("metseg"));

    private static IEnumerable<Command> Ancestry(CommandResult? result)
    {
        for (; result is not null; result = result.Parent as CommandResult)
        {
            yield return result.Command;
        }
    }
}
