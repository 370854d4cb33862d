using MetSeg.Preprocessing;
using Xunit;

namespace MetSeg.Tests.Preprocessing;

public class LogitDecodingTests
{
    [Fact]
    public void The_largest_logit_decides_and_the_first_of_equal_ones()
    {
        // Voxels: background wins, 7 wins, 4 wins, a tie of all.
        float[] logits = [2, 0, 0, 1, /**/ 0, 3, 0, 1, /**/ 1, 0, 4, 1];

        var (labels, foreground) = Decode(new LogitDecoding([0, 7, 4], hasRegions: false), logits, voxels: 4);

        Assert.Equal([0, 7, 4, 0], labels);
        Assert.Equal((1 + Math.E) / (1 + Math.E + (Math.E * Math.E)), foreground[0], tolerance: 1e-6);
        Assert.Equal(2 / 3.0, foreground[3], tolerance: 1e-6);
    }

    [Fact]
    public void Regions_above_a_half_are_written_in_their_order_and_later_ones_overwrite()
    {
        // Whole tumor (written as 2), core within it (written as 1), each with its own sigmoid. The last voxel is exactly at a half.
        float[] logits = [-1, 1, 1, -2, 0, /**/ -3, -1, 2, 1, -4];

        var (labels, foreground) = Decode(new LogitDecoding([2, 1], hasRegions: true), logits, voxels: 5);

        Assert.Equal([0, 2, 1, 1, 0], labels);
        Assert.Equal(1 / (1 + Math.Exp(-2)), foreground[2], tolerance: 1e-6);
        Assert.Equal(1 / (1 + Math.Exp(-1)), foreground[3], tolerance: 1e-6);
    }

    [Fact]
    public void Probabilities_of_classes_sum_to_1_however_large_the_logits()
    {
        var decoding = new LogitDecoding([0, 1, 2], hasRegions: false);
        float[] logits = [900, -1, 0, /**/ 890, -2, 1000, /**/ -900, 3, 999];

        var probabilities = Enumerable.Range(0, 3).Select(output => Probability(decoding, logits, output, voxels: 3)).ToList();

        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(1, probabilities.Sum(values => (double)values[i]), tolerance: 1e-6));
        Assert.Equal(1 / (1 + Math.Exp(-10)), probabilities[0][0], tolerance: 1e-6);
        var (_, foreground) = Decode(decoding, logits, voxels: 3);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(probabilities[1][i] + probabilities[2][i], foreground[i], tolerance: 1e-6));
    }

    [Fact]
    public void A_regions_probability_is_its_own_sigmoid() => Assert.Equal(
        [0.5f, 1 / (1 + MathF.Exp(-3))], Probability(new LogitDecoding([1, 2], hasRegions: true), [9, 9, 0, 3], output: 1, voxels: 2), (a, b) => Math.Abs(a - b) < 1e-6);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1, 2)]
    [InlineData(false, 0, 256)]
    [InlineData(true)]
    [InlineData(true, -1)]
    public void Labels_that_cannot_be_written_are_refused(bool hasRegions, params int[] labels) =>
        Assert.Throws<ArgumentException>(() => new LogitDecoding(labels, hasRegions));

    [Fact]
    public void Background_is_an_output_of_classes_alone()
    {
        Assert.Equal([1, 2], new LogitDecoding([0, 1, 2], hasRegions: false).Foreground);
        Assert.Equal([0, 1], new LogitDecoding([2, 1], hasRegions: true).Foreground);
    }

    private static (byte[] Labels, float[] Foreground) Decode(LogitDecoding decoding, float[] logits, int voxels)
    {
        var (labels, foreground) = (new byte[voxels], new float[voxels]);
        decoding.Decode([.. logits], new float[voxels], labels, foreground);
        return (labels, foreground);
    }

    private static float[] Probability(LogitDecoding decoding, float[] logits, int output, int voxels)
    {
        var probability = new float[voxels];
        decoding.Probability([.. logits], output, new float[voxels], probability);
        return probability;
    }
}
