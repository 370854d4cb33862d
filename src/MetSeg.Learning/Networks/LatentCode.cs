using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>Latent code of a batch: mean μ and log variance, each [N, L], or [N, C, z, y, x] where the code is spatial.</summary>
/// <param name="Mean">μ.</param>
/// <param name="LogVariance">log σ².</param>
/// <param name="Skips">Encoder features that the decoder joins, highest resolution first.</param>
public sealed record LatentCode(Tensor Mean, Tensor LogVariance, IReadOnlyList<Tensor> Skips)
{
    /// <summary>One vector for each scan: μ itself, or mean and standard deviation over the positions of a spatial μ.</summary>
    /// <returns>[N, L] or [N, 2·C].</returns>
    public Tensor Vector() => Mean.dim() == 2 ? Mean.alias() : ChannelStatistics.Of(Mean);

    /// <summary>The map of a spatial code with each channel shifted and stretched to another mean and standard deviation, not below 0.</summary>
    /// <param name="statistics">Of the form of <see cref="Vector"/>.</param>
    internal Tensor WithStatistics(Tensor statistics)
    {
        using var scope = NewDisposeScope();
        var (own, length) = (Vector(), Mean.shape[1]);
        Tensor Part(Tensor vector, long first) => vector.narrow(1, first, length).reshape(-1, length, 1, 1, 1);
        var stretched = (Mean - Part(own, 0)) / Part(own, length) * Part(statistics, length).clamp_min(0);
        return (stretched + Part(statistics, 0)).MoveToOuterDisposeScope();
    }

    /// <summary>The code of the batch's first sample, as views.</summary>
    internal LatentCode First() => new(Mean.narrow(0, 0, 1), LogVariance.narrow(0, 0, 1), [.. Skips.Select(skip => skip.narrow(0, 0, 1))]);

    /// <summary>Mean and standard deviation over the positions of each skip's channels, highest resolution first.</summary>
    /// <returns>[N, 2·C] each.</returns>
    public IReadOnlyList<Tensor> PooledSkips() => [.. Skips.Select(ChannelStatistics.Of)];
}

/// <summary>Summarizes a feature map by channel statistics, in which the look of an image lies more than its content.</summary>
/// <remarks>Huang and Belongie, ICCV 2017 (adaptive instance normalization): style as mean and standard deviation of channels.</remarks>
public static class ChannelStatistics
{
    private const double Epsilon = 1e-5;

    /// <summary>Mean and √(variance + 1e-5) over the positions of each channel.</summary>
    /// <param name="map">[N, C, Z, Y, X].</param>
    /// <returns>[N, 2·C]: all means, then all deviations.</returns>
    public static Tensor Of(Tensor map)
    {
        using var scope = NewDisposeScope();
        var flat = map.flatten(2);
        var mean = flat.mean([2], keepdim: true);
        var deviation = ((flat - mean).square().mean([2]) + Epsilon).sqrt();
        return cat([mean.squeeze(2), deviation], 1).MoveToOuterDisposeScope();
    }
}
