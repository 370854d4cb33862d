using System.Text.Json;
using MetSeg.Datasets;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class SimulateTests : IDisposable
{
    private static readonly string[] small = ["simulate", "--institutions", "stanford,pkg", "--cases", "2", "--size", "32", "--out"];

    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Makes_a_sound_cohort_and_a_second_run_writes_nothing_but_the_tables()
    {
        var cohort = work.PathOf("cohort");

        var run = BuiltProgram.Run([.. small, cohort]);

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^all +2 +2 +\d$", run.Output);
        Assert.StartsWith("simulate: 4 in ", run.Errors);
        var check = BuiltProgram.Run("dataset", "check", cohort);
        Assert.Equal(0, check.ExitCode);
        Assert.EndsWith("No problems.\n", check.Output);
        var images = work.Listing("cohort/imagesTr");

        var second = BuiltProgram.Run([.. small, cohort, "--json", "--quiet"]);

        Assert.Equal((0, ""), (second.ExitCode, second.Errors));
        Assert.Equal(["pkg", "stanford"], Institutions(second).Select(one => one.GetProperty("institution").GetString()));
        Assert.Equal(images, work.Listing("cohort/imagesTr"));
    }

    [Fact]
    public void Goes_on_after_an_interruption_to_the_same_cohort()
    {
        string[] arguments = ["simulate", "--institutions", "stanford,pkg", "--cases", "12", "--size", "32", "--out"];
        Directory.CreateDirectory(work.PathOf("stopped"));

        var stopped = BuiltProgram.RunUntil(work.PathOf("stopped/groups.csv"), [.. arguments, work.PathOf("stopped")]);

        Assert.Equal((130, ""), (stopped.ExitCode, stopped.Output));
        Assert.EndsWith("metseg: interrupted.\n", stopped.Errors);
        Assert.False(File.Exists(work.PathOf("stopped/dataset.json")));
        Assert.DoesNotContain(work.Listing(), entry => entry.Contains(".partial", StringComparison.Ordinal));
        BuiltProgram.Run("dataset", "check", work.PathOf("stopped")).IsRefused("has no dataset.json");

        Assert.Equal(0, BuiltProgram.Run([.. arguments, work.PathOf("stopped")]).ExitCode);

        Assert.Equal(0, BuiltProgram.Run([.. arguments, work.PathOf("whole")]).ExitCode);
        var (first, second) = (NnUNetLayout.Read(work.PathOf("stopped")), NnUNetLayout.Read(work.PathOf("whole")));
        Assert.Equal(second.TrainingCases.Select(one => one.Id), first.TrainingCases.Select(one => one.Id));
        Assert.All(first.TrainingCases.Zip(second.TrainingCases), pair =>
            Assert.Equal(File.ReadAllBytes(pair.First.ImagePaths[0]), File.ReadAllBytes(pair.Second.ImagePaths[0])));
    }

    [Fact]
    public void A_folder_of_something_else_is_refused()
    {
        Directory.CreateDirectory(work.PathOf("photos"));
        File.WriteAllText(work.PathOf("photos/cat.txt"), "a cat");

        work.IsRefused([.. small, work.PathOf("photos")], "photos' is not empty");
    }

    [Theory]
    [InlineData("There is no institution 'mars'. Known are stanford, ucsf, uclm, pkg", "--institutions", "mars")]
    [InlineData("casesPerInstitution must be 1 to 9999, not 0.", "--cases", "0")]
    [InlineData("size must be 32 to 256 voxels, not 8.", "--size", "8")]
    [InlineData("option '--institutions' takes values separated by commas, such as stanford,pkg, not 'ucsf,'.", "--institutions", "ucsf,")]
    [InlineData("unknown option '--case'. Did you mean '--cases'?", "--case", "3")]
    public void Options_that_cannot_work_are_refused(string message, params string[] options) =>
        work.IsRefused(["simulate", "--out", work.PathOf("cohort"), .. options], message);

    private static IEnumerable<JsonElement> Institutions(ProgramRun run) =>
        JsonDocument.Parse(run.Output).RootElement.GetProperty("institutions").EnumerateArray();
}
