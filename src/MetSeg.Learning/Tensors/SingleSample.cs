using static TorchSharp.torch;

namespace MetSeg.Learning.Tensors;

/// <summary>
/// Networks run on one sample at a time as a batch of two. libtorch hands 3-D convolutions to oneDNN only where the batch has more than one
/// sample or N·C·Z·Y exceeds 20,480; a single small tile goes to a kernel that was measured ten times slower.
/// </summary>
/// <remarks>ConvParams::use_mkldnn in libtorch 2.10, aten/src/ATen/native/Convolution.cpp.</remarks>
public static class SingleSample
{
    /// <summary>The sample twice where it lies on the CPU, else once; to be concatenated along the batch.</summary>
    /// <param name="sample">[1, …].</param>
    public static IList<Tensor> Double(Tensor sample) => sample.device.type == TorchSharp.DeviceType.CPU ? [sample, sample] : [sample];

    /// <summary>Runs a network on one sample [1, …]; samples of a batch must not influence each other.</summary>
    public static Tensor Run(Func<Tensor, Tensor> network, Tensor sample)
    {
        using var scope = NewDisposeScope();
        return network(cat(Double(sample), 0)).narrow(0, 0, 1).contiguous().MoveToOuterDisposeScope();
    }
}
