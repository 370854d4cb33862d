using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Evaluation;

public sealed partial class EvaluatorTests : IDisposable
{
    private static readonly EvaluationOptions options = new() { BootstrapResamples = 50 };
    private static readonly Dictionary<string, (string Institution, string Patient)> institutions = new()
    {
        ["a"] = ("ucsf", "p1"), ["b"] = ("ucsf", "p2"), ["c"] = ("pkg", "p3"),
    };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Options_have_the_documented_defaults()
    {
        var defaults = new EvaluationOptions();

        Assert.Null(defaults.Label);
        Assert.Empty(defaults.Regions);
        Assert.Equal(new SurfaceOptions { Kind = SurfaceKind.Surfel, Directions = SurfaceDirections.Separate, Percentile = 95, ToleranceMm = 1 }, defaults.Surface);
        Assert.Equal(new LesionOptions { Connectivity = 26, Criterion = LesionCriterion.AnyOverlap, BratsBeside = "met" }, defaults.Lesions);
        Assert.Equal(EmptyPolicy.Null, defaults.EmptyPolicy);
        Assert.Equal((false, 1000, 1), (defaults.AllowMissing, defaults.BootstrapResamples, defaults.Seed));
        Assert.Empty(defaults.Problems());
    }

    [Fact]
    public void All_faults_of_the_options_are_told_at_once()
    {
        var bad = new EvaluationOptions
        {
            Label = 0, Regions = [new("x", [])], Lesions = new() { Connectivity = 8 }, Surface = new() { Percentile = double.NaN, ToleranceMm = -1 },
        };

        Assert.Equal(5, bad.Problems().Count(problem => !problem.Contains("exclude")));
        Assert.Throws<OptionsException>(() => Evaluator.EvaluateCase("x", Masks.Of(), Masks.Of(), bad));
    }

    [Fact]
    public void A_case_is_measured_in_voxels_surfaces_and_lesions()
    {
        var evaluated = Evaluator.EvaluateCase("x", Masks.Of((1, 1, 1), (8, 1, 1)), Masks.Of((1, 1, 1), (5, 5, 5)), options);

        var region = Assert.Single(evaluated.Regions);
        Assert.Equal((0.5, 0.5, 0.012, 0.012), (region.Dice, region.Sensitivity, region.TrueVolume, region.PredictedVolume));
        Assert.Equal(new LesionScores(1, 1, 1) { DetectingComponents = 1 }, region.Lesions);
        Assert.Equal([true, false, false], region.LesionList.Select(lesion => lesion.Detected));
        Assert.Equal((8.0, 2.0, 3.0), region.LesionList[1].CentroidMm);
        Assert.Equal((LesionKind.FalsePositive, (5.0, 10.0, 15.0)), (region.LesionList[2].Kind, region.LesionList[2].CentroidMm));
        Assert.Equal((1, 0.006), (region.LesionList[0].Dice, region.LesionList[0].VolumeCm3));
    }

    [Fact]
    public void Metrics_files_hold_the_agreed_keys_and_null_where_undefined()
    {
        WriteThree();

        Evaluate(institutions).Write(folder.PathOf("out"));

        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("out/metrics.json")))!;
        Assert.Equal("Research use only; not for clinical use.", (string?)json["disclaimer"]);
        Assert.Equal(["a", "b", "c"], json["cases"]!.AsArray().Select(c => (string?)c!["case"]));
        Assert.Equal(
            [
                "case", "group", "dice", "sensitivity", "specificity", "precision", "hd95", "hd", "meanSurfaceDistance", "surfaceDice", "trueVolume",
                "predictedVolume", "relativeVolumeError", "bratsDice", "bratsHd95", "lesions",
            ],
            json["cases"]![0]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["tp", "fn", "fp", "sensitivity", "precision", "componentPrecision", "f1", "f2", "dice", "hd95", "surfaceDice"], json["cases"]![0]!["lesions"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["all", "pkg", "ucsf"], json["groups"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(["mean", "sd", "median", "ciLow", "ciHigh", "n"], json["groups"]!["all"]!["dice"]!.AsObject().Select(pair => pair.Key));
        Assert.Equal(0.5, (double)json["groups"]!["ucsf"]!["dice"]!["mean"]!);
        Assert.Null(json["cases"]![1]!["hd95"]);
        Assert.Null(json["cases"]![2]!["dice"]);
        Assert.Equal(1, (int)json["groups"]!["all"]!["hd95"]!["n"]!);
        Assert.Equal((1, 1, 0), Counts(json["pooledLesions"]!["all"]!));
        Assert.Equal(26, (int)json["options"]!["lesions"]!["connectivity"]!);
        Assert.Equal("the prediction is empty", (string?)json["cases"]![1]!["undefined"]!["hd95"]);
        Assert.Equal("reference and prediction are empty", (string?)json["cases"]![2]!["undefined"]!["dice"]);
        Assert.DoesNotContain("NaN", json.ToJsonString());
    }

    [Fact]
    public void Tables_have_a_row_per_case_and_per_lesion()
    {
        WriteThree();

        Evaluate(institutions).Write(folder.PathOf("out"));

        var cases = CsvFile.Read(folder.PathOf("out/cases.csv"));
        var lesions = CsvFile.Read(folder.PathOf("out/lesions.csv"));
        Assert.Equal(["1", "0", ""], cases.Select(row => row["dice"]));
        Assert.Equal(["ucsf", "ucsf", "pkg"], cases.Select(row => row["group"]));
        Assert.Equal([("a", "true", "1"), ("b", "false", "")], lesions.Select(row => (row["case"], row["detected"], row["dice"])));
        Assert.Equal(["reference", "reference"], lesions.Select(row => row["kind"]));
        Assert.Equal("0.006", lesions[0]["volume_cm3"]);
    }

    [Fact]
    public void The_same_folders_give_the_same_bytes()
    {
        WriteThree();

        Evaluate(institutions).Write(folder.PathOf("one"));
        Evaluate(institutions).Write(folder.PathOf("two"));

        Assert.Equal(File.ReadAllBytes(folder.PathOf("one/metrics.json")), File.ReadAllBytes(folder.PathOf("two/metrics.json")));
    }

    [Fact]
    public void Several_labels_are_evaluated_one_by_one()
    {
        Write("a", Masks.Labeled((1, 1, 1, 1), (3, 1, 1, 3)), Masks.Labeled((1, 1, 1, 1)));
        Write("b", Masks.Labeled((1, 1, 1, 1)), Masks.Labeled((1, 1, 1, 1)));

        var result = Evaluate(null);
        result.Write(folder.PathOf("out"));

        Assert.Equal(["1", "3"], result.Regions);
        Assert.Equal([1, 0], result.Cases[0].Regions.Select(region => region.Dice));
        Assert.Equal([1, double.NaN], result.Cases[1].Regions.Select(region => region.Dice));
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("out/metrics.json")))!;
        Assert.Equal(1, (int)json["cases"]![0]!["lesions"]!["3"]!["fn"]!);
        Assert.Equal(1, (double)json["groups"]!["all"]!["dice"]!["1"]!["mean"]!);
        Assert.Equal("0", CsvFile.Read(folder.PathOf("out/cases.csv"))[0]["dice_3"]);
    }

    [Fact]
    public void One_label_is_the_lesion_whatever_its_number()
    {
        Write("a", Masks.Labeled((1, 1, 1, 3)), Masks.Labeled((1, 1, 1, 255)));
        Write("b", Masks.Of(), Masks.Of());

        Assert.Equal([1, double.NaN], Evaluate(null).Cases.Select(c => Assert.Single(c.Regions).Dice));
    }

    [Fact]
    public void Regions_join_labels()
    {
        Write("a", Masks.Labeled((1, 1, 1, 1), (2, 1, 1, 2), (3, 1, 1, 3)), Masks.Labeled((1, 1, 1, 3), (2, 1, 1, 2), (3, 1, 1, 1)));

        var result = Evaluate(null, options with { Regions = EvaluationRegion.Brats });

        Assert.Equal(["ET", "TC", "WT"], result.Regions);
        Assert.Equal([0, 1, 1], result.Cases[0].Regions.Select(region => region.Dice));
    }

    [Fact]
    public void A_missing_prediction_is_an_error_that_names_the_case_unless_allowed()
    {
        WriteThree();
        File.Delete(folder.PathOf("pred/b.nii.gz"));

        Assert.Contains("'b'", Assert.Throws<DatasetException>(() => Evaluate(null)).Message);
        var allowed = Evaluate(null, options with { AllowMissing = true });
        Assert.Equal(["a", "c"], allowed.Cases.Select(c => c.Case));
        Assert.Equal(["b"], allowed.MissingPredictions);
    }

    [Fact]
    public void Empty_and_absent_folders_are_errors()
    {
        Directory.CreateDirectory(folder.PathOf("ref"));

        Assert.Contains("no folder", Assert.Throws<DatasetException>(() => Evaluate(null)).Message);
        Directory.CreateDirectory(folder.PathOf("pred"));
        Assert.Contains("holds no", Assert.Throws<DatasetException>(() => Evaluate(null)).Message);
    }

    [Fact]
    public void An_institution_cannot_be_named_as_all_cases()
    {
        WriteThree();

        Assert.Throws<MetSegException>(() => Evaluate(new() { ["a"] = ("all", "p") }));
    }

    [Fact]
    public void Files_on_different_grids_are_named()
    {
        var other = Grid.Axial(new Size(3, 3, 3), new Spacing(1, 1, 1));
        Write("a", Masks.Of((1, 1, 1)), new LabelMap(other, new byte[27]));

        var message = Assert.Throws<GridMismatchException>(() => Evaluate(null)).Message;

        Assert.Contains(Path.Combine("ref", "a.nii.gz"), message);
        Assert.Contains(Path.Combine("pred", "a.nii.gz"), message);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Stops_when_asked_and_tells_how_far_it_came()
    {
        WriteThree();
        var told = new List<long>();

        Evaluator.EvaluateFolder(Input(null), options, new Told(told), TestContext.Current.CancellationToken);

        Assert.Equal([1, 2, 3], told);
        Assert.ThrowsAny<OperationCanceledException>(() => Evaluator.EvaluateFolder(
            Input(null), options, cancellation: new CancellationToken(canceled: true)));
    }

    /// <summary>Case a is perfect, b missed, c empty in both.</summary>
    private void WriteThree()
    {
        Write("a", Masks.Of((1, 1, 1)), Masks.Of((1, 1, 1)));
        Write("b", Masks.Of((1, 1, 1)), Masks.Of());
        Write("c", Masks.Of(), Masks.Of());
    }

    private void Write(string id, LabelMap reference, LabelMap prediction)
    {
        NiftiWriter.Write(folder.PathOf($"ref/{id}.nii.gz"), reference);
        NiftiWriter.Write(folder.PathOf($"pred/{id}.nii.gz"), prediction);
    }

    private EvaluationResult Evaluate(Dictionary<string, (string, string)>? groups, EvaluationOptions? with = null) =>
        Evaluator.EvaluateFolder(Input(groups), with ?? options);

    private static EvaluationResult Run(EvaluationInput input) =>
        Evaluator.EvaluateFolder(input, options, cancellation: TestContext.Current.CancellationToken);

    private EvaluationInput Input(Dictionary<string, (string, string)>? groups) =>
        new() { Predictions = folder.PathOf("pred"), References = folder.PathOf("ref"), Groups = groups };

    private static (int Tp, int Fn, int Fp) Counts(JsonNode scores) => ((int)scores["tp"]!, (int)scores["fn"]!, (int)scores["fp"]!);

    private sealed class Told(List<long> done) : IProgress<Progress>
    {
        public void Report(Progress value) => done.Add(value.Done);
    }
}
