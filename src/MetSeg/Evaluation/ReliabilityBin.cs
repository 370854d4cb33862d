namespace MetSeg.Evaluation;

/// <summary>The voxels whose predicted probability lies in one bin of a reliability curve.</summary>
/// <param name="Low">Lower limit, not in the bin; the first bin holds its lower limit 0, too.</param>
/// <param name="High">Upper limit, in the bin.</param>
/// <param name="N">Number of voxels.</param>
/// <param name="MeanProbability">Their mean predicted probability; NaN where there is none.</param>
/// <param name="ObservedShare">Share of them that are foreground in the reference; NaN where there is none. Calibrated means equal to the former.</param>
public sealed record ReliabilityBin(double Low, double High, long N, double MeanProbability, double ObservedShare)
{
    /// <summary>|observed share − mean probability| times the number of voxels; 0 where there is none.</summary>
    internal double Error => N == 0 ? 0 : N * Math.Abs(ObservedShare - MeanProbability);

    /// <summary>The curve of the voxels of several cases together; empty where there is no case.</summary>
    /// <param name="cases">Curves of the same bins.</param>
    internal static IReadOnlyList<ReliabilityBin> Pool(IEnumerable<IReadOnlyList<ReliabilityBin>> cases) =>
    [
        .. cases.SelectMany(bins => bins).GroupBy(bin => (bin.Low, bin.High)).OrderBy(bins => bins.Key).Select(bins =>
        {
            var n = bins.Sum(bin => bin.N);
            double Mean(Func<ReliabilityBin, double> of) => n == 0 ? double.NaN : bins.Where(bin => bin.N > 0).Sum(bin => bin.N * of(bin)) / n;
            return new ReliabilityBin(bins.Key.Low, bins.Key.High, n, Mean(bin => bin.MeanProbability), Mean(bin => bin.ObservedShare));
        }),
    ];
}
