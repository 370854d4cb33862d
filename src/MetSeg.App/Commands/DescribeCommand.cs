using System.CommandLine;
using MetSeg.Statistics;

namespace MetSeg.App.Commands;

/// <summary><c>metseg describe</c>: scores summed up, tested for normality, and the hardest cases.</summary>
internal static class DescribeCommand
{
    private static readonly Option<int?> hardest = new("--hardest")
    {
        Description = "Also list the N cases that were hardest: most often the worst of a table and metric.",
        HelpName = "N",
    };

    private static readonly Option<IReadOnlyList<string>?> lowerIsBetter = OptionValues.List<string>(
        "--lower-is-better", "COL,COL", "Metrics in which a low value is good; otherwise the name tells (distances and errors).");

    /// <summary>The command.</summary>
    public static Command Create()
    {
        hardest.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var value }] && int.TryParse(value, out var count) && count < 1)
            {
                result.AddError($"option '--hardest' takes a number from 1, not '{value}'.");
            }
        });
        var command = new MetSegCommand(
            "describe",
            "Describes scores: mean, SD, confidence intervals (t and BCa bootstrap), median, quartiles and the Shapiro–Wilk test of normality.",
            "metseg describe evaluation/cases.csv",
            "metseg describe evaluation --metric dice,hd95 --by group",
            "metseg describe default.csv tversky.csv segresnet.csv --metric DICE_wt --hardest 3")
        {
            hardest, lowerIsBetter,
        };
        var arguments = new ScoreArguments(command, metricIsRequired: false);
        return command.Runs((parse, context) => Describe(parse, arguments, context));
    }

    private static void Describe(ParseResult parse, ScoreArguments arguments, CommandContext context)
    {
        var samples = arguments.Samples(parse);
        var metrics = arguments.Metrics(parse, samples);
        var bootstrap = new BootstrapOptions { Confidence = arguments.Confidence(parse), Resamples = arguments.Resamples(parse), Seed = context.Seed };
        var tables = new OrderedDictionary<string, OrderedDictionary<string, Description>>();
        foreach (var sample in samples)
        {
            tables[sample.Name] = new(metrics.Select(metric => KeyValuePair.Create(metric, Description.Of(sample.Numbers(metric), bootstrap))));
        }

        var ranking = parse.GetValue(hardest) is { } count ? Ranking(samples, Directions(parse, metrics), count) : null;
        var report = new DescriptionReport(tables, bootstrap.Confidence, ranking);
        context.Print(report, report.Write);
    }

    private static HardestCaseRanking Ranking(IReadOnlyList<ScoreSample> samples, IReadOnlyList<(string Column, bool LowerIsBetter)> directions, int count) => new(
        [.. directions.Select(metric => new RankedMetric(metric.Column, metric.LowerIsBetter))],
        [.. HardestCases.Rank([.. samples.SelectMany(sample => sample.Tables)], directions).Take(count)]);

    /// <summary>The metrics whose direction is known, or was said; where none is, all of them, high taken as good.</summary>
    private static IReadOnlyList<(string Column, bool LowerIsBetter)> Directions(ParseResult parse, IReadOnlyList<string> metrics)
    {
        var named = parse.GetValue(lowerIsBetter) ?? [];
        if (named.FirstOrDefault(name => !metrics.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown)
        {
            throw new MetSegException($"--lower-is-better names '{unknown}', which is not described. Described are {string.Join(", ", metrics)}.");
        }

        bool? LowerIsBetter(string metric) => named.Contains(metric, StringComparer.OrdinalIgnoreCase) ? true : MetricDirection.LowerIsBetter(metric);
        var known = metrics.Where(metric => LowerIsBetter(metric) is not null).ToList();
        return [.. (known.Count > 0 ? known : metrics).Select(metric => (metric, LowerIsBetter(metric) ?? false))];
    }
}
