using TorchSharp;
using Xunit;

namespace MetSeg.Learning.Tests;

/// <summary>
/// Tells whether work leaves tensors behind. libtorch counts the tensors of the whole process, and the garbage collector may free those of
/// earlier tests at any time: it is let do so first, and fewer tensors than before are no leak.
/// </summary>
internal static class LiveTensors
{
    /// <summary>Fails where more tensors live after the work than before it.</summary>
    public static void AssertNoneLeftBy(Action work)
    {
        var before = Settled();
        work();
        Assert.InRange(torch.Tensor.TotalCount, 0, before);
    }

    /// <summary>The tensors that something still holds.</summary>
    public static long Settled()
    {
        for (var pass = 0; pass < 2; pass++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        return torch.Tensor.TotalCount;
    }
}
