namespace MetSeg.Nifti;

/// <summary>Unit quaternions (a, b, c, d) with a ≥ 0, of which NIfTI stores b, c and d, and their rotations.</summary>
/// <remarks>nifti1.h, "Quaternion representation of rotation matrix"; nifti_clib, nifti_quatern_to_mat44 and nifti_mat44_to_quatern.</remarks>
internal static class Quaternion
{
    /// <summary>The rotation matrix, 9 values row by row. Where b² + c² + d² exceeds 1 the three are scaled down to a half turn.</summary>
    public static double[] ToRotation(double b, double c, double d)
    {
        var squares = (b * b) + (c * c) + (d * d);
        var scale = squares > 1 ? 1 / Math.Sqrt(squares) : 1;
        (b, c, d) = (b * scale, c * scale, d * scale);
        var a = Math.Sqrt(Math.Max(0, 1 - squares));
        return
        [
            (a * a) + (b * b) - (c * c) - (d * d), 2 * ((b * c) - (a * d)), 2 * ((b * d) + (a * c)),
            2 * ((b * c) + (a * d)), (a * a) + (c * c) - (b * b) - (d * d), 2 * ((c * d) - (a * b)),
            2 * ((b * d) - (a * c)), 2 * ((c * d) + (a * b)), (a * a) + (d * d) - (c * c) - (b * b),
        ];
    }

    /// <summary>The quaternion of a proper rotation (9 values row by row, determinant 1), with a ≥ 0.</summary>
    public static (double B, double C, double D) FromRotation(ReadOnlySpan<double> r)
    {
        // Four times the square of each component; the largest is a safe divisor.
        ReadOnlySpan<double> squares =
        [
            1 + r[0] + r[4] + r[8], 1 + r[0] - r[4] - r[8], 1 - r[0] + r[4] - r[8], 1 - r[0] - r[4] + r[8],
        ];
        var largest = 0;
        for (var i = 1; i < 4; i++)
        {
            largest = squares[i] > squares[largest] ? i : largest;
        }

        var twice = Math.Sqrt(squares[largest]);
        var (ab, ac, ad) = (r[7] - r[5], r[2] - r[6], r[3] - r[1]);
        var (bc, bd, cd) = (r[1] + r[3], r[2] + r[6], r[5] + r[7]);
        var (a, b, c, d) = largest switch
        {
            0 => (twice * twice, ab, ac, ad),
            1 => (ab, twice * twice, bc, bd),
            2 => (ac, bc, twice * twice, cd),
            _ => (ad, bd, cd, twice * twice),
        };
        var scale = (a < 0 ? -0.5 : 0.5) / twice;
        return (b * scale, c * scale, d * scale);
    }
}
