using System.Numerics;

namespace MetSeg.Imaging;

/// <summary>
/// The cubic B-spline through samples at whole positions. A recursive filter turns samples into coefficients, of which every value between
/// is a weighted sum of four. Beyond its ends a signal keeps its outermost values for ever; what scipy reaches by padding 12 samples is
/// here the filter's exact state at either end.
/// </summary>
/// <remarks>Unser: Splines: a perfect fit for signal and image processing, IEEE Signal Process Mag 1999;16(6):22, eqs. 18–20.</remarks>
internal static class BSpline
{
    /// <summary>Coefficients beyond either end that a value up to half a sample beyond it needs.</summary>
    public const int Margin = 2;

    /// <summary>√3 − 2, the filter's pole.</summary>
    private const float Pole = -0.2679491924311227f;

    /// <summary>
    /// Turns samples into coefficients, up to a factor that <see cref="Weights"/> makes good, along many signals side by side.
    /// </summary>
    /// <param name="lines">
    /// [n + 2·Margin][width]: row Margin + k holds sample k of every signal. Coefficients come in their place, those beyond the ends in the
    /// margins.
    /// </param>
    /// <param name="width">Vectors in a row.</param>
    public static void Prefilter(Span<Vector<float>> lines, int width)
    {
        var count = (lines.Length / width) - (2 * Margin);
        Forward(lines, width, count);
        FromTheRight(lines, width, count);
        for (var row = Margin + count - 2; row >= 0; row--)
        {
            // Left of the first sample the forward filter stands still: the margins hold its value.
            var here = lines.Slice(row * width, width);
            var next = lines.Slice((row + 1) * width, width);
            for (var i = 0; i < here.Length; i++)
            {
                here[i] = (next[i] - here[i]) * Pole;
            }
        }
    }

    /// <summary>The weights of the coefficients Lower − 1 … Lower + 2 at a place.</summary>
    /// <param name="t">How far the place lies toward the next sample, in [0, 1).</param>
    public static Vector4 Weights(float t)
    {
        // One sixth of the usual weights belongs to the spline, six to the filter's gain.
        var rest = 1 - t;
        return new Vector4(
            rest * rest * rest,
            4 + (3 * t * t * (t - 2)),
            4 + (3 * rest * rest * (rest - 2)),
            t * t * t);
    }

    private static void Forward(Span<Vector<float>> lines, int width, int count)
    {
        var first = lines.Slice(Margin * width, width);
        lines.Slice((Margin + count - 1) * width, width).CopyTo(lines[((Margin + count) * width)..]);
        for (var i = 0; i < first.Length; i++)
        {
            first[i] *= 1 / (1 - Pole);
        }

        first.CopyTo(lines);
        first.CopyTo(lines[width..]);
        for (var row = Margin + 1; row < Margin + count; row++)
        {
            var before = lines.Slice((row - 1) * width, width);
            var here = lines.Slice(row * width, width);
            for (var i = 0; i < here.Length; i++)
            {
                here[i] += before[i] * Pole;
            }
        }
    }

    /// <summary>
    /// The last coefficient and those beyond. Right of the last sample x the forward filter nears x / (1 − pole) geometrically, so the
    /// coefficients near −pole · x / (1 − pole)² as geometrically.
    /// </summary>
    private static void FromTheRight(Span<Vector<float>> lines, int width, int count)
    {
        var last = lines.Slice((Margin + count - 1) * width, width);
        var beyond = lines.Slice((Margin + count) * width, width);
        var farther = lines.Slice((Margin + count + 1) * width, width);
        for (var i = 0; i < last.Length; i++)
        {
            var sample = beyond[i];
            var limit = sample * (-Pole / ((1 - Pole) * (1 - Pole)));
            var rest = (last[i] - (sample * (1 / (1 - Pole)))) * (-Pole / (1 - (Pole * Pole)));
            last[i] = limit + rest;
            beyond[i] = limit + (rest * Pole);
            farther[i] = limit + (rest * (Pole * Pole));
        }
    }
}
