using System.Diagnostics;
using MetSeg.Learning.Patches;
using TorchSharp;

namespace MetSeg.Learning.Training;

/// <summary>
/// Draws the batches of an epoch ahead, on threads of this process, and gives them out in their order. A batch depends on its number alone, so
/// the threads' order changes nothing. The queue is bounded: a few batches a thread are in memory.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private const int AheadPerThread = 2;
    private const int MostThreads = 8;

    private readonly Func<int, Batch> draw;
    private readonly int count;
    private readonly Queue<Task<Batch>> ahead = new();
    private readonly Stopwatch waiting = new();
    private int started;

    /// <param name="draw">Draws the batch with a number; called from several threads at once.</param>
    /// <param name="count">Number of batches.</param>
    public BatchQueue(Func<int, Batch> draw, int count)
    {
        (this.draw, this.count) = (draw, count);
        Fill();
    }

    /// <summary>Threads that draw, beside the one that computes.</summary>
    public static int Threads { get; } = Math.Clamp(Environment.ProcessorCount / 2, 1, MostThreads);

    /// <summary>Time for which the network had to wait for batches.</summary>
    public TimeSpan Waited => waiting.Elapsed;

    /// <summary>The next batch; the caller disposes it. What went wrong in drawing it is thrown here.</summary>
    public Batch Next()
    {
        waiting.Start();
        try
        {
            return ahead.Dequeue().GetAwaiter().GetResult();
        }
        finally
        {
            waiting.Stop();
            Fill();
        }
    }

    /// <summary>Waits for the batches that are being drawn and frees them.</summary>
    public void Dispose()
    {
        foreach (var task in ahead)
        {
            ((IAsyncResult)task).AsyncWaitHandle.WaitOne();
            if (task.IsCompletedSuccessfully)
            {
                task.Result.Dispose();
            }
        }

        ahead.Clear();
    }

    private void Fill()
    {
        for (; started < count && ahead.Count < Threads * AheadPerThread; started++)
        {
            var number = started;
            ahead.Enqueue(Task.Run(() =>
            {
                // libtorch keeps this number per thread. More would have every drawing thread spin up a team of its own beside the network's.
                torch.set_num_threads(1);
                return draw(number);
            }));
        }
    }
}
