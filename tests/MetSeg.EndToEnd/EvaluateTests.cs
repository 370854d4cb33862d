using System.Text.Json;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class EvaluateTests : IDisposable
{
    private readonly WorkFolder work = new();
    private readonly string references;

    public EvaluateTests()
    {
        references = Path.Combine(work.Dataset("tumors", cases: 2), "labelsTr");
        NiftiWriter.Write(work.PathOf("predicted/c0.nii.gz"), WorkFolder.Lesion(1));
        NiftiWriter.Write(work.PathOf("predicted/c1.nii.gz"), WorkFolder.Lesion(0));
    }

    public void Dispose() => work.Dispose();

    [Fact]
    public void Prints_a_row_for_all_and_for_each_institution()
    {
        var run = BuiltProgram.Run(Evaluate());

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^group +cases +Dice +n +HD95 mm +n +sDice +lesions +sensitivity +precision +F1 +false/case$", run.Output);
        Assert.Matches(@"(?m)^all +2 +0\.500 +2 +0\.0 +1 +0\.500 +2 +0\.500 +1\.000 +0\.667 +0\.0$", run.Output);
        Assert.Matches(@"(?m)^pkg +1 +1\.000 +1 +0\.0 +1 +1\.000 +1 +1\.000 +1\.000 +1\.000 +0\.0$", run.Output);
        Assert.Matches(@"(?m)^ucsf +1 +0\.000 +1 +– +0 +0\.000 +1 +0\.000 +– +0\.000 +0\.0$", run.Output);
        Assert.EndsWith("Research use only; not for clinical use.\n", run.Output);
        Assert.Equal(["cases.csv", "lesions.csv", "metrics.json"], Directory.GetFiles(work.PathOf("out")).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void With_json_it_prints_metrics_json()
    {
        var run = BuiltProgram.Run(Evaluate("--label", "1", "--json", "--quiet"));

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var printed = JsonDocument.Parse(run.Output).RootElement;
        Assert.True(JsonElement.DeepEquals(JsonDocument.Parse(File.ReadAllText(work.PathOf("out/metrics.json"))).RootElement, printed));
        var options = printed.GetProperty("options");
        Assert.Equal((1, 26), (options.GetProperty("label").GetInt32(), options.GetProperty("lesions").GetProperty("connectivity").GetInt32()));
    }

    [Fact]
    public void Regions_have_a_row_each()
    {
        var run = BuiltProgram.Run("evaluate", "-p", references, "-r", references, "--regions", "brats", "-o", work.PathOf("out"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^all +TC +2 +1\.000 ", run.Output);
        Assert.Matches(@"(?m)^all +ET +2 +– +0 ", run.Output);
    }

    [Fact]
    public void A_preset_gives_the_options_that_are_not_given()
    {
        var run = BuiltProgram.Run(Evaluate("--preset", "p5", "--regions", "core=1,all=1+2", "--without-small", "all:1", "--matching", "greedy:0.25", "--json"));

        Assert.Equal(0, run.ExitCode);
        var printed = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(["core", "all"], printed.GetProperty("cases")[0].GetProperty("dice").EnumerateObject().Select(region => region.Name));
        Assert.True(printed.GetProperty("groups").TryGetProperty("pkg (all ≥ 1 voxels)", out _));
        var options = printed.GetProperty("options");
        Assert.Equal("brats", options.GetProperty("emptyPolicy").GetString());
        Assert.Equal(("greedy", 0.25, "ped"), (
            options.GetProperty("lesions").GetProperty("criterion").GetString(), options.GetProperty("lesions").GetProperty("minIou").GetDouble(),
            options.GetProperty("lesions").GetProperty("bratsBeside").GetString()));
    }

    [Fact]
    public void Other_groups_can_be_given()
    {
        File.WriteAllText(work.PathOf("mine.csv"), "case,institution,patient\nc0,north,p\nc1,north,q\n");

        var run = BuiltProgram.Run("evaluate", "-p", references, "-r", references, "--groups", work.PathOf("mine.csv"), "-o", work.PathOf("out"));

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(@"(?m)^north +2 ", run.Output);
    }

    [Fact]
    public void Missing_predictions_are_refused_unless_allowed()
    {
        File.Delete(work.PathOf("predicted/c1.nii.gz"));

        work.IsRefused(Evaluate(), "holds no prediction of case 'c1'");

        Assert.Contains("Left out, without a prediction: c1.", BuiltProgram.Run(Evaluate("--allow-missing")).Output);
    }

    [Theory]
    [InlineData("option '--surface' takes surfel or erosion6 or erosion26, not 'mesh'.", "--surface", "mesh")]
    [InlineData("connectivity must be 6, 18 or 26, not 8.", "--connectivity", "8")]
    [InlineData("label and regions exclude each other", "--label", "1", "--regions", "brats")]
    [InlineData("option '--matching' takes any-overlap, hungarian:IOU", "--matching", "hungarian:2")]
    [InlineData("option '--regions' takes brats, brats2021 or NAME=LABEL+LABEL", "--regions", "core=1+x")]
    [InlineData("option '--without-small' takes a region and a number of voxels", "--without-small", "ET")]
    [InlineData("option '--preset' takes metseg or p1-text", "--preset", "p9")]
    [InlineData("option '--brain-mask': there is no folder", "--brain-mask", "none")]
    [InlineData("option '--groups': there is no file", "--groups", "none.csv")]
    public void Options_that_cannot_work_are_refused(string message, params string[] options) => work.IsRefused(Evaluate(options), message);

    [Fact]
    public void A_prediction_on_another_grid_is_refused()
    {
        var shifted = new Grid(WorkFolder.Grid.Size, new Affine(1, 0, 0, 5, 0, 1, 0, 0, 0, 0, 1, 0));
        NiftiWriter.Write(work.PathOf("predicted/c1.nii.gz"), WorkFolder.Lesion(1, shifted));

        work.IsRefused(Evaluate(), "c1.nii.gz' is on 24×24×24 voxels");
    }

    private string[] Evaluate(params string[] options) =>
        ["evaluate", "-p", work.PathOf("predicted"), "-r", references, "-o", work.PathOf("out"), .. options];
}
