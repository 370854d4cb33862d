using MetSeg.Imaging;

namespace MetSeg.Preprocessing;

/// <summary>A network's logits of one output on the grid that it saw, x fastest. Asked for by several threads at once.</summary>
/// <param name="output">Which output.</param>
public delegate ReadOnlySpan<float> OutputLogits(int output);

/// <summary>
/// Brings a network's logits back to the grid of the scan's file: linear resampling to the crop, the decision on the fly, pasting, turning the
/// axes back. A few rows of the resampled logits are held at a time, never all outputs of all voxels.
/// </summary>
/// <remarks>
/// nnU-Net v2's convert_predicted_logits_to_segmentation_with_correct_shape: logits are interpolated, not probabilities; along an axis treated
/// apart (<see cref="ShapeResampling.SeparateAxis"/>) the nearest counts.
/// </remarks>
public sealed class LogitExport
{
    /// <summary>Rows that are resampled, output after output, before they are decided upon.</summary>
    private const int RowsAtOnce = 8;

    private readonly OutputLogits logits;
    private readonly CaseGeometry geometry;
    private readonly LogitDecoding decoding;
    private readonly RowResampling resampling;

    /// <summary>Prepares the way back.</summary>
    /// <param name="logits">The logits of every output, on <see cref="CaseGeometry.Preprocessed"/>.</param>
    /// <param name="geometry">The case's way to the network.</param>
    /// <param name="networkSpacing">The voxel size that the plans asked for; <see cref="CaseGeometry.Preprocessed"/> reaches it up to rounding.</param>
    /// <param name="decoding">What the outputs mean.</param>
    /// <exception cref="ArgumentException">An output has more or fewer logits than the grid has voxels.</exception>
    public LogitExport(OutputLogits logits, CaseGeometry geometry, Spacing networkSpacing, LogitDecoding decoding)
    {
        (this.logits, this.geometry, this.decoding) = (logits, geometry, decoding);
        var size = geometry.Preprocessed.Size;
        resampling = new RowResampling(size, geometry.Crop.Size, ShapeResampling.SeparateAxis(networkSpacing, geometry.Reoriented.Spacing));
        for (var output = 0; output < decoding.Outputs; output++)
        {
            if (logits(output).Length != size.Count)
            {
                throw new ArgumentException($"Output {output} has {logits(output).Length} logits for {size} voxels.", nameof(logits));
            }
        }
    }

    /// <summary>The segmentation and the probability of foreground; background outside the crop.</summary>
    public Prediction Segment()
    {
        var (labels, foreground) = (new byte[geometry.Reoriented.Size.Count], new float[geometry.Reoriented.Size.Count]);
        ForEachBlock([.. Enumerable.Range(0, decoding.Outputs)], block =>
        {
            decoding.Decode(block.Logits, block.Scratch, block.Labels, block.Probability);
            Paste<byte>(block, block.Labels, labels);
            Paste<float>(block, block.Probability, foreground);
        });
        return new Prediction(
            Orientation.To(new LabelMap(geometry.Reoriented, labels), geometry.Original),
            Orientation.To(new Volume(geometry.Reoriented, foreground), geometry.Original));
    }

    /// <summary>The probability of one output: its share in the softmax or, of a region, its sigmoid; 0 outside the crop, but 1 of the background.</summary>
    /// <param name="output">Which output.</param>
    public Volume Probability(int output)
    {
        var probability = new float[geometry.Reoriented.Size.Count];
        Array.Fill(probability, decoding.Foreground.Contains(output) ? 0 : 1);
        ForEachBlock(decoding.HasRegions ? [output] : [.. Enumerable.Range(0, decoding.Outputs)], block =>
        {
            decoding.Probability(block.Logits, output, block.Scratch, block.Probability);
            Paste<float>(block, block.Probability, probability);
        });
        return Orientation.To(new Volume(geometry.Reoriented, probability), geometry.Original);
    }

    /// <summary>Resamples the outputs asked for a few rows at a time; threads take slices of the crop, each with one block of its own.</summary>
    private void ForEachBlock(int[] outputs, Action<Block> use)
    {
        var size = geometry.Crop.Size;
        Parallel.For(0, size.Z, () => new Block(size.X, geometry.Preprocessed.Size.X, decoding.Outputs), (z, _, block) =>
        {
            for (var y = 0; y < size.Y; y += RowsAtOnce)
            {
                block.MoveTo((y, z), Math.Min(RowsAtOnce, size.Y - y));
                foreach (var output in outputs)
                {
                    Resample(block, output);
                }

                use(block);
            }

            return block;
        }, _ => { });
    }

    private void Resample(Block block, int output)
    {
        var source = logits(output);
        var rows = block.LogitsOf(output);
        for (var row = 0; row < block.Rows; row++)
        {
            resampling.Interpolate(source, (block.First.Y + row, block.First.Z), block.SourceRows, rows.Slice(row * block.Width, block.Width));
        }
    }

    private void Paste<T>(Block block, ReadOnlySpan<T> values, T[] whole)
    {
        var crop = geometry.Crop;
        for (var row = 0; row < block.Rows; row++)
        {
            var start = geometry.Reoriented.Size.Index(crop.X, crop.Y + block.First.Y + row, crop.Z + block.First.Z);
            values.Slice(row * block.Width, block.Width).CopyTo(whole.AsSpan(start));
        }
    }

    /// <summary>A thread's buffers for a few rows.</summary>
    private sealed class Block(int width, int sourceWidth, int outputs)
    {
        private readonly float[] logits = new float[outputs * RowsAtOnce * width];
        private readonly float[] scratch = new float[RowsAtOnce * width];
        private readonly float[] probability = new float[RowsAtOnce * width];
        private readonly byte[] labels = new byte[RowsAtOnce * width];

        public int Width => width;

        public (int Y, int Z) First { get; private set; }

        public int Rows { get; private set; }

        /// <summary>[outputs][Rows][Width].</summary>
        public Span<float> Logits => logits.AsSpan(0, outputs * Rows * width);

        public Span<float> Scratch => scratch.AsSpan(0, Rows * width);

        public Span<float> Probability => probability.AsSpan(0, Rows * width);

        public Span<byte> Labels => labels.AsSpan(0, Rows * width);

        /// <summary>Two rows of the logits before they are resampled.</summary>
        public float[] SourceRows { get; } = new float[2 * sourceWidth];

        public void MoveTo((int Y, int Z) first, int rows) => (First, Rows) = (first, rows);

        public Span<float> LogitsOf(int output) => logits.AsSpan(output * Rows * width, Rows * width);
    }
}
