using MetSeg.Evaluation;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public sealed class EvaluationReaderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_was_written_is_read_back()
    {
        var result = Write();

        var read = EvaluationReader.Read(folder.PathOf("out"));

        Assert.Equal([RegionEvaluation.Whole], read.Regions);
        Assert.Equal(result.Cases.Select(one => (one.Case, one.Group, one.Regions[0].Dice)), read.Cases.Select(one => (one.Case, one.Group, one.Scores["dice"])));
        Assert.True(double.IsNaN(read.Cases[1].Scores["hd95"]));        // an empty prediction
        Assert.Equal(ListedLesion.AllOf(result), read.Lesions);
        Assert.Equal(["all", "pkg", "ucsf"], read.Groups.Select(group => group.Name));
        Assert.Equal(["pkg", "ucsf"], read.Institutions);
        var (mine, theirs) = (result.Groups[0].Regions[0], read.Groups[0].Regions[0]);
        Assert.Equal(mine.Metrics["dice"], theirs.Metric("dice"));
        Assert.Equal((mine.Lesions.Scores.Sensitivity, mine.Lesions.Intervals["sensitivity"].Low, 2), (theirs.Pooled("sensitivity").Value, theirs.Pooled("sensitivity").Low, theirs.Cases));
        Assert.Equal(mine.Lesions.FalsePositivesPerCase, theirs.Pooled("falsePositivesPerCase").Value);
        Assert.Contains("connectivity 26", read.OptionsText, StringComparison.Ordinal);
        Assert.Equal(["metrics.json", "cases.csv", "lesions.csv"], read.Digests.Select(file => file.File));
        Assert.Equal(0, theirs.Metric("unheard of").N);
        Assert.True(double.IsNaN(theirs.Pooled("unheard of").Value));
    }

    [Fact]
    public void Several_regions_are_told_apart()
    {
        Write(new EvaluationOptions { Regions = EvaluationRegion.Brats, BootstrapResamples = 20 });

        var read = EvaluationReader.Read(folder.PathOf("out"));

        Assert.Equal(["ET", "TC", "WT"], read.Regions);
        Assert.Equal("dice_TC", read.Column("dice", "TC"));
        Assert.Equal(3, read.Groups[0].Regions.Count);
        Assert.Equal(2, read.Groups[0].Regions[1].Metric("dice").N);
        Assert.Equal(1, read.Groups[0].Regions[1].Pooled("tp").Value);
        Assert.Equal(0, read.Groups[0].Regions[0].Metric("dice").N);
    }

    [Fact]
    public void Columns_keys_and_kinds_of_a_later_version_are_passed_over()
    {
        Write();
        Change("lesions.csv", text => string.Join('\n', text.TrimEnd().Split('\n').Select((line, i) => line + (i == 0 ? ",roundness" : ",4")))
            + "\na,ucsf,p7,lesion,unheard-of,,0.1,0.1,1,,,,,0,0,0,4\n" + "a,ucsf,p7,lesion,reference,ignored,0.1,0.1,1,,,,,0,0,0,4\n");
        Change("metrics.json", text => text.Replace("\"groups\": {", "\"version\": 2, \"groups\": {", StringComparison.Ordinal)
            .Replace("\"dice\": {", "\"calibration\": {\"ece\": 0.1}, \"dice\": {", StringComparison.Ordinal));

        var read = EvaluationReader.Read(folder.PathOf("out"));

        Assert.Equal(3, read.Lesions.Count);
        Assert.Equal(["p7", "b"], read.Cases.Select(one => one.Patient));
        Assert.Equal(2, read.Groups[0].Regions[0].Metric("dice").N);
    }

    [Theory]
    [InlineData("lesions.csv", "volume_cm3", "volume", "no column \"volume_cm3\"")]
    [InlineData("cases.csv", "group", "site", "no column \"group\"")]
    [InlineData("lesions.csv", ",0.006,", ",small,", "row 2, column \"volume_cm3\": 'small' is not a number")]
    [InlineData("lesions.csv", ",0.006,", ",0,", "a volume must be positive, not '0'")]
    [InlineData("metrics.json", "\"pooledLesions\"", "\"pool\"", "no object \"pooledLesions\"")]
    [InlineData("metrics.json", "{", "", "Cannot read")]
    public void Damage_is_told_in_one_line(string file, string before, string after, string message)
    {
        Write();
        Change(file, text => text.Replace(before, after, StringComparison.Ordinal));

        var told = Assert.ThrowsAny<MetSegException>(() => EvaluationReader.Read(folder.PathOf("out"))).Message;

        Assert.Contains(message, told, StringComparison.Ordinal);
        Assert.Contains(file, told, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', told);
    }

    [Fact]
    public void Missing_folders_and_files_are_named()
    {
        Assert.Contains("There is no folder", Assert.Throws<MetSegException>(() => EvaluationReader.Read(folder.PathOf("none"))).Message, StringComparison.Ordinal);
        Write();
        File.Delete(folder.PathOf("out/lesions.csv"));
        Assert.Contains("has no lesions.csv", Assert.Throws<MetSegException>(() => EvaluationReader.Read(folder.PathOf("out"))).Message, StringComparison.Ordinal);
    }

    private EvaluationResult Write(EvaluationOptions? options = null)
    {
        NiftiWriter.Write(folder.PathOf("reference/a.nii.gz"), Masks.Of((1, 1, 1)));
        NiftiWriter.Write(folder.PathOf("reference/b.nii.gz"), Masks.Of((8, 1, 1)));
        NiftiWriter.Write(folder.PathOf("prediction/a.nii.gz"), Masks.Of((1, 1, 1), (5, 5, 5)));
        NiftiWriter.Write(folder.PathOf("prediction/b.nii.gz"), Masks.Of());
        var input = new EvaluationInput
        {
            Predictions = folder.PathOf("prediction"),
            References = folder.PathOf("reference"),
            Groups = new Dictionary<string, (string, string)> { ["a"] = ("ucsf", "p7"), ["b"] = ("pkg", "b") },
        };
        var result = Evaluator.EvaluateFolder(
            input, options ?? new EvaluationOptions { BootstrapResamples = 20 }, cancellation: TestContext.Current.CancellationToken);
        result.Write(folder.PathOf("out"));
        return result;
    }

    private void Change(string file, Func<string, string> change)
    {
        var path = folder.PathOf($"out/{file}");
        File.WriteAllText(path, change(File.ReadAllText(path)));
    }
}
