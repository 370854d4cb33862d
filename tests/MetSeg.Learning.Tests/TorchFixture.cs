using MetSeg.Learning.Tensors;
using TorchSharp;
using Xunit;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]
[assembly: AssemblyFixture(typeof(MetSeg.Learning.Tests.TorchFixture))]

namespace MetSeg.Learning.Tests;

/// <summary>Loads libtorch once before any test; tests run one after the other because libtorch's generator is global.</summary>
public sealed class TorchFixture
{
    public TorchFixture()
    {
        NativeLibraries.Load();
        torch.set_num_threads(1);       // tiny tensors are computed faster by one thread than shared out
    }
}
