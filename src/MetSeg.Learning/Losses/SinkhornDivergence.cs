using TorchSharp;
using static TorchSharp.torch;

namespace MetSeg.Learning.Losses;

/// <summary>Debiased entropic optimal transport between the codes of domains: 0 for equal sets, and a gradient however far apart they are.</summary>
/// <remarks>Feydy et al., AISTATS 2019: eq. 3 (divergence), eq. 8 to 10 (log-domain and symmetric updates); cost ½‖x − y‖².</remarks>
public static class SinkhornDivergence
{
    private const double Scaling = 0.5;

    /// <summary>
    /// Mean over all pairs of domains of the divergence of their codes, measured in units of the batch's median squared distance, which
    /// counts as a constant. 0 where fewer than two domains are present.
    /// </summary>
    /// <param name="codes">[N, L].</param>
    /// <param name="domains">The domain of each code; N numbers.</param>
    /// <param name="blur">√ε in units of the median distance.</param>
    /// <param name="iterations">Updates at the final ε.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Compute(Tensor codes, IReadOnlyList<int> domains, double blur, int iterations)
    {
        using var scope = NewDisposeScope();
        var unit = Math.Sqrt(Math.Max(DomainPairs.MedianOffDiagonal(DomainPairs.SquaredDistances(codes, codes)), 1e-12));
        return DomainPairs.Mean(codes / unit, domains, least: 1, (first, second) => Between(first, second, blur * blur, iterations))
            .MoveToOuterDisposeScope();
    }

    /// <summary>OT_ε(α, β) − ½·OT_ε(α, α) − ½·OT_ε(β, β) of two sets of equally weighted points.</summary>
    /// <param name="first">[A, L].</param>
    /// <param name="second">[B, L].</param>
    /// <param name="epsilon">ε, in units of the cost.</param>
    /// <param name="iterations">Updates at this ε, after those that led down to it.</param>
    /// <returns>A scalar.</returns>
    public static Tensor Between(Tensor first, Tensor second, double epsilon, int iterations)
    {
        using var scope = NewDisposeScope();
        var (cross, left, right) = (Cost(first, second), Cost(first, first), Cost(second, second));
        var (f, g) = Potentials(cross.detach(), epsilon, iterations);
        var (p, q) = (SymmetricPotential(left.detach(), epsilon, iterations), SymmetricPotential(right.detach(), epsilon, iterations));

        // At the optimum the potentials' own change costs nothing: one more update of each, with points that move on one side alone.
        var onFirst = Update(Cost(first, second.detach()), g, epsilon) - Update(Cost(first, first.detach()), p, epsilon);
        var onSecond = Update(Cost(second, first.detach()), f, epsilon) - Update(Cost(second, second.detach()), q, epsilon);
        return (onFirst.mean() + onSecond.mean()).MoveToOuterDisposeScope();
    }

    private static Tensor Cost(Tensor first, Tensor second) => 0.5 * DomainPairs.SquaredDistances(first, second);

    private static (Tensor First, Tensor Second) Potentials(Tensor cost, double epsilon, int iterations)
    {
        var (f, g) = (zeros(cost.shape[0], cost.dtype, cost.device), zeros(cost.shape[1], cost.dtype, cost.device));
        foreach (var step in Schedule(cost, epsilon, iterations))
        {
            var (nextF, nextG) = (Update(cost, g, step), Update(cost.transpose(0, 1), f, step));
            (f, g) = ((f + nextF) / 2, (g + nextG) / 2);
        }

        return (f, g);
    }

    private static Tensor SymmetricPotential(Tensor cost, double epsilon, int iterations)
    {
        var f = zeros(cost.shape[0], cost.dtype, cost.device);
        foreach (var step in Schedule(cost, epsilon, iterations))
        {
            f = (f + Update(cost, f, step)) / 2;
        }

        return f;
    }

    /// <summary>From the largest cost down to ε by quarters, then as often at ε as is asked.</summary>
    private static IEnumerable<double> Schedule(Tensor cost, double epsilon, int iterations)
    {
        for (var step = cost.max().ToDouble(); step > epsilon; step *= Scaling * Scaling)
        {
            yield return step;
        }

        for (var i = 0; i < iterations; i++)
        {
            yield return epsilon;
        }
    }

    /// <summary>−ε·log of the mean over j of exp((gⱼ − Cᵢⱼ)/ε): one potential from the other, [A].</summary>
    private static Tensor Update(Tensor cost, Tensor potential, double epsilon) =>
        -epsilon * (((potential - cost) / epsilon).logsumexp(1) - Math.Log(cost.shape[1]));
}
