using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>How good a map of foreground probabilities is, without any threshold: does it rank voxels rightly, and does it mean what it says?</summary>
public sealed record ProbabilityMetrics
{
    /// <summary>Number of voxels.</summary>
    public required long N { get; init; }

    /// <summary>Number of voxels that are foreground in the reference.</summary>
    public required long Positives { get; init; }

    /// <summary>
    /// Average precision: Σ (Rₙ − Rₙ₋₁)·Pₙ over the distinct probabilities, highest first, without interpolation. What guessing reaches is the
    /// share of foreground. NaN without foreground.
    /// </summary>
    public double AveragePrecision { get; init; } = double.NaN;

    /// <summary>Area under the ROC curve, ties counting ½; 0.5 for guessing. NaN without foreground or without background.</summary>
    public double RocAuc { get; init; } = double.NaN;

    /// <summary>Brier score: mean squared difference of probability and truth (0 or 1); 0 is best. NaN for no voxels.</summary>
    public double Brier { get; init; } = double.NaN;

    /// <summary>Expected calibration error: mean over voxels of |observed share − mean probability| of their bin; 0 is best. NaN for no voxels.</summary>
    public double ExpectedCalibrationError { get; init; } = double.NaN;

    /// <summary>
    /// The same for the probability of the more probable class, max(p, 1 − p), against the share of voxels where that class is right; at
    /// p = ½ it is background. NaN for no voxels.
    /// </summary>
    public double TopClassCalibrationError { get; init; } = double.NaN;

    /// <summary>The reliability curve: bins of equal width from 0 to 1, empty ones included.</summary>
    public required IReadOnlyList<ReliabilityBin> Reliability { get; init; }

    /// <summary>Why a value is NaN; null where none is.</summary>
    public string? Undefined { get; init; }

    /// <summary>Computes the metrics of a probability map.</summary>
    /// <param name="probability">The probability of foreground in each voxel.</param>
    /// <param name="reference">The truth: everything but 0 is foreground.</param>
    /// <param name="within">The voxels that count, such as the brain: everything but 0. Null for all.</param>
    /// <param name="bins">Number of bins of the reliability curve and the calibration errors.</param>
    /// <exception cref="GridMismatchException">The images lie on different grids.</exception>
    /// <exception cref="MetSegException">A probability is not from 0 to 1.</exception>
    public static ProbabilityMetrics Compute(Volume probability, LabelMap reference, LabelMap? within = null, int bins = 10)
    {
        SameGrid.ThrowIfNot(probability.Grid, reference.Grid, "reference");
        SameGrid.ThrowIfNot(probability.Grid, within?.Grid, "mask of the voxels that count");
        var values = ImmutableCollectionsMarshal.AsArray(probability.Voxels)!;
        var truth = ImmutableCollectionsMarshal.AsArray(reference.Labels)!;
        if (within is null)
        {
            return Compute(values, truth, bins);
        }

        var count = 0;
        var (chosenValues, chosenTruth) = (new float[values.Length], new byte[values.Length]);
        for (var i = 0; i < values.Length; i++)
        {
            if (within.Labels[i] != 0)
            {
                (chosenValues[count], chosenTruth[count]) = (values[i], truth[i]);
                count++;
            }
        }

        return Compute(chosenValues.AsSpan(0, count), chosenTruth.AsSpan(0, count), bins);
    }

    /// <summary>Computes the metrics of probabilities, in 8 bytes of memory a voxel and time in proportion to their number.</summary>
    /// <param name="probabilities">The probability of foreground of each voxel.</param>
    /// <param name="truth">As many: 0 for background, anything else for foreground.</param>
    /// <param name="bins">Number of bins of the reliability curve and the calibration errors.</param>
    /// <exception cref="ArgumentException">There are not as many of one as of the other.</exception>
    /// <exception cref="MetSegException">A probability is not from 0 to 1.</exception>
    /// <remarks>
    /// Average precision, AUC, Brier score and reliability curve as scikit-learn's; calibration error as MetricsReloaded's (Maier-Hein et al.,
    /// Nat Methods 2024;21:195), which leaves out voxels of probability 0, where we count them in the first bin.
    /// </remarks>
    public static ProbabilityMetrics Compute(ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> truth, int bins = 10)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bins);
        if (probabilities.Length != truth.Length)
        {
            throw new ArgumentException($"{probabilities.Length} probabilities need as many truths, not {truth.Length}.", nameof(truth));
        }

        var (positives, negatives) = (truth.Length - (long)truth.Count((byte)0), (long)truth.Count((byte)0));
        var (positiveClass, topClass) = (new CalibrationBins(bins), new CalibrationBins(bins));
        var (precisionSum, pairs, squares) = (0.0, 0.0, 0.0);
        var (positivesBelow, negativesBelow) = (0L, 0L);
        foreach (var (value, background, foreground) in RankedProbabilities.Groups(probabilities, truth))
        {
            double found = positives - positivesBelow;
            precisionSum += foreground * (found / (found + negatives - negativesBelow));
            pairs += foreground * (negativesBelow + (0.5 * background));
            squares += (foreground * (1.0 - value) * (1.0 - value)) + (background * (double)value * value);
            positiveClass.Add(value, background + foreground, foreground);
            topClass.Add(MathF.Max(value, 1 - value), background + foreground, value > 0.5f ? foreground : background);
            (positivesBelow, negativesBelow) = (positivesBelow + foreground, negativesBelow + background);
        }

        var reliability = positiveClass.ToList();
        return new ProbabilityMetrics
        {
            N = truth.Length,
            Positives = positives,
            AveragePrecision = precisionSum / positives,
            RocAuc = pairs / ((double)positives * negatives),
            Brier = squares / truth.Length,
            ExpectedCalibrationError = reliability.Sum(bin => bin.Error) / truth.Length,
            TopClassCalibrationError = topClass.ToList().Sum(bin => bin.Error) / truth.Length,
            Reliability = reliability,
            Undefined = truth.Length == 0 ? "there are no voxels" : positives == 0 ? "the reference has no foreground"
                : negatives == 0 ? "the reference has no background" : null,
        };
    }
}
