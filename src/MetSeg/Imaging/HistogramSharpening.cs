using System.Numerics;
using MathNet.Numerics.IntegralTransforms;

namespace MetSeg.Imaging;

/// <summary>
/// Takes a Gaussian blur out of a histogram and says for each bin what value is to be expected where that bin's was measured: with the
/// Gaussian F, the measured histogram V and the Wiener filter G = F*/(|F|² + noise) in the Fourier domain, the sharpened histogram is
/// U = max(0, V·G) and the expected value E[u|v] = F∗(u·U) / F∗U.
/// </summary>
/// <remarks>
/// Sled, Zijdenbos, Evans: A nonparametric method for automatic correction of intensity nonuniformity in MRI data, IEEE TMI 1998;17:87.
/// </remarks>
internal sealed class HistogramSharpening
{
    private readonly int bins;
    private readonly int margin;
    private readonly double fullWidth;
    private readonly double noise;
    private readonly Complex[] gaussian;
    private readonly Complex[] sharpened;
    private readonly Complex[] moment;

    /// <summary>Makes buffers for histograms of one length.</summary>
    /// <param name="bins">Number of bins.</param>
    /// <param name="fullWidth">Full width at half maximum of the Gaussian, in units of the values.</param>
    /// <param name="noise">Noise term of the Wiener filter.</param>
    public HistogramSharpening(int bins, double fullWidth, double noise)
    {
        (this.bins, this.fullWidth, this.noise) = (bins, fullWidth, noise);
        var padded = 2 * (int)BitOperations.RoundUpToPowerOf2((uint)bins);
        margin = (padded - bins) / 2;
        (gaussian, sharpened, moment) = (new Complex[padded], new Complex[padded], new Complex[padded]);
        Expected = new double[bins];
    }

    /// <summary>What <see cref="Sharpen"/> has found: the expected value for each bin.</summary>
    public double[] Expected { get; }

    /// <summary>Fills <see cref="Expected"/>. A bin that no blurred value reaches keeps its own value.</summary>
    /// <param name="histogram">Weights of the bins.</param>
    /// <param name="lowest">Value at the first bin's center.</param>
    /// <param name="step">Distance of the bins' centers; positive.</param>
    public void Sharpen(ReadOnlySpan<double> histogram, double lowest, double step)
    {
        FillGaussian(fullWidth / step);
        Deconvolve(histogram);
        for (var i = 0; i < sharpened.Length; i++)
        {
            moment[i] = sharpened[i] * (lowest + ((i - margin) * step));
        }

        Blur(moment);
        Blur(sharpened);
        for (var i = 0; i < bins; i++)
        {
            var weight = sharpened[margin + i].Real;
            Expected[i] = weight > 1e-12 ? moment[margin + i].Real / weight : lowest + (i * step);
        }
    }

    /// <summary>The Fourier transform of a Gaussian of sum 1 around place 0, cyclic.</summary>
    private void FillGaussian(double width)
    {
        var scale = 2 * Math.Sqrt(Math.Log(2) / Math.PI) / width;
        for (var i = 0; i < gaussian.Length; i++)
        {
            var distance = Math.Min(i, gaussian.Length - i) / width;
            gaussian[i] = scale * Math.Exp(-4 * Math.Log(2) * distance * distance);
        }

        Fourier.Forward(gaussian, FourierOptions.NoScaling);
    }

    private void Deconvolve(ReadOnlySpan<double> histogram)
    {
        Array.Clear(sharpened);
        for (var i = 0; i < bins; i++)
        {
            sharpened[margin + i] = histogram[i];
        }

        Fourier.Forward(sharpened, FourierOptions.NoScaling);
        for (var i = 0; i < sharpened.Length; i++)
        {
            var blur = gaussian[i].Real;
            sharpened[i] *= blur / ((blur * blur) + noise);
        }

        Fourier.Inverse(sharpened, FourierOptions.AsymmetricScaling);
        for (var i = 0; i < sharpened.Length; i++)
        {
            sharpened[i] = Math.Max(sharpened[i].Real, 0);
        }
    }

    private void Blur(Complex[] values)
    {
        Fourier.Forward(values, FourierOptions.NoScaling);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] *= gaussian[i].Real;
        }

        Fourier.Inverse(values, FourierOptions.AsymmetricScaling);
    }
}
