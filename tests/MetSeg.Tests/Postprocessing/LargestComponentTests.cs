using MetSeg.Postprocessing;
using Xunit;

namespace MetSeg.Tests.Postprocessing;

public sealed class LargestComponentTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("1 1 0 1 0 2 2 2", new[] { 1 }, "1 1 0 0 0 2 2 2")]
    [InlineData("1 1 0 1 0 2 2 2", new[] { 1, 2 }, "0 0 0 0 0 2 2 2")]
    [InlineData("1 2 2 0 1 1 0 3", new[] { 1, 2 }, "1 2 2 0 0 0 0 3")]
    [InlineData("1 1 0 1 1 0 1 0", new[] { 1 }, "1 1 0 1 1 0 0 0")]
    [InlineData("0 3 0 3 0 0 0 0", new[] { 1 }, "0 3 0 3 0 0 0 0")]
    public void Keeps_the_largest_components_of_the_union_and_leaves_other_labels(string before, int[] labels, string after) =>
        Assert.Equal(after, string.Join(' ', LargestComponent.Keep(Row(before), labels).Labels));

    [Fact]
    public void Steps_are_applied_in_their_order_and_survive_their_file()
    {
        var steps = new PostprocessingSteps([[1, 2], [1]]);
        steps.Write(folder.Path);

        var read = PostprocessingSteps.Of(folder.Path);

        Assert.Equal("1 0 2 0 0 0 0 0", string.Join(' ', new PostprocessingSteps([[1]]).Apply(Row("1 0 2 0 0 0 0 0")).Labels));
        Assert.Equal("0 0 0 2 1 1 0 0", string.Join(' ', read.Apply(Row("1 1 0 2 1 1 0 0")).Labels));
        Assert.Empty(PostprocessingSteps.Of(folder.Path + "x").KeepLargest);
    }

    private static LabelMap Row(string labels)
    {
        byte[] values = [.. labels.Split(' ').Select(byte.Parse)];
        return new LabelMap(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);
    }
}
