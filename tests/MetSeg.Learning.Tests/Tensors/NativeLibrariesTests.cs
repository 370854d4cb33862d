using MetSeg.Learning.Tensors;
using TorchSharp;
using Xunit;

namespace MetSeg.Learning.Tests.Tensors;

public class NativeLibrariesTests
{
    [Fact]
    public void The_packaged_library_loads_and_computes()
    {
        var installation = NativeLibraries.Load();

        using var scope = torch.NewDisposeScope();
        Assert.Equal(6, torch.tensor(new float[] { 1, 2, 3 }).sum().item<float>());
        Assert.StartsWith("2.", installation.Version);
    }

    [Fact]
    public void The_build_made_the_unused_version_need_weak()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux libraries have symbol versions.");
        var needs = ElfVersionNeeds.Read(Path.Combine(AppContext.BaseDirectory, "libtorch", "libLibTorchSharp.so"));

        Assert.Contains(needs, need => need is { Name: "GLIBCXX_3.4.32", IsWeak: true });
        Assert.Contains(needs, need => need is { Name: "GLIBCXX_3.4", IsWeak: false });
    }
}
