namespace MetSeg.Evaluation;

/// <summary>Sums over voxels by bins of equal width of their probability: (0, 1/n], (1/n, 2/n], …; 0 is in the first.</summary>
internal sealed class CalibrationBins
{
    private readonly float[] limits;
    private readonly (long N, double Probability, long Right)[] sums;

    public CalibrationBins(int count)
    {
        limits = [.. Enumerable.Range(1, count).Select(i => (float)((double)i / count))];
        sums = new (long, double, long)[count];
    }

    /// <summary>Adds voxels of one probability.</summary>
    /// <param name="probability">From 0 to 1. It is compared as a float with limits as floats, so that 0.1 is in the bin that ends at 0.1.</param>
    /// <param name="count">How many voxels have it.</param>
    /// <param name="right">How many of them are what the probability is for.</param>
    public void Add(float probability, long count, long right)
    {
        var place = Array.BinarySearch(limits, probability);
        ref var sum = ref sums[place < 0 ? ~place : place];
        sum = (sum.N + count, sum.Probability + (count * (double)probability), sum.Right + right);
    }

    public IReadOnlyList<ReliabilityBin> ToList() => [.. sums.Select((sum, i) => new ReliabilityBin(
        (double)i / sums.Length, (i + 1.0) / sums.Length, sum.N, sum.Probability / sum.N, (double)sum.Right / sum.N))];
}
