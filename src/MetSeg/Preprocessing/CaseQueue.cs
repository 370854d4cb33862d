using System.Runtime.ExceptionServices;

namespace MetSeg.Preprocessing;

/// <summary>Works through the cases of a data set, two at a time: a case takes several times its scans' size in memory.</summary>
internal static class CaseQueue
{
    private const int AtOnce = 2;

    /// <summary>Applies <paramref name="work"/> to every case; results are in the order of the cases.</summary>
    /// <exception cref="MetSegException">The first fault met; cases that are under way are finished, no more are started.</exception>
    public static T[] Run<T>(
        IReadOnlyList<Case> cases, string task, Func<Case, T> work, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        var results = new T[cases.Count];
        var done = 0;
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation };
        try
        {
            Parallel.For(0, cases.Count, options, i =>
            {
                try
                {
                    results[i] = work(cases[i]);
                }
                catch (DatasetException exception)
                {
                    throw new DatasetException($"Case '{cases[i].Id}': {exception.Message}");
                }

                progress?.Report(new Progress(task, Interlocked.Increment(ref done), cases.Count, cases[i].Id));
            });
        }
        catch (AggregateException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerExceptions[0]);
        }

        return results;
    }
}
