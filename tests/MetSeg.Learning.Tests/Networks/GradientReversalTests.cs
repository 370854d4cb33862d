using MetSeg.Learning.Losses;
using MetSeg.Learning.Networks;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Networks;

public class GradientReversalTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(0.3)]
    [InlineData(3)]
    public void Forward_is_the_identity_to_the_last_bit_and_backward_turns_the_gradient_round(double strength)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        var input = (randn([4, 5], generator: generator) * 1e3).requires_grad_();

        var output = GradientReversal.Apply(input, strength);
        (output * output).sum().backward();

        Assert.True(output.equal(input).all().item<bool>());
        Assert.True(input.grad!.allclose(-strength * 2 * input.detach(), rtol: 1e-5));
    }

    [Fact]
    public void What_follows_still_learns_while_what_comes_before_unlearns()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(1);
        using var classifier = new FeatureClassifier(3, 4, 2, generator);
        var features = randn([6, 3], generator: generator).requires_grad_();
        int[] domains = [0, 1, 0, 1, 0, 1];

        Tensor Entropy(Tensor at) => AdversarialAlignment.CrossEntropy(classifier.forward(at), domains);
        new AdversarialAlignment().Compute(features, domains, classifier).Loss.backward();
        var before = Entropy(features.detach()).item<float>();
        var hidden = Entropy((features - (0.1 * features.grad!)).detach()).item<float>();
        using (no_grad())
        {
            foreach (var weight in classifier.parameters())
            {
                weight.sub_(0.1 * weight.grad!);
            }
        }

        Assert.True(hidden > before, "a step of the features must make the classifier worse");
        Assert.True(Entropy(features.detach()).item<float>() < before, "a step of the classifier must make it better");
    }
}
