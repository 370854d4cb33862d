using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// The smooth factor by which the coil's sensitivity brightens and darkens an MR image, as N4 estimates it. It is kept as a lattice of
/// control points; its values are positive and have the mean 1 inside the mask that it was estimated in.
/// </summary>
/// <remarks>Tustison et al.: N4ITK: Improved N3 bias correction, IEEE TMI 2010;29:1310.</remarks>
public sealed class BiasField
{
    private readonly SplineLattice logarithm;

    private BiasField(Grid grid, SplineLattice logarithm)
    {
        (Grid, this.logarithm) = (grid, logarithm);
    }

    /// <summary>The grid of the image that it was estimated from.</summary>
    public Grid Grid { get; }

    /// <summary>Estimates the field of an image.</summary>
    /// <param name="volume">The image. Voxels that are not positive and finite have no part in the estimate.</param>
    /// <param name="mask">Where to estimate (not 0), on the image's grid; best the brain. The default is <see cref="Foreground.Find"/>.</param>
    /// <param name="options">How to estimate.</param>
    /// <param name="progress">Told after each iteration; the detail is the change.</param>
    /// <param name="cancellation">Ends the work between two iterations.</param>
    /// <returns>The field; 1 everywhere where all intensities inside the mask are the same.</returns>
    /// <exception cref="GridMismatchException">The mask is on another grid.</exception>
    /// <exception cref="OptionsException">An option cannot work.</exception>
    /// <exception cref="MetSegException">No voxel inside the mask is positive and finite.</exception>
    public static BiasField Estimate(
        Volume volume, LabelMap? mask = null, BiasFieldOptions? options = null,
        IProgress<Progress>? progress = null, CancellationToken cancellation = default)
    {
        options ??= new BiasFieldOptions();
        OptionsException.ThrowIfAny("Bias field options", options.Problems());
        SameGrid.ThrowIfNot(volume.Grid, mask?.Grid, "mask");
        mask ??= Foreground.Find(volume);
        var samples = LogSamples.Take(volume, mask, options.ShrinkFactor);
        if (samples.Count == 0)
        {
            throw new MetSegException("The bias field cannot be estimated: no voxel inside the mask has a positive intensity. Check image and mask.");
        }

        var field = new BiasField(volume.Grid, Fit(samples, options, volume.Grid, progress, cancellation));
        field.ScaleToMeanOne(mask);
        return field;
    }

    /// <summary>The field as an image on <see cref="Grid"/>.</summary>
    public Volume ToVolume()
    {
        var values = new float[Grid.Size.Count];
        ForEachRow((start, row) =>
        {
            for (var i = 0; i < row.Length; i++)
            {
                values[start + i] = MathF.Exp(row[i]);
            }
        });
        return new Volume(Grid, values);
    }

    /// <summary>Divides an image by the field, everywhere.</summary>
    /// <param name="volume">The image that the field was estimated from, or another of the same scan.</param>
    /// <exception cref="GridMismatchException">The image is on another grid.</exception>
    public Volume Correct(Volume volume)
    {
        SameGrid.ThrowIfNot(volume.Grid, Grid, "bias field");
        var source = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var corrected = new float[source.Length];
        ForEachRow((start, row) =>
        {
            for (var i = 0; i < row.Length; i++)
            {
                corrected[start + i] = source[start + i] * MathF.Exp(-row[i]);
            }
        });
        return new Volume(volume.Grid, corrected);
    }

    private static SplineLattice Fit(
        LogSamples samples, BiasFieldOptions options, Grid grid, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var fit = new BiasFieldFit(samples, grid.Size, options);
        for (var level = 0; level < options.Levels; level++)
        {
            if (level > 0)
            {
                fit.Start(fit.Field.Refined(
                    Halves(grid.Size.X * grid.Spacing.X, 0), Halves(grid.Size.Y * grid.Spacing.Y, 1), Halves(grid.Size.Z * grid.Spacing.Z, 2)));
            }

            for (var iteration = 1; iteration <= options.Iterations; iteration++)
            {
                cancellation.ThrowIfCancellationRequested();
                var change = fit.Iterate();
                var converged = change <= options.Convergence;
                progress?.Report(new Progress(
                    "N4", (level * options.Iterations) + (converged ? options.Iterations : iteration),
                    options.Levels * options.Iterations, $"change {change:0.0000}"));
                if (converged)
                {
                    break;
                }
            }
        }

        return fit.Field;

        bool Halves(double lengthMm, int axis) => lengthMm / fit.Field.Spans[axis] >= 2 * options.ShortestSpanMm;
    }

    /// <summary>The splines add up to 1 everywhere, so that a constant is taken from the logarithm by taking it from each control point.</summary>
    private void ScaleToMeanOne(LabelMap mask)
    {
        var labels = ImmutableCollectionsMarshal.AsArray(mask.Labels)!;
        var rows = new double[Grid.Size.Y * Grid.Size.Z];
        var counts = new int[rows.Length];
        ForEachRow((start, row) =>
        {
            var (sum, count) = (0.0, 0);
            for (var i = 0; i < row.Length; i++)
            {
                if (labels[start + i] != 0)
                {
                    sum += MathF.Exp(row[i]);
                    count++;
                }
            }

            (rows[start / Grid.Size.X], counts[start / Grid.Size.X]) = (sum, count);
        });
        var shift = Math.Log(rows.Sum() / counts.Sum(count => (long)count));
        for (var i = 0; i < logarithm.Points.Length; i++)
        {
            logarithm.Points[i] -= shift;
        }
    }

    /// <summary>Calls an action with the place of each row's first voxel and the field's logarithm along it; slices in parallel.</summary>
    private void ForEachRow(Action<int, ReadOnlySpan<float>> visit)
    {
        var (size, axes) = (Grid.Size, logarithm.AxesOf(Grid.Size));
        Parallel.For(0, size.Z, () => new float[size.X], (z, _, row) =>
        {
            Span<double> plane = stackalloc double[logarithm.CountX * logarithm.CountY];
            Span<double> line = stackalloc double[logarithm.CountX];
            logarithm.Slice(axes[2], z, plane);
            for (var y = 0; y < size.Y; y++)
            {
                SplineLattice.Row(plane, axes[1], y, line);
                for (var x = 0; x < row.Length; x++)
                {
                    row[x] = (float)SplineLattice.At(line, axes[0], x);
                }

                visit(size.Index(0, y, z), row);
            }

            return row;
        }, _ => { });
    }
}
