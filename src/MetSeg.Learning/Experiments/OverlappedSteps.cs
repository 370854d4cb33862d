namespace MetSeg.Learning.Experiments;

/// <summary>
/// Three steps that every item of a list goes through. While the second works on one item, other threads prepare the next and finish the one
/// before: no more than these three are in memory. Each step takes the items in their order, so the results are those of one after the other.
/// </summary>
/// <param name="Prepare">The first step.</param>
/// <param name="Compute">The second, on the caller's thread.</param>
/// <param name="Finish">The third.</param>
internal sealed record OverlappedSteps<TItem, TPrepared, TComputed>(
    Func<TItem, TPrepared> Prepare, Func<TPrepared, TComputed> Compute, Action<TComputed> Finish)
{
    /// <summary>Works through the list. At the first fault, or when asked to stop, the items before it are finished and none after it is.</summary>
    /// <param name="items">The items.</param>
    /// <param name="overlaps">Whether the steps overlap; else one item is finished before the next is begun.</param>
    /// <param name="cancellation">Checked before an item is begun and before it is computed; what is computed is finished.</param>
    public void Run(IReadOnlyList<TItem> items, bool overlaps, CancellationToken cancellation)
    {
        if (overlaps)
        {
            Overlap(items, cancellation);
            return;
        }

        foreach (var item in items)
        {
            cancellation.ThrowIfCancellationRequested();
            Finish(Compute(Prepare(item)));
        }
    }

    private void Overlap(IReadOnlyList<TItem> items, CancellationToken cancellation)
    {
        Task<TPrepared>? Begin(int i) => i < items.Count ? Task.Run(() => Prepare(items[i]), cancellation) : null;
        var (ahead, behind) = (Begin(0), Task.CompletedTask);
        try
        {
            for (var next = 1; ahead is not null; next++)
            {
                var prepared = ahead.GetAwaiter().GetResult();
                cancellation.ThrowIfCancellationRequested();
                ahead = Begin(next);
                var computed = Compute(prepared);
                behind.GetAwaiter().GetResult();
                behind = Task.Run(() => Finish(computed), CancellationToken.None);
            }
        }
        finally
        {
            ((IAsyncResult?)ahead)?.AsyncWaitHandle.WaitOne();
            behind.GetAwaiter().GetResult();        // its fault is the earlier item's
        }
    }
}
