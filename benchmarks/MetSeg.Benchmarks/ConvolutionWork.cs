using MetSeg.Learning.Networks;

namespace MetSeg.Benchmarks;

/// <summary>Floating-point operations of a U-Net's convolutions: two per multiplication and addition of one tap. Norms and activations count nothing.</summary>
internal static class ConvolutionWork
{
    /// <summary>Operations of one forward pass that gives logits at full resolution.</summary>
    /// <param name="options">The network.</param>
    /// <param name="voxels">Voxels in, over all samples; divisible by all strides together.</param>
    public static double Forward(UNetOptions options, long voxels) => Taps(options, voxels).Sum() * 2;

    /// <summary>
    /// Operations of a forward and a backward pass: backward each convolution is done twice, for its input's gradient and for its weights';
    /// the first has no gradient of its input to find.
    /// </summary>
    /// <inheritdoc cref="Forward" path="/param"/>
    public static double ForwardAndBackward(UNetOptions options, long voxels) => (3 * Forward(options, voxels)) - (2 * Taps(options, voxels).First());

    /// <summary>Multiplications of each convolution in the order of the pass.</summary>
    private static IEnumerable<double> Taps(UNetOptions options, long voxels)
    {
        var sizes = new List<double>();
        for (var (s, channels, left) = (0, options.Channels, (double)voxels); s < options.Features.Count; channels = options.Features[s], s++)
        {
            left /= Product(options.Strides[s]);
            sizes.Add(left);
            for (var i = 0; i < (options.EncoderBlocks?[s] ?? 2); i++)
            {
                yield return left * (i == 0 ? channels : options.Features[s]) * options.Features[s] * Product(options.Kernels[s]);
            }
        }

        for (var s = options.Features.Count - 2; s >= 0; s--)
        {
            var (features, kernel) = (options.Features[s], Product(options.Kernels[s]));
            yield return sizes[s] * options.Features[s + 1] * features;
            for (var i = 0; i < (options.DecoderConvolutions?[options.Features.Count - 2 - s] ?? 2); i++)
            {
                yield return sizes[s] * (i == 0 ? 2 : 1) * features * features * kernel;
            }
        }

        yield return sizes[0] * options.Features[0] * options.Classes;
    }

    private static long Product(int[] values) => values.Aggregate(1L, (product, value) => product * value);
}
