using MetSeg.Learning.Experiments;
using MetSeg.Learning.Training;
using Xunit;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class RunRecordTests : IDisposable
{
    private static readonly SegmentationCard card = new("0", ToyCases.Segmentation, new TrainerOptions(), ["a", "b"], ["c"], "digest", null, null);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<SegmentationCard, string> Others => new()
    {
        { card with { Trainer = new TrainerOptions { Seed = 7 } }, "trainer.seed was 1, now it is 7" },
        { card with { Options = card.Options with { ClipNorm = 3 } }, "options.clipNorm was 12, now it is 3" },
        { card with { TrainingCases = ["a"] }, "trainingCases was [\"a\",\"b\"], now it is [\"a\"]" },
        { card with { Harmonizer = "abc" }, "harmonizer was null, now it is \"abc\"" },
        { card with { Options = card.Options with { Optimizer = new AdamOptions() } }, "options.optimizer" },
    };

    [Fact]
    public void The_same_record_goes_on_and_its_file_stays()
    {
        RunRecord.Claim(folder.At("model.json"), card);
        var written = File.ReadAllBytes(folder.At("model.json"));
        RunRecord.Claim(folder.At("model.json"), card with { TrainingCases = ["a", "b"] });

        Assert.Equal(written, File.ReadAllBytes(folder.At("model.json")));
    }

    [Theory]
    [MemberData(nameof(Others))]
    public void Another_record_is_refused_with_the_key_that_differs(SegmentationCard other, string difference)
    {
        RunRecord.Claim(folder.At("model.json"), card);
        var written = File.ReadAllBytes(folder.At("model.json"));

        var error = Assert.Throws<OptionsException>(() => RunRecord.Claim(folder.At("model.json"), other));

        Assert.Contains(folder.Path, error.Message);
        Assert.Contains(difference, error.Message);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(written, File.ReadAllBytes(folder.At("model.json")));
    }

    [Fact]
    public void A_damaged_record_is_named()
    {
        File.WriteAllText(folder.At("model.json"), "{ \"fold\":");

        Assert.Contains("model.json", Assert.Throws<MetSegException>(() => RunRecord.Claim(folder.At("model.json"), card)).Message);
    }
}
