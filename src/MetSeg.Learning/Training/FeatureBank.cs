using static TorchSharp.torch;

namespace MetSeg.Learning.Training;

/// <summary>Remembers the features of the last scans of every domain, without gradients. Owns its tensors.</summary>
/// <param name="perDomain">Scans remembered of each domain.</param>
internal sealed class FeatureBank(int perDomain)
{
    private readonly SortedDictionary<int, Queue<IReadOnlyList<Tensor>>> remembered = [];

    /// <summary>Number of scans remembered of a domain.</summary>
    public int Count(int domain) => remembered.TryGetValue(domain, out var queue) ? queue.Count : 0;

    /// <summary>The features given, and below them those remembered, with the domain of each row.</summary>
    /// <param name="features">[N, F].</param>
    /// <param name="domains">The domain of each row.</param>
    /// <param name="set">Which set of features.</param>
    public (Tensor Features, IReadOnlyList<int> Domains) Join(Tensor features, IReadOnlyList<int> domains, int set)
    {
        var rows = remembered.SelectMany(domain => domain.Value.Select(row => (Domain: domain.Key, Row: row[set]))).ToList();
        return rows.Count == 0
            ? (features, domains)
            : (cat([features, .. rows.Select(row => row.Row)], 0), [.. domains, .. rows.Select(row => row.Domain)]);
    }

    /// <summary>Remembers a batch; the oldest scans of its domains are forgotten.</summary>
    /// <param name="sets">The sets of features, [N, F] each.</param>
    /// <param name="domains">The domain of each row.</param>
    public void Add(IReadOnlyList<Tensor> sets, IReadOnlyList<int> domains)
    {
        for (var row = 0; perDomain > 0 && row < domains.Count; row++)
        {
            if (!remembered.TryGetValue(domains[row], out var queue))
            {
                remembered.Add(domains[row], queue = new Queue<IReadOnlyList<Tensor>>());
            }

            queue.Enqueue([.. sets.Select(set => set.narrow(0, row, 1).detach().clone().DetachFromDisposeScope())]);
            if (queue.Count > perDomain)
            {
                Free(queue.Dequeue());
            }
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        foreach (var row in remembered.Values.SelectMany(queue => queue))
        {
            Free(row);
        }

        remembered.Clear();
    }

    private static void Free(IReadOnlyList<Tensor> row)
    {
        foreach (var tensor in row)
        {
            tensor.Dispose();
        }
    }
}
