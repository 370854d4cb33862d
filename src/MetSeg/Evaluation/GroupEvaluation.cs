namespace MetSeg.Evaluation;

/// <summary>The evaluation of all cases of an institution, or of all there are.</summary>
/// <param name="Name">The institution, or <see cref="AllCases"/>; followed by what was left out where small regions were.</param>
/// <param name="Regions">One summary per region, in the order of the cases' regions.</param>
public sealed record GroupEvaluation(string Name, IReadOnlyList<RegionSummary> Regions)
{
    /// <summary>Name of the group of all cases.</summary>
    public const string AllCases = "all";

    /// <summary>
    /// The group of all cases, then, where institutions were given, each of them by name; where the options ask for it, the same groups again
    /// without cases whose region is small, as far as they hold a case.
    /// </summary>
    /// <param name="cases">The cases, at least one.</param>
    /// <param name="byInstitution">Whether the cases' groups say anything.</param>
    /// <param name="options">Says how often and from which seed to resample.</param>
    /// <exception cref="MetSegException">The options leave small ones of a region out that there is not.</exception>
    internal static IReadOnlyList<GroupEvaluation> Of(IReadOnlyList<CaseEvaluation> cases, bool byInstitution, EvaluationOptions options)
    {
        var groups = Groups(cases, byInstitution, options, "");
        return options.WithoutSmall is { } small && cases.Where(small.Keeps).ToList() is { Count: > 0 } kept
            ? [.. groups, .. Groups(kept, byInstitution, options, small.Suffix)]
            : groups;
    }

    private static IReadOnlyList<GroupEvaluation> Groups(IReadOnlyList<CaseEvaluation> cases, bool byInstitution, EvaluationOptions options, string suffix)
    {
        var institutions = byInstitution ? cases.GroupBy(c => c.Group, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal) : null;
        return [Of(AllCases + suffix, cases, options), .. institutions?.Select(group => Of(group.Key + suffix, [.. group], options)) ?? []];
    }

    private static GroupEvaluation Of(string name, IReadOnlyList<CaseEvaluation> cases, EvaluationOptions options) =>
        new(name, [.. cases[0].Regions.Select((region, i) =>
        {
            var metrics = EvaluationMetric.For(options).ToDictionary(metric => metric.Name, metric => MetricSummary.Of(
                cases.Select(c => (c.Patient, metric.Of(c.Regions[i]))), options.BootstrapResamples,
                Seeds.Generator(options.Seed, "bootstrap", name, region.Region, metric.Name)));
            var pooled = PooledLesions.Of(
                [.. cases.Select(c => (c.Patient, c.Regions[i].Lesions, c.Regions[i].LesionList))], options.BootstrapResamples,
                Seeds.Generator(options.Seed, "bootstrap", name, region.Region, "pooled"));
            return new RegionSummary(region.Region, metrics, pooled)
            {
                Reliability = ReliabilityBin.Pool(cases.Select(c => c.Regions[i].Probability?.Reliability).OfType<IReadOnlyList<ReliabilityBin>>()),
            };
        })]);
}

/// <summary>One region over the cases of a group.</summary>
/// <param name="Region">Its name.</param>
/// <param name="Metrics">Each metric of <see cref="EvaluationMetric.For"/>, by name, over the cases.</param>
/// <param name="Lesions">Lesion scores pooled over the cases.</param>
public sealed record RegionSummary(string Region, IReadOnlyDictionary<string, MetricSummary> Metrics, PooledLesions Lesions)
{
    /// <summary>The reliability curve of all voxels of the group together; empty where there are no probability maps.</summary>
    public IReadOnlyList<ReliabilityBin> Reliability { get; init; } = [];
}
