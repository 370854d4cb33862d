using System.Runtime.Intrinsics;

namespace MetSeg.Imaging;

/// <summary>Linear and cubic resampling between grids that are turned against each other, voxel by voxel.</summary>
internal static class ObliqueResampling
{
    /// <summary>The voxels on the target grid.</summary>
    /// <param name="source">The image.</param>
    /// <param name="map">Where the target's voxels lie.</param>
    /// <param name="interpolation">Linear or cubic.</param>
    /// <param name="limits">The range to which values inside are clipped, and the value outside.</param>
    public static float[] Apply(float[] source, GridMap map, Interpolation interpolation, (ValueRange Clip, float Outside) limits)
    {
        var result = interpolation switch
        {
            Interpolation.Linear => Apply(new Linear(source, map.Source), map, limits.Outside),
            Interpolation.Cubic => Apply(new Cubic(SplineCoefficients.Of(source, map.Source), limits.Clip), map, limits.Outside),
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "No such interpolation."),
        };
        return result;
    }

    private static float[] Apply<TKernel>(TKernel kernel, GridMap map, float outside)
        where TKernel : struct, IKernel
    {
        var to = map.Target;
        var result = GC.AllocateUninitializedArray<float>(to.Count);
        Parallel.For(0, to.Z, z =>
        {
            for (var y = 0; y < to.Y; y++)
            {
                var row = result.AsSpan(to.Index(0, y, z), to.X);
                for (var x = 0; x < row.Length; x++)
                {
                    var (i, j, k) = map.Locate(x, y, z);
                    row[x] = i.IsOutside || j.IsOutside || k.IsOutside ? outside : kernel.At(i, j, k);
                }
            }
        });
        return result;
    }

    private interface IKernel
    {
        float At(AxisPosition x, AxisPosition y, AxisPosition z);
    }

    private readonly struct Linear(float[] source, Size size) : IKernel
    {
        public float At(AxisPosition x, AxisPosition y, AxisPosition z)
        {
            var (i, j, k) = (x.Within(size.X), y.Within(size.Y), z.Within(size.Z));
            var corner = size.Index(i.Lower, j.Lower, k.Lower);
            var (right, back, up) = (i.Weight > 0 ? 1 : 0, j.Weight > 0 ? size.X : 0, k.Weight > 0 ? size.X * size.Y : 0);
            var voxels = source;
            float Row(int start) => Between(voxels[start], voxels[start + right], i.Weight);
            float Slice(int start) => Between(Row(start), Row(start + back), j.Weight);
            return Between(Slice(corner), Slice(corner + up), k.Weight);
        }

        /// <summary>Exact where both values are equal; a voxel of weight 0 plays no part, be it NaN.</summary>
        private static float Between(float lower, float upper, float weight) => weight > 0 ? lower + (weight * (upper - lower)) : lower;
    }

    private readonly struct Cubic(SplineCoefficients coefficients, ValueRange clip) : IKernel
    {
        public float At(AxisPosition x, AxisPosition y, AxisPosition z)
        {
            const int First = BSpline.Margin - 1;
            var size = coefficients.Size;
            var (across, up) = (BSpline.Weights(y.Weight), BSpline.Weights(z.Weight));
            var sum = Vector128<float>.Zero;
            for (var k = 0; k < 4; k++)
            {
                var slice = Vector128<float>.Zero;
                var start = size.Index(x.Lower + First, y.Lower + First, z.Lower + First + k);
                for (var j = 0; j < 4; j++, start += size.X)
                {
                    slice += Vector128.Create(coefficients.Values.AsSpan(start, 4)) * across[j];
                }

                sum += slice * up[k];
            }

            return Math.Clamp(Vector128.Sum(sum * BSpline.Weights(x.Weight).AsVector128()), clip.Least, clip.Greatest);
        }
    }
}
