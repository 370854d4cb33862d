using MetSeg.Files;
using MetSeg.Reports;
using Xunit;

namespace MetSeg.Tests.Reports;

public class ProvenanceTests
{
    [Theory]
    [InlineData("--network unet --epochs 20 --seed 1", "--network unet --epochs 20 --seed 1")]
    [InlineData("--spacing 1,1,1 --device cuda:0 --metric surfaceDice", "--spacing 1,1,1 --device cuda:0 --metric surfaceDice")]
    [InlineData("-i /data/smith_john -o results", "-i PATH -o PATH")]
    [InlineData("--model=/models/a --seed=3", "--model=PATH --seed=3")]
    [InlineData("smith_john.nii.gz --metric dice", "PATH --metric dice")]
    [InlineData("--quiet smith", "--quiet PATH")]
    [InlineData("--no-mirroring smith", "--no-mirroring PATH")]
    [InlineData("--label Smith", "--label PATH")]
    [InlineData("--offset -1.5", "--offset -1.5")]
    public void Paths_and_names_are_withheld(string arguments, string expected) =>
        Assert.Equal($"metseg predict {expected}", Provenance.Begin("predict", arguments.Split(' ')).CommandLine);

    [Fact]
    public void What_exists_on_disk_is_withheld_though_it_looks_like_a_word()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Environment.CurrentDirectory, $"smith{Guid.NewGuid():N}"));
        try
        {
            Assert.Equal("metseg view --name PATH", Provenance.Begin("view", ["--name", folder.Name]).CommandLine);
        }
        finally
        {
            folder.Delete();
        }
    }

    [Fact]
    public void Is_read_back_as_it_was_written()
    {
        var path = Path.GetTempFileName();
        try
        {
            var provenance = Provenance.Begin("demo", ["--seed", "1"]) with { Seed = 1, Device = "cpu", LibtorchVersion = "2.10.0" };
            provenance.Finished().Write(path);

            var read = JsonFile.Read<Provenance>(path, JsonFile.OwnStyle);

            Assert.Equal(provenance with { DurationSeconds = read.DurationSeconds }, read);
            Assert.True(read.DurationSeconds >= 0);
            Assert.Contains("\"libtorchVersion\": \"2.10.0\"", File.ReadAllText(path), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void A_report_shows_what_is_known_and_leaves_out_the_rest()
    {
        var report = new HtmlReport("title");
        report.Section("What ran").Provenance(Provenance.Begin("evaluate", []) with { DurationSeconds = 75 });

        var html = report.ToHtml();

        Assert.Contains("<dd>metseg evaluate</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dd>1 min 15 s</dd>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("libtorch", html, StringComparison.Ordinal);
    }
}
