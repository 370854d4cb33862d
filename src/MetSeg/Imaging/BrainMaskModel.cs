namespace MetSeg.Imaging;

/// <summary>What a brain mask network's output means.</summary>
public enum BrainMaskOutput
{
    /// <summary>Signed distance to the brain's border in mm, negative inside: the mask is where it is below the threshold.</summary>
    Distance,

    /// <summary>Probability or logit of brain: the mask is where it is above the threshold.</summary>
    Score,
}

/// <summary>How intensities are brought to the range that a brain mask network was trained on.</summary>
public enum BrainMaskScaling
{
    /// <summary>The least value becomes 0 and the 99th percentile 1; what is brighter is clipped.</summary>
    Percentile99,

    /// <summary>Mean 0 and standard deviation 1 over all voxels.</summary>
    ZScore,
}

/// <summary>
/// A brain mask network that the user brings as an ONNX file, and what it expects: one input [1, 1, A, B, C] of floats, one output of the same
/// size with one channel. It is kept as MODEL.json beside MODEL.onnx; without that file it is taken for SynthStrip.
/// </summary>
public sealed record BrainMaskModel
{
    /// <summary>
    /// SynthStrip's contract: 1 mm, axes L, I, A, least value to 99th percentile, edges multiples of 64 from 192 to 320, signed distance below 1 mm.
    /// </summary>
    /// <remarks>Hoopes et al.: SynthStrip: skull-stripping for any brain image, NeuroImage 2022;260:119474; FreeSurfer's mri_synthstrip.</remarks>
    public static BrainMaskModel SynthStrip { get; } = new();

    /// <summary>Edge of the network's voxels in mm. The default is 1.</summary>
    public double SpacingMm { get; init; } = 1;

    /// <summary>Directions in which the indices of the tensor's axes A, B, C grow. The default is "LIA".</summary>
    public string Orientation { get; init; } = "LIA";

    /// <summary>Edges are padded, or cut, to a multiple of this. The default is 64.</summary>
    public int MultipleOf { get; init; } = 64;

    /// <summary>Shortest edge in voxels. The default is 192.</summary>
    public int LeastEdge { get; init; } = 192;

    /// <summary>Longest edge in voxels; larger images are cut around their middle. The default is 320.</summary>
    public int MostEdge { get; init; } = 320;

    /// <summary>How intensities are scaled. The default is the least value to 0 and the 99th percentile to 1.</summary>
    public BrainMaskScaling Scaling { get; init; }

    /// <summary>What the output means. The default is a signed distance.</summary>
    public BrainMaskOutput Output { get; init; }

    /// <summary>Where the mask's border lies in the output's unit. The default is 1 (mm).</summary>
    public double Threshold { get; init; } = 1;

    /// <summary>Edge in voxels of the network's input for an image of this edge.</summary>
    internal int EdgeFor(int edge) => Math.Clamp((edge + MultipleOf - 1) / MultipleOf * MultipleOf, LeastEdge, MostEdge);

    /// <summary>One sentence for each value that cannot work.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(SpacingMm is >= 0.25 and <= 5))
        {
            yield return $"spacingMm must be from 0.25 to 5, not {SpacingMm}.";
        }

        if (Orientation.Length != 3 || !new[] { "RL", "AP", "SI" }.All(pair => Orientation.Count(pair.Contains) == 1))
        {
            yield return $"orientation must be one of R or L, one of A or P and one of S or I in any order, such as LIA, not '{Orientation}'.";
        }

        if (MultipleOf < 1 || LeastEdge < 1 || MostEdge < LeastEdge || MostEdge > 1024)
        {
            yield return $"multipleOf and leastEdge must be positive and mostEdge from leastEdge to 1024, not {MultipleOf}, {LeastEdge} and {MostEdge}.";
        }

        if (!double.IsFinite(Threshold))
        {
            yield return $"threshold must be a number, not {Threshold}.";
        }
    }
}
