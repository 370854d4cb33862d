using System.Numerics.Tensors;

namespace MetSeg.Preprocessing;

/// <summary>What the outputs of a network mean: how its logits become labels and probabilities.</summary>
/// <remarks>nnU-Net v2's LabelManager.convert_logits_to_segmentation.</remarks>
public sealed class LogitDecoding
{
    private readonly byte[] labels;

    /// <param name="labels">
    /// The label of each output. Classes: output 0 is the background, whose label is 0. Regions: the label that is written where the region is,
    /// nnU-Net's regions_class_order.
    /// </param>
    /// <param name="hasRegions">
    /// Whether the outputs are regions, which may overlap: each is there where its sigmoid exceeds ½, and later ones overwrite. Else they are
    /// classes that exclude each other: the largest logit decides, the first of equal ones.
    /// </param>
    /// <exception cref="ArgumentException">A label is not in 0–255, there are too few outputs, or the background's label is not 0.</exception>
    public LogitDecoding(IReadOnlyList<int> labels, bool hasRegions)
    {
        if (labels.Count < (hasRegions ? 1 : 2) || labels.Any(label => label is < 0 or > byte.MaxValue) || (!hasRegions && labels[0] != 0))
        {
            throw new ArgumentException($"Labels {string.Join(", ", labels)} cannot be decoded: they are 0 to 255, that of the background 0.", nameof(labels));
        }

        this.labels = [.. labels.Select(label => (byte)label)];
        HasRegions = hasRegions;
    }

    /// <summary>What the outputs of a network for a label scheme mean.</summary>
    public static LogitDecoding Of(LabelScheme scheme) => new(scheme.HasRegions ? scheme.Written : [0, .. scheme.Written], scheme.HasRegions);

    /// <summary>Number of outputs.</summary>
    public int Outputs => labels.Length;

    /// <summary>Whether the outputs are regions.</summary>
    public bool HasRegions { get; }

    /// <summary>The outputs that are not background.</summary>
    public IEnumerable<int> Foreground => Enumerable.Range(0, Outputs).Skip(HasRegions ? 0 : 1);

    /// <summary>Decodes a run of voxels.</summary>
    /// <param name="logits">[Outputs][voxels]. Changed.</param>
    /// <param name="scratch">One value per voxel.</param>
    /// <param name="result">Gets the labels.</param>
    /// <param name="foreground">Gets the probability that a voxel is not background; of regions, the largest one's.</param>
    internal void Decode(Span<float> logits, Span<float> scratch, Span<byte> result, Span<float> foreground)
    {
        var largest = scratch[..result.Length];
        if (HasRegions)
        {
            WriteRegions(logits, result);
            Largest(logits, largest);
            TensorPrimitives.Sigmoid(largest, foreground);
            return;
        }

        Largest(logits, largest);
        WriteLargest(logits, largest, result);
        Exponentials(logits, largest);
        Sum(logits, first: 1, foreground);
        TensorPrimitives.Add(foreground, logits[..result.Length], scratch);
        TensorPrimitives.Divide(foreground, scratch[..result.Length], foreground);
    }

    /// <summary>The probability of one output over a run of voxels.</summary>
    /// <param name="logits">[Outputs][voxels]; of regions only that output's are looked at. Changed.</param>
    /// <param name="output">Which output.</param>
    /// <param name="scratch">One value per voxel.</param>
    /// <param name="probability">Gets its probability.</param>
    internal void Probability(Span<float> logits, int output, Span<float> scratch, Span<float> probability)
    {
        var count = probability.Length;
        if (HasRegions)
        {
            TensorPrimitives.Sigmoid(logits.Slice(output * count, count), probability);
            return;
        }

        var largest = scratch[..count];
        Largest(logits, largest);
        Exponentials(logits, largest);
        Sum(logits, first: 0, largest);
        TensorPrimitives.Divide(logits.Slice(output * count, count), largest, probability);
    }

    private void Largest(ReadOnlySpan<float> logits, Span<float> largest)
    {
        var count = largest.Length;
        logits[..count].CopyTo(largest);
        for (var k = 1; k < Outputs; k++)
        {
            TensorPrimitives.Max(largest, logits.Slice(k * count, count), largest);
        }
    }

    private void WriteLargest(ReadOnlySpan<float> logits, ReadOnlySpan<float> largest, Span<byte> result)
    {
        result.Clear();
        for (var k = Outputs - 1; k >= 0; k--)
        {
            var own = logits.Slice(k * result.Length, result.Length);
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = own[i] == largest[i] ? labels[k] : result[i];
            }
        }
    }

    private void WriteRegions(ReadOnlySpan<float> logits, Span<byte> result)
    {
        result.Clear();
        for (var k = 0; k < Outputs; k++)
        {
            var own = logits.Slice(k * result.Length, result.Length);
            for (var i = 0; i < result.Length; i++)
            {
                result[i] = own[i] > 0 ? labels[k] : result[i];
            }
        }
    }

    /// <summary>Each logit becomes e to its distance from the largest.</summary>
    private void Exponentials(Span<float> logits, ReadOnlySpan<float> largest)
    {
        for (var k = 0; k < Outputs; k++)
        {
            var own = logits.Slice(k * largest.Length, largest.Length);
            TensorPrimitives.Subtract(own, largest, own);
            TensorPrimitives.Exp(own, own);
        }
    }

    private void Sum(ReadOnlySpan<float> values, int first, Span<float> sum)
    {
        sum.Clear();
        for (var k = first; k < Outputs; k++)
        {
            TensorPrimitives.Add(sum, values.Slice(k * sum.Length, sum.Length), sum);
        }
    }
}
