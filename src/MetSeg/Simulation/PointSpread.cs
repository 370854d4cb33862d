namespace MetSeg.Simulation;

/// <summary>
/// What k-space of limited extent makes of a point: along one axis the transform of a window 0 outside ±½ cycle per acquired voxel and
/// a + (1 − a)·cos(2πk) inside, so sinc(x) for a = 1 (ringing) and Hamming's window for a = 0.54 (blur).
/// </summary>
/// <remarks>Bernstein et al., Handbook of MRI Pulse Sequences 2004, 13.1. Its tails are cut off softly at 4 stored voxels.</remarks>
internal static class PointSpread
{
    private const double Reach = 4;

    /// <summary>The value at a distance in acquired voxels; its integral is <paramref name="window"/> + 0 from the side terms, not normalized.</summary>
    public static double At(double x, double window) => (window * Sinc(x)) + ((1 - window) / 2 * (Sinc(x - 1) + Sinc(x + 1)));

    /// <summary>For each coarse sample the first fine sample that counts and the weights from there on, which sum to 1.</summary>
    /// <param name="fineCount">Number of fine samples.</param>
    /// <param name="coarseCount">Number of coarse samples, which begin at the same outer corner.</param>
    /// <param name="ratio">Fine samples per coarse one.</param>
    /// <param name="scanner">Resolution and window.</param>
    /// <param name="shift">By how many coarse samples the image is shifted.</param>
    public static (int First, float[] Weights)[] Weights(int fineCount, int coarseCount, double ratio, Scanner scanner, double shift) =>
        [.. Enumerable.Range(0, coarseCount).Select(i =>
        {
            var center = ((i + 0.5 - shift) * ratio) - 0.5;
            var first = Math.Clamp((int)Math.Ceiling(center - (Reach * ratio)), 0, fineCount - 1);
            var last = Math.Clamp((int)Math.Floor(center + (Reach * ratio)), first, fineCount - 1);
            var weights = Enumerable.Range(first, last - first + 1).Select(k => Weight((k - center) / ratio, scanner)).ToArray();
            var sum = weights.Sum();
            return (first, weights.Select(weight => (float)(weight / sum)).ToArray());
        })];

    private static double Weight(double x, Scanner scanner)
    {
        var taper = Math.Cos(Math.PI / 2 * Math.Min(Math.Abs(x) / Reach, 1));
        return At(x / scanner.Resolution, scanner.KSpaceWindow) * taper * taper;
    }

    private static double Sinc(double x) => Math.Abs(x) < 1e-9 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x);
}
