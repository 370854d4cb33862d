using System.CommandLine;
using MetSeg.Statistics;

namespace MetSeg.App;

/// <summary>The arguments that say which scores are looked at.</summary>
internal sealed class ScoreArguments
{
    private readonly Argument<string[]> tables = new("TABLE")
    {
        Description = "A CSV file with a header and a row per case, a metrics.json, or a folder that 'metseg evaluate' wrote. "
            + "NAME=A.csv,B.csv pools several tables under a name.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string[]> metric = new("--metric", "-m")
    {
        Description = "Columns to look at, separated by commas, or all.",
        HelpName = "COL[,COL]",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> by = new("--by") { Description = "Take each value of this column, such as group, as a sample of its own.", HelpName = "COL" };

    private readonly Option<string[]> where = new("--where")
    {
        Description = "Use only rows that fulfil a condition, such as \"etVoxels>=60\" or group=ucsf; may be repeated.",
        HelpName = "CONDITION",
    };

    private readonly Option<string?> caseColumn = new("--case-column")
    {
        Description = "The column that names the cases; otherwise case, sample, case_id, id, subject or patient.",
        HelpName = "COL",
    };

    private readonly Option<double> confidence = new("--confidence")
    {
        Description = "Confidence of the intervals.",
        DefaultValueFactory = _ => 0.95,
        HelpName = "X",
    };

    private readonly Option<int> resamples = new Option<int>("--resamples")
    {
        Description = "Bootstrap resamples of BCa intervals.",
        DefaultValueFactory = _ => new BootstrapOptions().Resamples,
        HelpName = "N",
    }.Between(100, 1_000_000);

    /// <summary>Adds the arguments to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="metricIsRequired">Whether a metric must be named.</param>
    public ScoreArguments(Command command, bool metricIsRequired)
    {
        metric.Required = metricIsRequired;
        confidence.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && double.TryParse(value, out var number) && number is not (> 0 and < 1))
            {
                result.AddError($"option '--confidence' takes a number between 0 and 1, such as 0.95, not '{value}'.");
            }
        });
        command.Add(tables);
        foreach (var option in new Option[] { metric, by, where, caseColumn, confidence, resamples })
        {
            command.Add(option);
        }
    }

    /// <summary>Confidence of the intervals.</summary>
    public double Confidence(ParseResult parse) => parse.GetValue(confidence);

    /// <summary>Bootstrap resamples.</summary>
    public int Resamples(ParseResult parse) => parse.GetValue(resamples);

    /// <summary>Reads the samples.</summary>
    /// <exception cref="MetSegException">A table, column or condition cannot be used.</exception>
    public IReadOnlyList<ScoreSample> Samples(ParseResult parse)
    {
        var conditions = (parse.GetValue(where) ?? []).Select(RowCondition.Parse).ToList();
        var samples = ScoreSample.Read(parse.GetRequiredValue(tables), parse.GetValue(caseColumn)).Select(sample => sample.Where(conditions)).ToList();
        return parse.GetValue(by) is not { } column
            ? samples
            : [.. samples.SelectMany(sample => sample.SplitBy(column).Select(part => samples.Count == 1 ? part : part with { Name = $"{sample.Name} {part.Name}" }))];
    }

    /// <summary>The metrics asked for; all columns of numbers that every table has where none or "all" is named.</summary>
    /// <exception cref="MetSegException">No such column is shared.</exception>
    public IReadOnlyList<string> Metrics(ParseResult parse, IReadOnlyList<ScoreSample> samples)
    {
        string[] named = [.. (parse.GetValue(metric) ?? []).SelectMany(text => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
        if (named is not ([] or ["all"]))
        {
            return [.. named.Distinct(StringComparer.OrdinalIgnoreCase)];
        }

        var shared = samples.SelectMany(sample => sample.Tables).Select(table => table.NumericColumns)
            .Aggregate((left, right) => [.. left.Intersect(right, StringComparer.OrdinalIgnoreCase)]);
        return shared.Count > 0 ? shared : throw new MetSegException("The tables share no column of numbers. Name one with --metric.");
    }
}
