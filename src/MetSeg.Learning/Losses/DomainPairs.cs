using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Splits the codes of a batch by domain and compares the domains two by two.</summary>
internal static class DomainPairs
{
    /// <summary>The rows of each domain, in the order of the domains' numbers.</summary>
    /// <param name="domains">The domain of each row.</param>
    /// <param name="least">Domains with fewer rows are left out.</param>
    public static IReadOnlyList<long[]> Rows(IReadOnlyList<int> domains, int least = 1) =>
        [.. domains.Select((domain, row) => (Domain: domain, Row: (long)row)).GroupBy(pair => pair.Domain).Where(group => group.Count() >= least)
            .OrderBy(group => group.Key).Select(group => group.Select(pair => pair.Row).ToArray())];

    /// <summary>Mean of a distance over all pairs of domains; 0, with gradients of 0, where there is no pair.</summary>
    /// <param name="codes">[N, F].</param>
    /// <param name="domains">The domain of each code.</param>
    /// <param name="least">Domains with fewer codes are left out.</param>
    /// <param name="distance">Of two domains' codes, [A, F] and [B, F]; a scalar.</param>
    public static Tensor Mean(Tensor codes, IReadOnlyList<int> domains, int least, Func<Tensor, Tensor, Tensor> distance)
    {
        using var scope = NewDisposeScope();
        var groups = Rows(domains, least).Select(rows => codes.index_select(0, tensor(rows, device: codes.device))).ToList();
        var distances = new List<Tensor>();
        for (var a = 0; a < groups.Count; a++)
        {
            for (var b = a + 1; b < groups.Count; b++)
            {
                distances.Add(distance(groups[a], groups[b]));
            }
        }

        return (distances.Count == 0 ? (codes * 0).sum() : stack(distances).mean()).MoveToOuterDisposeScope();
    }

    /// <summary>Squared distances between the rows of two sets, [A, B].</summary>
    public static Tensor SquaredDistances(Tensor first, Tensor second)
    {
        using var scope = NewDisposeScope();
        var (left, right) = (first.square().sum(1, keepdim: true), second.square().sum(1, keepdim: true));
        return (left + right.transpose(0, 1) - (2 * first.matmul(second.transpose(0, 1)))).clamp_min(0).MoveToOuterDisposeScope();
    }

    /// <summary>Median of the squared distances between different rows, of which there must be two; 1 for a single row.</summary>
    /// <param name="squared">[N, N].</param>
    public static double MedianOffDiagonal(Tensor squared)
    {
        using var scope = NewDisposeScope();
        var n = squared.shape[0];
        return n < 2 ? 1 : squared.detach().masked_select(eye(n, device: squared.device).logical_not()).median().ToDouble();
    }
}
