using System.Runtime.InteropServices;
using MetSeg.Learning.Harmonization;
using MetSeg.Preprocessing;
using static TorchSharp.torch;

namespace MetSeg.Learning.Inference;

/// <summary>The logits of one scan on the grid that the network saw. They stay in libtorch's memory, from where they are exported without a copy.</summary>
public sealed class ScanLogits : IDisposable
{
    private readonly List<Tensor> outputs;

    /// <param name="logits">[1, K, Z, Y, X]; the caller goes on owning it.</param>
    /// <param name="geometry">The scan's way to the network.</param>
    /// <param name="networkSpacing">The voxel size that the plans asked for.</param>
    /// <param name="decoding">What the outputs mean.</param>
    internal ScanLogits(Tensor logits, CaseGeometry geometry, Spacing networkSpacing, LogitDecoding decoding)
    {
        using var scope = NewDisposeScope();
        var whole = logits.to(ScalarType.Float32).cpu().contiguous();
        outputs = [.. Enumerable.Range(0, (int)whole.shape[1]).Select(output => whole[0, output].DetachFromDisposeScope())];
        Export = new LogitExport(output => MemoryMarshal.Cast<byte, float>(outputs[output].bytes), geometry, networkSpacing, decoding);
    }

    /// <summary>How unlike its harmonizer's scans the scan is; null where the model has no harmonizer that can say.</summary>
    public DistributionScore? OutOfDistribution { get; init; }

    /// <summary>The way back to the scan's own grid. Ends with this object.</summary>
    public LogitExport Export { get; }

    /// <inheritdoc/>
    public void Dispose() => outputs.ForEach(output => output.Dispose());
}
