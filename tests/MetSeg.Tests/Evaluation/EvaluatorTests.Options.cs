using System.Text.Json.Nodes;
using MetSeg.Evaluation;
using MetSeg.Files;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Evaluation;

/// <summary>Brain masks, probability maps, small regions and presets.</summary>
public sealed partial class EvaluatorTests
{
    [Fact]
    public void What_lies_outside_the_brain_is_removed_first()
    {
        Write("a", Masks.Of((1, 1, 1)), Masks.Of((1, 1, 1), (8, 5, 4)));
        NiftiWriter.Write(folder.PathOf("brain/a.nii.gz"), Masks.Of((1, 1, 1), (2, 1, 1)));

        var inside = Run(Input(null) with { BrainMasks = folder.PathOf("brain") });

        Assert.Equal((1, 1), (Evaluate(null).Cases[0].Regions[0].Lesions.FalsePositives, inside.Cases[0].Regions[0].Dice));
        Write("b", Masks.Of(), Masks.Of());
        Assert.Contains("'b'", Assert.Throws<DatasetException>(() => Run(Input(null) with { BrainMasks = folder.PathOf("brain") })).Message);
    }

    [Fact]
    public void Probability_maps_are_evaluated_where_they_are_given()
    {
        WriteThree();
        foreach (var id in new[] { "a", "b", "c" })
        {
            var map = Masks.Of((1, 1, 1)).Labels.Select(label => label == 1 ? 0.75f : 0.25f);
            NiftiWriter.Write(folder.PathOf($"pred/{id}_probability.nii.gz"), new Volume(Masks.Grid, [.. map]));
        }

        var result = Run(Input(institutions) with { Probabilities = folder.PathOf("pred") });
        result.Write(folder.PathOf("out"));

        Assert.Empty(result.IgnoredPredictions);
        var json = JsonNode.Parse(File.ReadAllText(folder.PathOf("out/metrics.json")))!;
        Assert.Equal(1, (double)json["cases"]![0]!["averagePrecision"]!);
        Assert.Equal(0.0625, (double)json["cases"]![0]!["brier"]!, tolerance: 1e-9);
        Assert.Null(json["cases"]![2]!["averagePrecision"]);
        Assert.Equal("the reference has no foreground", (string?)json["cases"]![2]!["undefined"]!["averagePrecision"]);
        var bins = json["reliability"]!["all"]!.AsArray().Where(bin => (long)bin!["n"]! > 0).ToList();
        Assert.Equal([(3 * (Masks.Grid.Size.Count - 1), 0.25, 0), (3, 0.75, 2 / 3.0)], bins.Select(bin => ((int)bin!["n"]!, (double)bin["meanProbability"]!, (double)bin["observedShare"]!)));
        File.Delete(folder.PathOf("pred/a_probability.nii.gz"));
        Assert.Null(Run(Input(null) with { Probabilities = folder.PathOf("pred") }).Cases[0].Regions[0].Probability);
        Assert.Contains("averagePrecision", CsvFile.Read(folder.PathOf("out/cases.csv"))[0].Keys);
    }

    [Fact]
    public void Groups_are_given_again_without_small_regions()
    {
        Write("a", Masks.Labeled((1, 1, 1, 3), (2, 1, 1, 3)), Masks.Labeled((1, 1, 1, 3)));
        Write("b", Masks.Labeled((1, 1, 1, 3), (5, 1, 1, 1)), Masks.Labeled((5, 1, 1, 1)));

        var result = Evaluate(null, options with { Regions = EvaluationRegion.Brats, WithoutSmall = new SmallRegion("et", 2) });

        Assert.Equal(["all", "all (et ≥ 2 voxels)"], result.Groups.Select(group => group.Name));
        Assert.Equal([2, 1], result.Groups.Select(group => group.Regions[0].Lesions.Cases));
        Assert.Contains("'XX'", Assert.Throws<MetSegException>(() => Evaluate(null, options with { WithoutSmall = new SmallRegion("XX", 2) })).Message);
    }

    [Fact]
    public void Every_preset_works_and_says_what_it_follows()
    {
        Write("a", Masks.Labeled((1, 1, 1, 1), (2, 1, 1, 2), (3, 1, 1, 3)), Masks.Labeled((1, 1, 1, 3), (2, 1, 1, 2)));

        Assert.All(EvaluationPreset.All, preset => Assert.NotEmpty(Evaluate(null, preset.Options with { BootstrapResamples = 50 }).Groups));
        Assert.Equal(EvaluationPreset.All.Count, EvaluationPreset.All.Select(preset => preset.Source).Distinct().Count());
    }
}
