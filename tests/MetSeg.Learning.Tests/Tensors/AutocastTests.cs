using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Tensors;

public class AutocastTests
{
    [Fact]
    public void The_processor_computes_with_32_bits_unless_told_otherwise()
    {
        Assert.Null(Autocast.TypeFor(Precision.Auto, CPU));
        Assert.Null(Autocast.TypeFor(Precision.Fp32, CPU));
        Assert.Null(Autocast.Enter(null, CPU));
    }

    [Fact]
    public void Convolutions_are_narrow_inside_and_wide_outside()
    {
        Assert.SkipUnless(Autocast.IsAvailable, "This libtorch does not let its automatic mixed precision be asked for.");
        using var scope = NewDisposeScope();
        using var convolution = nn.Conv3d(1, 2, 3L);
        var image = ones([1, 1, 4, 4, 4]);

        using (Autocast.Enter(Autocast.TypeFor(Precision.Mixed, CPU), CPU))
        {
            Assert.Equal(ScalarType.BFloat16, convolution.forward(image).dtype);
            using (Autocast.Enter(ScalarType.BFloat16, CPU))
            {
                Assert.Equal(ScalarType.BFloat16, convolution.forward(image).dtype);
            }

            Assert.Equal(ScalarType.BFloat16, convolution.forward(image).dtype);
        }

        Assert.Equal(ScalarType.Float32, convolution.forward(image).dtype);
        Assert.Equal(ScalarType.Float32, convolution.weight!.dtype);
    }

    [Fact]
    public void Weights_that_have_changed_between_two_regions_count()
    {
        Assert.SkipUnless(Autocast.IsAvailable, "This libtorch does not let its automatic mixed precision be asked for.");
        using var scope = NewDisposeScope();
        using var convolution = nn.Conv3d(1, 1, 1L, bias: false);
        using var noGradient = no_grad();

        convolution.weight!.fill_(1);
        Assert.Equal(3f, Narrow());
        convolution.weight!.fill_(2);
        Assert.Equal(6f, Narrow());

        float Narrow()
        {
            using var narrow = Autocast.Enter(ScalarType.BFloat16, CPU);
            return convolution.forward(full([1, 1, 1, 1, 1], 3f)).to(ScalarType.Float32).item<float>();
        }
    }
}
