namespace MetSeg.Imaging;

/// <summary>
/// The uniform cubic B-spline along one axis of an image, whose outer edges are the ends of the first and the last span: which four control
/// points a voxel's center depends on, and how much. n spans have n + 3 control points.
/// </summary>
internal sealed class SplineAxis
{
    /// <summary>Control points that a value depends on.</summary>
    public const int Support = 4;

    /// <summary>Tabulates the weights.</summary>
    /// <param name="voxels">The voxels to look at.</param>
    /// <param name="count">Voxels along the axis in all.</param>
    /// <param name="spans">Spans of the spline.</param>
    public SplineAxis(ReadOnlySpan<int> voxels, int count, int spans)
    {
        var weights = Support * voxels.Length;
        First = new int[voxels.Length];
        (Weights, Squares, Cubes) = (new double[weights], new double[weights], new double[weights]);
        for (var i = 0; i < voxels.Length; i++)
        {
            var place = (voxels[i] + 0.5) / count * spans;
            First[i] = Math.Min((int)place, spans - 1);
            Fill(Support * i, place - First[i]);
        }
    }

    /// <summary>The first of the four control points of each voxel.</summary>
    public int[] First { get; }

    /// <summary>Four weights w a voxel; they add up to 1.</summary>
    public double[] Weights { get; }

    /// <summary>w² of each.</summary>
    public double[] Squares { get; }

    /// <summary>w³/Σw², Σ over the voxel's four weights.</summary>
    public double[] Cubes { get; }

    private void Fill(int start, double u)
    {
        var rest = 1 - u;
        ReadOnlySpan<double> weights =
        [
            rest * rest * rest / 6, ((3 * u * u * u) - (6 * u * u) + 4) / 6, ((3 * rest * rest * rest) - (6 * rest * rest) + 4) / 6, u * u * u / 6,
        ];
        var sum = 0.0;
        for (var i = 0; i < Support; i++)
        {
            Weights[start + i] = weights[i];
            Squares[start + i] = weights[i] * weights[i];
            sum += Squares[start + i];
        }

        for (var i = 0; i < Support; i++)
        {
            Cubes[start + i] = Squares[start + i] * weights[i] / sum;
        }
    }
}
