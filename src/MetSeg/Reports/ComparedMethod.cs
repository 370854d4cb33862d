using MetSeg.Evaluation;

namespace MetSeg.Reports;

/// <summary>A method, or a reader, in a report: its evaluation on the same cases as the others.</summary>
/// <param name="Name">What it is called, such as "baseline".</param>
/// <param name="Evaluation">What <c>metseg evaluate</c> found.</param>
public sealed record ComparedMethod(string Name, EvaluationRecord Evaluation)
{
    /// <summary>Checks that methods can stand in one table: different names, the same regions, cases, groups and reference volumes.</summary>
    /// <exception cref="MetSegException">They cannot; the message names the first difference.</exception>
    internal static void ThrowUnlessComparable(IReadOnlyList<ComparedMethod> methods)
    {
        var first = methods.Count > 0 ? methods[0] : throw new MetSegException("A report needs at least one evaluation: NAME=FOLDER.");
        if (methods.GroupBy(method => method.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new MetSegException($"Two evaluations are named '{twice.Key}'. Give each a name of its own: NAME=FOLDER.");
        }

        foreach (var other in methods.Skip(1))
        {
            if (!other.Evaluation.Regions.SequenceEqual(first.Evaluation.Regions))
            {
                throw new MetSegException(
                    $"'{other.Evaluation.Folder}' has the regions {string.Join(", ", other.Evaluation.Regions)}, '{first.Evaluation.Folder}' "
                    + $"{string.Join(", ", first.Evaluation.Regions)}. Evaluate both with the same options.");
            }

            first.ThrowUnlessSameCases(other);
        }
    }

    private void ThrowUnlessSameCases(ComparedMethod other)
    {
        var mine = Evaluation.Cases.ToDictionary(one => one.Case, StringComparer.Ordinal);
        var theirs = other.Evaluation.Cases.ToDictionary(one => one.Case, StringComparer.Ordinal);
        foreach (var (with, without, lacking) in new[]
        {
            (this, other, mine.Keys.Except(theirs.Keys, StringComparer.Ordinal)), (other, this, theirs.Keys.Except(mine.Keys, StringComparer.Ordinal)),
        })
        {
            if (lacking.FirstOrDefault() is { } missing)
            {
                throw new MetSegException(
                    $"'{without.Evaluation.Folder}' lacks case '{missing}' and {lacking.Count() - 1} more of '{with.Evaluation.Folder}'. Evaluate the same cases.");
            }
        }

        foreach (var (id, one) in mine)
        {
            if (theirs[id].Group != one.Group)
            {
                throw new MetSegException(
                    $"Case '{id}' is of group '{one.Group}' in '{Evaluation.Folder}' but of '{theirs[id].Group}' in '{other.Evaluation.Folder}'. Evaluate with the same --groups.");
            }

            ThrowUnlessSameReference(other, one, theirs[id]);
        }
    }

    private void ThrowUnlessSameReference(ComparedMethod other, ListedCase mine, ListedCase theirs)
    {
        foreach (var column in Evaluation.Regions.Select(region => Evaluation.Column("trueVolume", region)))
        {
            var (a, b) = (mine.Scores.GetValueOrDefault(column, double.NaN), theirs.Scores.GetValueOrDefault(column, double.NaN));
            if (Math.Abs(a - b) > 1e-6 * Math.Max(a, b))
            {
                throw new MetSegException(
                    $"Case '{mine.Case}' has {a:0.###} cm³ of reference in '{Evaluation.Folder}' but {b:0.###} cm³ in '{other.Evaluation.Folder}'. Evaluate against the same references.");
            }
        }
    }
}
