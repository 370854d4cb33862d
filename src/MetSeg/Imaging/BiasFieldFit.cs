namespace MetSeg.Imaging;

/// <summary>
/// The iterations of N4 on the samples of an image: sharpen the histogram of the logarithms without the field, fit a smooth function to what
/// the sharpening took away, add it to the field. Partial sums are kept by slice and added in order, so that the result does not depend on
/// the number of processors.
/// </summary>
/// <remarks>
/// Tustison et al., IEEE TMI 2010;29:1310 (scheme); Lee, Wolberg, Shin, IEEE T Vis Comput Graph 1997;3:228, eqs. 3–5 (fit of scattered data:
/// a control point is Σw²φ/Σw² with φ = w·value/Σw², whose sums over a grid factor into the axes).
/// </remarks>
internal sealed class BiasFieldFit
{
    private readonly LogSamples samples;
    private readonly Size size;
    private readonly HistogramSharpening sharpening;
    private readonly float[] uncorrected;
    private readonly float[] residual;
    private readonly double[] histograms;
    private readonly (double Low, double High, double Sum, double Squares)[] slices;
    private double[] partial = [];
    private double[] numerator = [];
    private double[] density = [];
    private SplineAxis[] axes = [];

    /// <summary>Starts with a field of 1 everywhere.</summary>
    /// <param name="samples">What to look at.</param>
    /// <param name="size">Size of the image that the samples are from.</param>
    /// <param name="options">How to estimate.</param>
    public BiasFieldFit(LogSamples samples, Size size, BiasFieldOptions options)
    {
        (this.samples, this.size) = (samples, size);
        sharpening = new HistogramSharpening(options.HistogramBins, options.FullWidth, options.WienerNoise);
        (uncorrected, residual) = ([.. samples.Logs], new float[samples.Count]);
        histograms = new double[samples.Size.Z * options.HistogramBins];
        slices = new (double, double, double, double)[samples.Size.Z];
        Field = SplineLattice.Zero(1, 1, 1);
        Start(Field);
    }

    /// <summary>The logarithm of the field.</summary>
    public SplineLattice Field { get; private set; }

    /// <summary>Goes on with a lattice that describes the same field.</summary>
    public void Start(SplineLattice field)
    {
        Field = field;
        axes = field.AxesOf(size, samples.Voxels);
        numerator = new double[field.Points.Length];
        density = new double[field.Points.Length];
        partial = new double[field.CountX * field.CountY * samples.Size.Z];
        residual.AsSpan().Fill(1);
        Scatter(density, axes[0].Squares, axes[1].Squares, axes[2].Squares);
        Evaluate();
    }

    /// <summary>One iteration.</summary>
    /// <returns>The coefficient of variation, over the samples, of the new field divided by the old one.</returns>
    public double Iterate()
    {
        if (!Sharpen())
        {
            return 0;
        }

        Scatter(numerator, axes[0].Cubes, axes[1].Cubes, axes[2].Cubes);
        for (var i = 0; i < numerator.Length; i++)
        {
            Field.Points[i] += density[i] > 0 ? numerator[i] / density[i] : 0;
        }

        Evaluate();
        var (sum, squares) = (slices.Sum(slice => slice.Sum), slices.Sum(slice => slice.Squares));
        var variance = Math.Max(squares - (sum * sum / samples.Count), 0) / Math.Max(samples.Count - 1, 1);
        return Math.Sqrt(variance) / (1 + (sum / samples.Count));
    }

    /// <summary>Sets the residuals to what sharpening takes away. False where all intensities are the same, so that nothing is to be done.</summary>
    private bool Sharpen()
    {
        var (low, high) = (slices.Min(slice => slice.Low), slices.Max(slice => slice.High));
        var bins = sharpening.Expected.Length;
        var step = (high - low) / (bins - 1);
        if (!(step > 1e-9))
        {
            return false;
        }

        Array.Clear(histograms);
        Parallel.For(0, samples.Size.Z, z => Count(z, low, step, histograms.AsSpan(z * bins, bins)));
        var histogram = histograms.AsSpan(0, bins);
        for (var i = bins; i < histograms.Length; i++)
        {
            histogram[i % bins] += histograms[i];
        }

        sharpening.Sharpen(histogram, low, step);
        Parallel.For(0, samples.Size.Z, z => Subtract(z, low, step));
        return true;
    }

    /// <summary>A value's weight is shared between the two nearest bins.</summary>
    private void Count(int z, double low, double step, Span<double> histogram)
    {
        foreach (var value in uncorrected.AsSpan(SamplesOf(z)))
        {
            var (bin, share) = PlaceOf(value, low, step, histogram.Length);
            histogram[bin] += 1 - share;
            histogram[bin + 1] += share;
        }
    }

    private void Subtract(int z, double low, double step)
    {
        var expected = sharpening.Expected;
        var (start, end) = (SamplesOf(z).Start.Value, SamplesOf(z).End.Value);
        for (var i = start; i < end; i++)
        {
            var (bin, share) = PlaceOf(uncorrected[i], low, step, expected.Length);
            residual[i] = (float)(uncorrected[i] - (expected[bin] + (share * (expected[bin + 1] - expected[bin]))));
        }
    }

    private static (int Bin, double Share) PlaceOf(float value, double low, double step, int bins)
    {
        var place = (value - low) / step;
        var bin = Math.Clamp((int)place, 0, bins - 2);
        return (bin, place - bin);
    }

    private Range SamplesOf(int z) => samples.RowStarts[z * samples.Size.Y]..samples.RowStarts[(z + 1) * samples.Size.Y];

    /// <summary>Sums of residual times weight for each control point.</summary>
    private void Scatter(double[] sums, double[] alongX, double[] alongY, double[] alongZ)
    {
        var plane = Field.CountX * Field.CountY;
        Parallel.For(0, samples.Size.Z, z => ScatterSlice(z, partial.AsSpan(z * plane, plane), alongX, alongY));
        Array.Clear(sums);
        for (var z = 0; z < samples.Size.Z; z++)
        {
            for (var tap = 0; tap < SplineAxis.Support; tap++)
            {
                var target = sums.AsSpan((axes[2].First[z] + tap) * plane, plane);
                AddScaled(target, partial.AsSpan(z * plane, plane), alongZ[(SplineAxis.Support * z) + tap]);
            }
        }
    }

    private void ScatterSlice(int z, Span<double> plane, double[] alongX, double[] alongY)
    {
        plane.Clear();
        Span<double> line = stackalloc double[Field.CountX];
        for (var y = 0; y < samples.Size.Y; y++)
        {
            var row = y + (samples.Size.Y * z);
            var (start, end) = (samples.RowStarts[row], samples.RowStarts[row + 1]);
            if (start == end)
            {
                continue;
            }

            line.Clear();
            for (var i = start; i < end; i++)
            {
                var x = samples.Columns[i];
                var weights = alongX.AsSpan(SplineAxis.Support * x, SplineAxis.Support);
                var points = line.Slice(axes[0].First[x], SplineAxis.Support);
                AddScaled(points, weights, residual[i]);
            }

            for (var tap = 0; tap < SplineAxis.Support; tap++)
            {
                AddScaled(plane.Slice((axes[1].First[y] + tap) * line.Length, line.Length), line, alongY[(SplineAxis.Support * y) + tap]);
            }
        }
    }

    private static void AddScaled(Span<double> target, ReadOnlySpan<double> source, double factor)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] += factor * source[i];
        }
    }

    /// <summary>Takes the field from the logarithms, and notes their range and the sums of the change for each slice.</summary>
    private void Evaluate() => Parallel.For(0, samples.Size.Z, z =>
    {
        Span<double> plane = stackalloc double[Field.CountX * Field.CountY];
        Span<double> line = stackalloc double[Field.CountX];
        var (low, high, sum, squares) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0);
        Field.Slice(axes[2], z, plane);
        for (var y = 0; y < samples.Size.Y; y++)
        {
            var row = y + (samples.Size.Y * z);
            SplineLattice.Row(plane, axes[1], y, line);
            for (var i = samples.RowStarts[row]; i < samples.RowStarts[row + 1]; i++)
            {
                var log = (float)(samples.Logs[i] - SplineLattice.At(line, axes[0], samples.Columns[i]));
                var change = Math.Exp(uncorrected[i] - log) - 1;
                (sum, squares) = (sum + change, squares + (change * change));
                (low, high) = (Math.Min(low, log), Math.Max(high, log));
                uncorrected[i] = log;
            }
        }

        slices[z] = (low, high, sum, squares);
    });
}
