using MetSeg.App;
using Xunit;

namespace MetSeg.EndToEnd;

public class SpellingTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("epoch", "epochs", 1)]
    [InlineData("trian", "train", 1)]
    [InlineData("kitten", "sitting", 3)]
    public void Counts_the_edits(string from, string to, int expected) => Assert.Equal(expected, Spelling.Edits(from, to));

    [Theory]
    [InlineData("--epoch", "--epochs")]
    [InlineData("--prob", "--probabilities")]
    [InlineData("trian", "train")]
    [InlineData("--zzzzzz", null)]
    public void Closest_is_the_name_that_was_meant(string word, string? expected) =>
        Assert.Equal(expected, Spelling.Closest(word, ["--epochs", "--probabilities", "train", "-p"]));
}
