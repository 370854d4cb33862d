using System.Numerics;

namespace MetSeg.Imaging;

/// <summary>Interpolates along one axis: lines of samples become lines of another length, many side by side.</summary>
internal sealed class AxisInterpolation
{
    private readonly AxisPosition[] positions;
    private readonly Vector4[] weights;

    /// <param name="source">Samples of a line.</param>
    /// <param name="positions">Where on the line the results lie.</param>
    /// <param name="interpolation">Cubic B-spline, linear, or nearest.</param>
    public AxisInterpolation(int source, AxisPosition[] positions, Interpolation interpolation)
    {
        var isCubic = interpolation == Interpolation.Cubic;
        SourceLength = source;
        this.positions = interpolation switch
        {
            Interpolation.Nearest => Array.ConvertAll(positions, position => position.AtNearest(source)),
            Interpolation.Linear => Array.ConvertAll(positions, position => position.Within(source)),
            Interpolation.Cubic => positions,
            _ => throw new ArgumentOutOfRangeException(nameof(interpolation), interpolation, "No such interpolation."),
        };
        weights = isCubic ? Array.ConvertAll(positions, position => BSpline.Weights(position.Weight)) : [];
        IsIdentity = positions.Length == source && positions.Select((position, i) => position == new AxisPosition(i, 0)).All(same => same);
    }

    /// <summary>Samples of a line before.</summary>
    public int SourceLength { get; }

    /// <summary>Samples of a line after.</summary>
    public int TargetLength => positions.Length;

    /// <summary>Whether lines stay as they are.</summary>
    public bool IsIdentity { get; }

    /// <summary>Interpolates; what lies outside the source becomes 0.</summary>
    /// <param name="lines">[SourceLength + 2·BSpline.Margin][width]: the samples between two margins, which need no values. Changed.</param>
    /// <param name="width">Vectors in a row.</param>
    /// <param name="result">[TargetLength][width].</param>
    public void Apply(Span<Vector<float>> lines, int width, Span<Vector<float>> result)
    {
        var isCubic = weights.Length > 0 && !IsIdentity;
        if (isCubic)
        {
            BSpline.Prefilter(lines, width);
        }

        for (var i = 0; i < positions.Length; i++)
        {
            var row = result.Slice(i * width, width);
            if (positions[i].IsOutside)
            {
                row.Clear();
            }
            else if (isCubic)
            {
                Combine(lines.Slice((positions[i].Lower - 1 + BSpline.Margin) * width, 4 * width), weights[i], row);
            }
            else
            {
                Between(lines[((positions[i].Lower + BSpline.Margin) * width)..], positions[i].Weight, row);
            }
        }
    }

    private static void Combine(ReadOnlySpan<Vector<float>> rows, Vector4 weights, Span<Vector<float>> result)
    {
        var width = result.Length;
        var a = rows[..width];
        var b = rows.Slice(width, width);
        var c = rows.Slice(2 * width, width);
        var d = rows.Slice(3 * width, width);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = (a[i] * weights.X) + (b[i] * weights.Y) + (c[i] * weights.Z) + (d[i] * weights.W);
        }
    }

    /// <summary>Exact where both samples are equal; a sample of weight 0 plays no part, be it NaN.</summary>
    private static void Between(ReadOnlySpan<Vector<float>> rows, float weight, Span<Vector<float>> result)
    {
        var lower = rows[..result.Length];
        if (weight == 0)
        {
            lower.CopyTo(result);
            return;
        }

        var upper = rows.Slice(result.Length, result.Length);
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = lower[i] + ((upper[i] - lower[i]) * weight);
        }
    }
}
