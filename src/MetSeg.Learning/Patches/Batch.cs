using static TorchSharp.torch;

namespace MetSeg.Learning.Patches;

/// <summary>The tensors of one training step; owns and disposes them.</summary>
/// <param name="image">[N, C, Z, Y, X], 32-bit floats.</param>
/// <param name="label">[N, 1, Z, Y, X], 64-bit integers; null where the task has no labels.</param>
/// <param name="domains">The institution's number of each sample.</param>
public sealed class Batch(Tensor image, Tensor? label, IReadOnlyList<int> domains) : IDisposable
{
    /// <summary>[N, C, Z, Y, X], 32-bit floats.</summary>
    public Tensor Image { get; } = image.DetachFromDisposeScope();

    /// <summary>[N, 1, Z, Y, X], 64-bit integers; null where the task has no labels.</summary>
    public Tensor? Label { get; } = label?.DetachFromDisposeScope();

    /// <summary>The institution's number of each sample.</summary>
    public IReadOnlyList<int> Domains { get; } = domains;

    /// <summary>The same batch on a device; this one is disposed where the device differs.</summary>
    public Batch To(Device device)
    {
        if (device.type == Image.device.type && device.index == Image.device.index)
        {
            return this;
        }

        using (this)
        {
            return new Batch(Image.to(device), Label?.to(device), Domains);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Image.Dispose();
        Label?.Dispose();
    }
}
