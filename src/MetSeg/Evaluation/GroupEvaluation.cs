namespace MetSeg.Evaluation;

/// <summary>The evaluation of all cases of an institution, or of all there are.</summary>
/// <param name="Name">The institution, or <see cref="AllCases"/>.</param>
/// <param name="Regions">One summary per region, in the order of the cases' regions.</param>
public sealed record GroupEvaluation(string Name, IReadOnlyList<RegionSummary> Regions)
{
    /// <summary>Name of the group of all cases.</summary>
    public const string AllCases = "all";

    /// <summary>The group of all cases, then, where institutions were given, each of them by name.</summary>
    /// <param name="cases">The cases, at least one.</param>
    /// <param name="byInstitution">Whether the cases' groups say anything.</param>
    /// <param name="options">Says how often and from which seed to resample.</param>
    internal static IReadOnlyList<GroupEvaluation> Of(IReadOnlyList<CaseEvaluation> cases, bool byInstitution, EvaluationOptions options)
    {
        var institutions = byInstitution ? cases.GroupBy(c => c.Group, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal) : null;
        return [Of(AllCases, cases, options), .. institutions?.Select(group => Of(group.Key, [.. group], options)) ?? []];
    }

    private static GroupEvaluation Of(string name, IReadOnlyList<CaseEvaluation> cases, EvaluationOptions options) =>
        new(name, [.. cases[0].Regions.Select((region, i) =>
        {
            var regions = cases.Select(c => c.Regions[i]).ToList();
            var metrics = EvaluationMetric.All.ToDictionary(metric => metric.Name, metric => MetricSummary.Of(
                regions.Select(metric.Of), options.BootstrapResamples, Seeds.Generator(options.Seed, "bootstrap", name, region.Region, metric.Name)));
            var pooled = PooledLesions.Of(
                [.. regions.Select(r => r.Lesions)], options.BootstrapResamples,
                Seeds.Generator(options.Seed, "bootstrap", name, region.Region, "pooled"));
            return new RegionSummary(region.Region, metrics, pooled);
        })]);
}

/// <summary>One region over the cases of a group.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Metrics">Each metric of <see cref="EvaluationMetric.All"/>, by name, over the cases.</param>
/// <param name="Lesions">Lesion scores pooled over the cases.</param>
public sealed record RegionSummary(string Region, IReadOnlyDictionary<string, MetricSummary> Metrics, PooledLesions Lesions);
