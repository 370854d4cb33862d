namespace MetSeg.Statistics;

/// <summary>
/// The exact distribution of a sum of ranks when every assignment of ranks is equally likely, ties included: the shift algorithm of
/// Streitberg and Röhmel (Statistical Software Newsletter 1986;12:10). Ranks are doubled, so that midranks are whole.
/// </summary>
internal sealed class ExactDistribution
{
    private const double MostSteps = 1e9;

    private readonly double[] counts;
    private readonly double total;

    private ExactDistribution(double[] counts)
    {
        this.counts = counts;
        total = counts.Sum();
    }

    /// <summary>Whether the sum of a sample's ranks can be tabulated in about a second.</summary>
    public static bool IsFeasible(int sample, int all) => 2.0 * sample * sample * all * all < MostSteps;

    /// <summary>The sum of the ranks of a sample of given size, drawn from all ranks without replacement.</summary>
    public static ExactDistribution OfSample(double[] ranks, int size)
    {
        var doubled = Doubled(ranks);
        var most = doubled.Order().TakeLast(size).Sum();
        var ways = new double[size + 1][];
        for (var k = 0; k <= size; k++)
        {
            ways[k] = new double[most + 1];
        }

        ways[0][0] = 1;
        for (var i = 0; i < doubled.Length; i++)
        {
            for (var k = Math.Min(size, i + 1); k > 0; k--)
            {
                Add(ways[k - 1], ways[k], doubled[i]);
            }
        }

        return new ExactDistribution(ways[size]);
    }

    /// <summary>The sum of those ranks whose sign is positive, every sign equally likely.</summary>
    public static ExactDistribution OfSigns(double[] ranks)
    {
        var doubled = Doubled(ranks);
        var ways = new double[doubled.Sum() + 1];
        ways[0] = 1;
        foreach (var rank in doubled)
        {
            for (var sum = ways.Length - 1; sum >= rank; sum--)
            {
                ways[sum] += ways[sum - rank];
            }
        }

        return new ExactDistribution(ways);
    }

    /// <summary>P(S ≤ sum).</summary>
    public double AtMost(double sum) => Share(0, Place(sum) + 1);

    /// <summary>P(S ≥ sum).</summary>
    public double AtLeast(double sum) => Share(Place(sum), counts.Length);

    /// <summary>The p-value of a sum; two-sided, twice the smaller tail.</summary>
    public double P(double sum, Alternative alternative) => alternative switch
    {
        Alternative.Less => AtMost(sum),
        Alternative.Greater => AtLeast(sum),
        _ => Math.Min(1, 2 * Math.Min(AtMost(sum), AtLeast(sum))),
    };

    private static int[] Doubled(double[] ranks) => [.. ranks.Select(rank => (int)Math.Round(2 * rank))];

    private static void Add(double[] from, double[] to, int shift)
    {
        for (var sum = shift; sum < to.Length; sum++)
        {
            to[sum] += from[sum - shift];
        }
    }

    private static int Place(double sum) => (int)Math.Round(2 * sum);

    private double Share(int from, int to)
    {
        (from, to) = (Math.Max(0, from), Math.Min(counts.Length, to));
        return from >= to ? 0 : Math.Min(1, counts.AsSpan(from, to - from).ToArray().Sum() / total);
    }
}
