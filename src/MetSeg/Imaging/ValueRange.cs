using System.Numerics.Tensors;

namespace MetSeg.Imaging;

/// <summary>The values that an image takes, to which an interpolation that oversteps them is clipped.</summary>
/// <param name="Least">Least value.</param>
/// <param name="Greatest">Greatest value.</param>
internal readonly record struct ValueRange(float Least, float Greatest)
{
    /// <summary>Every value.</summary>
    public static ValueRange All { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The range of some voxels; NaN counts for nothing.</summary>
    public static ValueRange Of(ReadOnlySpan<float> voxels)
    {
        var range = new ValueRange(TensorPrimitives.MinNumber(voxels), TensorPrimitives.MaxNumber(voxels));
        return float.IsNaN(range.Least) ? All : range;
    }

    /// <summary>Moves values beyond the range to its ends; NaN stays.</summary>
    public void Clamp(Span<float> voxels)
    {
        if (this != All)
        {
            TensorPrimitives.Clamp(voxels, Least, Greatest, voxels);
        }
    }
}
