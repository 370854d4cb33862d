using MetSeg.Evaluation;

namespace MetSeg.Statistics;

/// <summary>Compares samples of scores: models, a model and a second reader, hospitals. Rows are aligned by case before paired tests.</summary>
public static class ScoreComparison
{
    /// <summary>Compares every two samples in every metric, and all at once where there are three or more.</summary>
    /// <param name="samples">At least two.</param>
    /// <param name="metrics">Columns that every table has.</param>
    /// <param name="options">Test, direction, correction and so on; null for the defaults.</param>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    /// <exception cref="MetSegException">There are fewer than two samples, a column is missing or no number, or cases lack partners.</exception>
    public static ComparisonResult Compare(IReadOnlyList<ScoreSample> samples, IReadOnlyList<string> metrics, ComparisonOptions? options = null)
    {
        options ??= new ComparisonOptions();
        OptionsException.ThrowIfAny("Comparison", options.Problems());
        if (samples.Count < 2)
        {
            throw new MetSegException(
                $"A comparison needs at least two samples, not {samples.Count}. Name another table, or a column that splits this one with --by.");
        }

        var relation = CaseAlignment.Relation(samples);
        var usual = relation == CaseRelation.Apart && !options.DropUnpaired ? StatisticalTest.MannWhitney : StatisticalTest.Wilcoxon;
        var chosen = options with { Test = options.Test ?? usual };
        var comparisons = metrics.SelectMany(metric => Pairs(samples).Select(pair => Of(pair.First, pair.Second, metric, chosen))).ToList();
        var adjusted = MultipleComparisons.Adjust([.. comparisons.Select(comparison => comparison.Result.P)], options.Correction);
        return new ComparisonResult(
            [.. comparisons.Select((comparison, i) => comparison with { PAdjusted = adjusted[i] })],
            samples.Count < 3 ? [] : [.. metrics.Select(metric => OmnibusOf(samples, metric, chosen))],
            [.. Notes(samples, options, chosen, relation)],
            chosen);
    }

    private static IEnumerable<(ScoreSample First, ScoreSample Second)> Pairs(IReadOnlyList<ScoreSample> samples) =>
        samples.SelectMany((first, i) => samples.Skip(i + 1).Select(second => (first, second)));

    private static Comparison Of(ScoreSample first, ScoreSample second, string metric, ComparisonOptions options)
    {
        var paired = IsPaired(options.Test);
        var alignment = paired
            ? CaseAlignment.Of([first, second], metric, options.DropUnpaired)
            : new CaseAlignment([first.Numbers(metric), second.Numbers(metric)], []);
        var (x, y) = (alignment.Values[0], alignment.Values[1]);
        var result = PairTest.Run(options, x, y, options.Alternative);
        var (usedX, usedY) = paired ? Sample.Pairs(x, y) : (Sample.Of(x), Sample.Of(y));
        return new Comparison(metric, first.Name, second.Name, result, PairTest.EffectSize(options, x, y))
        {
            MedianFirst = Quantile.OfSorted([.. usedX.Values.Order()], 0.5),
            MedianSecond = Quantile.OfSorted([.. usedY.Values.Order()], 0.5),
            Normality = paired
                ? [("differences", ShapiroWilk.Test([.. usedX.Values.Zip(usedY.Values, (a, b) => a - b)]))]
                : [(first.Name, ShapiroWilk.Test(x)), (second.Name, ShapiroWilk.Test(y))],
            EquivalenceP = options.EquivalenceMargin is { } margin
                ? Equivalence.P(x, y, margin, (a, b, alternative) => PairTest.Run(options, a, b, alternative))
                : double.NaN,
            LeftOut = alignment.LeftOut,
        };
    }

    private static Omnibus OmnibusOf(IReadOnlyList<ScoreSample> samples, string metric, ComparisonOptions options) => new(
        metric,
        IsPaired(options.Test)
            ? Friedman.Test(CaseAlignment.Of(samples, metric, options.DropUnpaired).Values)
            : KruskalWallis.Test([.. samples.Select(sample => sample.Numbers(metric))]));

    private static bool IsPaired(StatisticalTest? test) => test is StatisticalTest.Wilcoxon or StatisticalTest.PairedT;

    private static IEnumerable<string> Notes(IReadOnlyList<ScoreSample> samples, ComparisonOptions asked, ComparisonOptions chosen, CaseRelation relation)
    {
        if (asked.Test is null)
        {
            yield return IsPaired(chosen.Test)
                ? "Wilcoxon's signed-rank test was chosen because the samples hold the same cases."
                : "The Mann–Whitney test was chosen because the samples share no cases.";
        }
        else if (!IsPaired(chosen.Test) && relation != CaseRelation.Apart)
        {
            yield return "The samples share cases, but this test takes them as independent; --test wilcoxon or paired-t pairs them.";
        }

        if (samples.Any(sample => sample.Tables.Count > 1 && RepeatsCases(sample)))
        {
            yield return "Pooled tables repeat cases: values of one case are not independent, so p and intervals are no more than a hint.";
        }
        else if (samples.Any(sample => sample.Tables.Any(table => table.Cases is not null && !table.HasDistinctCases)))
        {
            yield return "Some case has several rows: they are not independent, so p and intervals are no more than a hint.";
        }
    }

    private static bool RepeatsCases(ScoreSample sample)
    {
        string[] cases = [.. sample.Tables.SelectMany(table => table.Cases ?? [])];
        return cases.Distinct(StringComparer.Ordinal).Count() < cases.Length;
    }
}
