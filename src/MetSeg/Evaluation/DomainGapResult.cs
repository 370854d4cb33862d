namespace MetSeg.Evaluation;

/// <summary>How well a classifier tells domains apart on samples that it was not fitted on.</summary>
/// <param name="Domains">The domains, sorted by name.</param>
/// <param name="Confusion">Number of samples by true domain (row) and predicted domain (column).</param>
/// <param name="FoldAccuracies">Accuracy in each fold.</param>
public sealed record DomainGapResult(
    IReadOnlyList<string> Domains, IReadOnlyList<IReadOnlyList<int>> Confusion, IReadOnlyList<double> FoldAccuracies)
{
    /// <summary>Number of samples.</summary>
    public int N => Confusion.Sum(row => row.Sum());

    /// <summary>Number of folds.</summary>
    public int Folds => FoldAccuracies.Count;

    /// <summary>Share of samples whose domain was recognized, over all folds together.</summary>
    public double Accuracy => (double)Confusion.Select((row, i) => row[i]).Sum() / N;

    /// <summary>Mean over domains of the share recognized: compare with <see cref="ChanceRate"/>.</summary>
    public double BalancedAccuracy => Confusion.Select((row, i) => (double)row[i] / row.Sum()).Average();

    /// <summary>Mean over domains of F1; a domain that is never recognized counts 0.</summary>
    public double MacroF1 => Confusion.Select((row, i) => 2.0 * row[i] / (row.Sum() + Confusion.Sum(other => other[i]))).Average();

    /// <summary>1/K: what guessing among K domains recognizes.</summary>
    public double ChanceRate => 1.0 / Domains.Count;

    /// <summary>What always naming the most frequent domain recognizes: compare it with <see cref="Accuracy"/>.</summary>
    public double MajorityRate => (double)Confusion.Max(row => row.Sum()) / N;
}
