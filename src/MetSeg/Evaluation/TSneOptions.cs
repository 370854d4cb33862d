namespace MetSeg.Evaluation;

/// <summary>How <see cref="TSne"/> embeds. The defaults are those of the paper but for the learning rate.</summary>
public sealed record TSneOptions
{
    /// <summary>
    /// About how many neighbors each sample minds. The default is 30; it is lowered to a third of the other samples where there are not
    /// three times as many, but not below 1.
    /// </summary>
    public double Perplexity { get; init; } = 30;

    /// <summary>
    /// θ: far groups of points whose cell is narrower than θ times their distance repel as one point. The default is 0.5; 0 computes every pair.
    /// </summary>
    public double Theta { get; init; } = 0.5;

    /// <summary>Number of steps of gradient descent. The default is 1000.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Factor by which the samples attract each other more in the first steps. The default is 12.</summary>
    public double EarlyExaggeration { get; init; } = 12;

    /// <summary>Number of first steps with early exaggeration and momentum 0.5 instead of 0.8. The default is 250.</summary>
    public int ExaggeratedIterations { get; init; } = 250;

    /// <summary>
    /// Learning rate. The default is null: the number of samples divided by four times the exaggeration (Belkina et al., Nat Commun
    /// 2019;10:5415). scikit-learn takes at least 50, which throws the points of a few hundred scans about and ends a little worse.
    /// </summary>
    public double? LearningRate { get; init; }

    /// <summary>Seed of the small shifts that part samples which start at the same place. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var (name, value, isFine) in new[]
        {
            ("perplexity", Perplexity, Perplexity >= 1),
            ("earlyExaggeration", EarlyExaggeration, EarlyExaggeration >= 1),
            ("learningRate", LearningRate ?? 1, LearningRate is null or > 0),
            ("iterations", Iterations, Iterations >= 1),
            ("exaggeratedIterations", ExaggeratedIterations, ExaggeratedIterations >= 0),
            ("theta", Theta, Theta is >= 0 and <= 1),
        })
        {
            if (!isFine || !double.IsFinite(value))
            {
                yield return $"{name} cannot be {value}.";
            }
        }
    }
}
