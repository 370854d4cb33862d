using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MetSeg.Learning.Networks;

/// <summary>
/// 3-D self-attention over all positions of a feature map: [N, C, Z, Y, X] to the same. Query and key have C / 8 channels, the value C;
/// output = input + γ·attention with γ learnt, starting at 0.
/// </summary>
/// <remarks>Paper P1 (VAE-MMD), encoder blocks 3 and 4; the form of Zhang et al., SAGAN, ICML 2019. Memory grows with (Z·Y·X)².</remarks>
public sealed class SelfAttention : nn.Module<Tensor, Tensor>
{
    private readonly Conv3d query;
    private readonly Conv3d key;
    private readonly Conv3d value;
    private readonly Parameter gamma;

    /// <summary>Creates the layer.</summary>
    /// <param name="channels">Channels in and out.</param>
    /// <param name="reduction">Divides the channels of query and key. The default is 8.</param>
    public SelfAttention(int channels, int reduction = 8)
        : base(nameof(SelfAttention))
    {
        var inner = Math.Max(1, channels / reduction);
        query = nn.Conv3d(channels, inner, 1L);
        key = nn.Conv3d(channels, inner, 1L);
        value = nn.Conv3d(channels, channels, 1L);
        gamma = new Parameter(zeros(1));
        RegisterComponents();
    }

    /// <inheritdoc/>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var queries = query.forward(input).flatten(2).transpose(1, 2);
        var weights = nn.functional.softmax(queries.matmul(key.forward(input).flatten(2)), dim: -1);
        var attended = value.forward(input).flatten(2).matmul(weights.transpose(1, 2)).reshape(input.shape);
        return (input + (gamma * attended)).MoveToOuterDisposeScope();
    }
}
