using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// Identity on the way forward, the gradient times −α on the way back: what follows learns to tell the domains apart, what comes before
/// learns to hide them.
/// </summary>
/// <remarks>Ganin et al., JMLR 17(59), 2016, eq. 14 and 15.</remarks>
public static class GradientReversal
{
    /// <summary>Applies it. The values are those of <paramref name="input"/> to the last bit.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="strength">α, not negative; 0 cuts the gradient.</param>
    public static Tensor Apply(Tensor input, double strength)
    {
        using var scope = NewDisposeScope();
        var reversed = input * -strength;
        return (input.detach() + (reversed - reversed.detach())).MoveToOuterDisposeScope();
    }
}
