using System.CommandLine;

namespace MetSeg.App;

/// <summary>Options whose value is more than one word or number.</summary>
internal static class OptionValues
{
    /// <summary>Refuses all words but these.</summary>
    /// <returns>The option.</returns>
    public static Option<T> OneOf<T>(this Option<T> option, params string[] words)
    {
        option.HelpName ??= string.Join('|', words);
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && !words.Contains(value))
            {
                result.AddError($"option '{option.Name}' takes {string.Join(" or ", words)}, not '{value}'.");
            }
        });
        return option;
    }

    /// <summary>Refuses numbers outside a range.</summary>
    /// <returns>The option.</returns>
    public static Option<int> Between(this Option<int> option, int least, int most)
    {
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && int.TryParse(value, out var number) && (number < least || number > most))
            {
                result.AddError($"option '{option.Name}' takes a number from {least} to {most}, not '{value}'.");
            }
        });
        return option;
    }

    /// <summary>An option for values separated by commas, such as <c>1,1,1</c>; null where it is not given.</summary>
    /// <param name="name">The option's name.</param>
    /// <param name="example">A value, for help and errors.</param>
    /// <param name="description">What it is for.</param>
    public static Option<IReadOnlyList<T>?> List<T>(string name, string example, string description)
        where T : IParsable<T> => new(name)
        {
            Description = description,
            HelpName = example,
            Arity = ArgumentArity.ExactlyOne,
            CustomParser = result =>
            {
                var values = new List<T>();
                foreach (var part in result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries))
                {
                    if (part.Length == 0 || !T.TryParse(part, null, out var value))
                    {
                        result.AddError($"option '{name}' takes values separated by commas, such as {example}, not '{result.Tokens[0].Value}'.");
                        return null;
                    }

                    values.Add(value);
                }

                return values;
            },
        };

    /// <summary>An option for named whole numbers, such as <c>edema=1,core=2</c>, in their order; null where it is not given.</summary>
    /// <inheritdoc cref="List" path="/param"/>
    public static Option<OrderedDictionary<string, int>?> NamedNumbers(string name, string example, string description) => new(name)
    {
        Description = description,
        HelpName = example,
        Arity = ArgumentArity.ExactlyOne,
        CustomParser = result =>
        {
            var numbers = new OrderedDictionary<string, int>();
            foreach (var part in result.Tokens[0].Value.Split(','))
            {
                if (part.Split('=', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } key, var text] || !int.TryParse(text, out var number)
                    || !numbers.TryAdd(key, number))
                {
                    result.AddError($"option '{name}' takes names with numbers, each once, such as {example}, not '{result.Tokens[0].Value}'.");
                    return null;
                }
            }

            return numbers;
        },
    };
}
