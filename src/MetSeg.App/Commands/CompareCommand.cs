using System.CommandLine;
using MetSeg.Statistics;

namespace MetSeg.App.Commands;

/// <summary><c>metseg compare</c>: tests whether scores differ, and by how much.</summary>
internal static class CompareCommand
{
    private static readonly Option<string?> test = new Option<string?>("--test")
    {
        Description = "The test; otherwise wilcoxon where the tables share cases, mann-whitney where not.",
    }.OneOf("mann-whitney", "wilcoxon", "paired-t", "unpaired-t", "welch");

    private static readonly Option<string> alternative = new Option<string>("--alternative")
    {
        Description = "The direction: of the first table against the second.",
        DefaultValueFactory = _ => "two-sided",
    }.OneOf("two-sided", "greater", "less");

    private static readonly Option<string> method = new Option<string>("--method")
    {
        Description = "Where p of rank tests comes from; auto: exact for few values without ties, as scipy.",
        DefaultValueFactory = _ => "auto",
    }.OneOf("auto", "exact", "normal");

    private static readonly Option<string?> continuity = new Option<string?>("--continuity")
    {
        Description = "Correct normal approximations for continuity; otherwise mann-whitney is, wilcoxon is not, as scipy.",
    }.OneOf("on", "off");

    private static readonly Option<string> zeros = new Option<string>("--zeros")
    {
        Description = "What wilcoxon does with differences of 0: drop, rank then drop, or split them.",
        DefaultValueFactory = _ => "wilcox",
    }.OneOf("wilcox", "pratt", "zsplit");

    private static readonly Option<string> correction = new Option<string>("--correction")
    {
        Description = "Correction for several comparisons.",
        DefaultValueFactory = _ => "holm",
    }.OneOf("holm", "bh", "bonferroni", "none");

    private static readonly Option<bool> dropUnpaired = new("--drop-unpaired")
    {
        Description = "Leave out, and list, cases that a table lacks instead of refusing.",
    };

    private static readonly Option<double?> margin = new("--equivalence-margin")
    {
        Description = "Also test that scores differ by less than this (two one-sided tests).",
        HelpName = "X",
    };

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new MetSegCommand(
            "compare",
            "Compares scores of two or more tables: test, p, effect size and confidence intervals. Paired tests align rows by case.",
            "metseg compare A/cases.csv B/cases.csv --metric dice",
            "metseg compare finetuned=a1.csv,a2.csv,a3.csv scratch=b1.csv,b2.csv,b3.csv --metric DICE_wt --test mann-whitney --alternative greater",
            "metseg compare model=M/cases.csv reader=R/cases.csv --metric dice,hd95 --test wilcoxon --equivalence-margin 0.05",
            "metseg compare evaluation/cases.csv --by group --metric lesionF1")
        {
            test, alternative, method, continuity, zeros, correction, dropUnpaired, margin,
        };
        var arguments = new ScoreArguments(command, metricIsRequired: true);
        return command.Runs((parse, context) =>
        {
            var samples = arguments.Samples(parse);
            var options = Options(parse, context.Seed) with { Confidence = arguments.Confidence(parse), Resamples = arguments.Resamples(parse) };
            var report = new ComparisonReport(ScoreComparison.Compare(samples, arguments.Metrics(parse, samples), options));
            context.Print(report.Json, report.Write);
        });
    }

    private static ComparisonOptions Options(ParseResult parse, long seed) => new()
    {
        Test = parse.GetValue(test) is { } name ? Parse<StatisticalTest>(name) : null,
        Alternative = Parse<Alternative>(parse.GetRequiredValue(alternative)),
        Method = Parse<RankMethod>(parse.GetRequiredValue(method)),
        Continuity = parse.GetValue(continuity) is { } word ? word == "on" : null,
        Zeros = Parse<ZeroHandling>(parse.GetRequiredValue(zeros)),
        Correction = parse.GetRequiredValue(correction) is "bh" ? Correction.BenjaminiHochberg : Parse<Correction>(parse.GetRequiredValue(correction)),
        Seed = seed,
        DropUnpaired = parse.GetValue(dropUnpaired),
        EquivalenceMargin = parse.GetValue(margin),
    };

    /// <summary>The value whose name is the word without its hyphens; words were checked by the option.</summary>
    private static T Parse<T>(string word)
        where T : struct, Enum => Enum.Parse<T>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
}
