using System.Diagnostics;
using MetSeg.Learning.Patches;

namespace MetSeg.Learning.Training;

/// <summary>
/// Draws the batches of an epoch ahead, on threads of this process, and gives them out in their order. A batch depends on its number alone, so
/// the threads' order changes nothing. The queue is bounded: a few batches a thread are in memory.
/// </summary>
/// <remarks>
/// Without threads each batch is drawn when it is asked for: where the network computes on the processor, it has all cores busy already, and
/// libtorch's threads of two callers hinder each other (measured on two cores: twice the time a step).
/// </remarks>
internal sealed class BatchQueue : IDisposable
{
    private const int AheadPerThread = 2;
    private const int MostThreads = 8;

    private readonly Func<int, Batch> draw;
    private readonly int count;
    private readonly int threads;
    private readonly Queue<Task<Batch>> ahead = new();
    private readonly Stopwatch waiting = new();
    private int started;

    /// <param name="draw">Draws the batch with a number; called from several threads at once.</param>
    /// <param name="count">Number of batches.</param>
    /// <param name="threads">Threads that draw ahead, beside the one that computes; 0 for none.</param>
    public BatchQueue(Func<int, Batch> draw, int count, int threads)
    {
        (this.draw, this.count, this.threads) = (draw, count, threads);
        Fill();
    }

    /// <summary>The batches of a task, drawn ahead where it computes on a graphics card.</summary>
    /// <param name="task">The task.</param>
    /// <param name="generatorOf">The generator of the batch with a number.</param>
    /// <param name="count">Number of batches.</param>
    public static BatchQueue For(TrainingTask task, Func<int, Random> generatorOf, int count)
    {
        var isOnCard = task.Modules[0].Module.parameters().Any(parameter => parameter.device_type != TorchSharp.DeviceType.CPU);
        var threads = isOnCard ? Math.Clamp(Environment.ProcessorCount / 2, 1, MostThreads) : 0;
        return new BatchQueue(number => task.NextBatch(generatorOf(number)), count, threads);
    }

    /// <summary>Time for which the network had to wait for batches.</summary>
    public TimeSpan Waited => waiting.Elapsed;

    /// <summary>The next batch; the caller disposes it. What went wrong in drawing it is thrown here.</summary>
    public Batch Next()
    {
        waiting.Start();
        try
        {
            return threads == 0 ? draw(started++) : ahead.Dequeue().GetAwaiter().GetResult();
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
        for (; started < count && ahead.Count < threads * AheadPerThread; started++)
        {
            var number = started;
            ahead.Enqueue(Task.Run(() => draw(number)));
        }
    }
}
