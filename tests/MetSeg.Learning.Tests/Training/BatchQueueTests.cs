using MetSeg.Learning.Patches;
using MetSeg.Learning.Training;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Training;

public class BatchQueueTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    public void Batches_come_in_their_order_whatever_the_threads_do(int threads)
    {
        using var queue = new BatchQueue(
            number =>
            {
                Thread.SpinWait(number % 3 == 0 ? 200_000 : 10);
                return Batch(number);
            },
            count: 20,
            threads);

        for (var number = 0; number < 20; number++)
        {
            using var batch = queue.Next();
            Assert.Equal(number, batch.Image.item<float>());
        }
    }

    [Fact]
    public void No_more_than_a_few_batches_are_drawn_ahead()
    {
        var drawn = 0;
        using (var queue = new BatchQueue(
            number =>
            {
                Interlocked.Increment(ref drawn);
                return Batch(number);
            },
            count: 1000,
            threads: 2))
        {
            queue.Next().Dispose();
        }

        Assert.InRange(drawn, 1, 1 + (3 * 2));
    }

    [Fact]
    public void What_goes_wrong_in_drawing_is_thrown_and_the_rest_is_freed() => LiveTensors.AssertNoneLeftBy(() =>
    {
        using var queue = new BatchQueue(number => number == 1 ? throw new MetSegException("broken case") : Batch(number), count: 5, threads: 2);
        queue.Next().Dispose();

        Assert.Equal("broken case", Assert.Throws<MetSegException>(queue.Next).Message);
    });

    private static Batch Batch(int number) => new(tensor((float)number), null, []);
}
