namespace MetSeg.Learning.Tensors;

/// <summary>Width of the numbers that a network computes with. Weights, losses and sums have 32 bits in any case.</summary>
public enum Precision
{
    /// <summary>Mixed on a graphics card, 32 bits on the processor.</summary>
    Auto,

    /// <summary>32 bits everywhere.</summary>
    Fp32,

    /// <summary>
    /// Convolutions and matrix products with 16 bits: half floats on a graphics card, as nnU-Net has it, bfloat16 on the processor, where it
    /// saves memory and, on processors without instructions for it, costs much time.
    /// </summary>
    Mixed,
}
