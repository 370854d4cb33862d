using MetSeg.Datasets;
using MetSeg.Files;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Harmonization;
using MetSeg.Learning.Training;
using MetSeg.Nifti;
using MetSeg.Preprocessing;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Experiments;

/// <summary>The domain gap of the toy project's two hospitals before and after its harmonizer.</summary>
public sealed class DomainAssessmentTests(ToyProject toy) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_measure_is_made_of_every_kind_of_features()
    {
        var result = Assess(NnUNetLayout.Read(toy.Raw));

        Assert.Equal((8, 8, 8), (result.Cases, result.Patients, result.LabelledCases));
        Assert.Equal(["north", "south"], result.Institutions);
        Assert.Equal(4, result.Measures.Count);
        Assert.All(result.Measures, measure =>
        {
            Assert.Equal((4, 0.5, 0.5), (measure.Folds, measure.ChanceRate, measure.MajorityRate));
            Assert.InRange(measure.Discrepancy.Mean.P, 1 / 1001.0, 1);
            Assert.Equal(2 * (1 - (2 * (1 - measure.BalancedAccuracy))), measure.ProxyDistance.Mean, tolerance: 1e-12);
            Assert.Equal((8, 7 / 3.0), (measure.Neighborhoods.Count, measure.Perplexity));
            Assert.All(measure.Neighborhoods, point => Assert.True(double.IsFinite(point[0] + point[1])));
        });
        Assert.InRange(result.MedianSsim, -1, 1);
        Assert.InRange(result.MedianPsnr, 0, 100);
    }

    /// <summary>A ball of 5 mm is twice as bright as its surroundings: 17 and 9 standard deviations of the hospitals' noise.</summary>
    [Fact]
    public void Lesions_stand_out_before_and_less_after_a_harmonizer_that_has_learnt_nothing()
    {
        var bins = Assess(NnUNetLayout.Read(toy.Raw)).LesionContrast;

        Assert.Equal(8, bins[0].N + bins[0].LeftOut);
        Assert.Equal(bins[0].N, bins.Skip(1).Sum(bin => bin.N));
        Assert.True(bins[0].N == 8 && bins[0].ContrastToNoise.Before > 5);
        Assert.True(bins[0].ContrastToNoise.After < bins[0].ContrastToNoise.Before);
        Assert.InRange(bins[0].ContrastToNoise.MeanRelativeChange, -1.5, 0);
    }

    [Fact]
    public void Numbers_and_figures_are_written_and_the_numbers_can_be_read_back()
    {
        var result = Assess(NnUNetLayout.Read(toy.Raw));

        DomainFigures.Write(result, folder.Path);

        string[] figures =
            ["confusion_1", "confusion_2", "confusion_3", "confusion_4", "tsne_1", "tsne_2", "tsne_3", "tsne_4", "latent", "lesion_contrast"];
        Assert.All(figures, name => Assert.True(File.Exists(folder.At($"{name}.png")) && File.Exists(folder.At($"{name}.svg")), name));
        var read = JsonFile.Read<DomainAssessmentResult>(folder.At(DomainFigures.FileName), JsonFile.OwnStyle);
        Assert.Equal(result.Measures[2].Discrepancy.Mean, read.Measures[2].Discrepancy.Mean);
        Assert.Equal(result.Measures[2].ProxyDistance.Mean, read.Measures[2].ProxyDistance.Mean);
        Assert.Equal(result.Measures[2].Neighborhoods, read.Measures[2].Neighborhoods);
        Assert.Equal(result.LesionContrast[0].ContrastToNoise, read.LesionContrast[0].ContrastToNoise);
        Assert.Equal(result.MedianSsim, read.MedianSsim);
    }

    [Fact]
    public void The_same_scans_give_the_same_bytes_and_labels_change_nothing_but_the_contrast()
    {
        var dataset = NnUNetLayout.Read(toy.Raw);
        var unlabelled = dataset with
        {
            TrainingCases = [.. dataset.TrainingCases.Select(one => one with { LabelPath = null })],
            TestCases = [.. dataset.TestCases.Select(one => one with { LabelPath = null })],
        };
        DomainFigures.Write(Assess(dataset), folder.At("a"));
        DomainFigures.Write(Assess(dataset), folder.At("b"));
        var without = Assess(unlabelled);
        DomainFigures.Write(without, folder.At("c"));

        Assert.Equal(File.ReadAllBytes(folder.At("a/domain_gap.json")), File.ReadAllBytes(folder.At("b/domain_gap.json")));
        Assert.Equal(File.ReadAllBytes(folder.At("a/tsne_2.png")), File.ReadAllBytes(folder.At("c/tsne_2.png")));
        Assert.Empty(without.LesionContrast);
        Assert.Equal(0, without.LabelledCases);
        Assert.False(File.Exists(folder.At("c/lesion_contrast.png")));
    }

    [Fact]
    public void Scans_of_one_patient_are_not_parted()
    {
        var dataset = NnUNetLayout.Read(toy.Raw);
        var two = dataset with { TrainingCases = [.. dataset.TrainingCases.Select((one, i) => one with { Patient = $"{one.Institution}{i % 2}" })], TestCases = [] };
        var single = dataset with { TrainingCases = [.. dataset.TrainingCases.Select(one => one with { Patient = one.Institution })], TestCases = [] };

        var result = Assess(two);

        Assert.Equal((6, 4), (result.Cases, result.Patients));
        Assert.All(result.Measures, measure => Assert.Equal(2, measure.Folds));
        var error = Assert.Throws<MetSegException>(() => Assess(single));
        Assert.Contains("'north' are of one patient", error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_label_map_on_another_grid_is_named()
    {
        ToyProject.Copy(toy.Raw, folder.At("raw"));
        var label = Directory.GetFiles(folder.At("raw/labelsTr")).Order(StringComparer.Ordinal).First();
        NiftiWriter.Write(label, new LabelMap(Grid.Axial(new Size(4, 4, 4), new Spacing(1, 1, 1)), new byte[64]));

        var error = Assert.Throws<GridMismatchException>(() => Assess(NnUNetLayout.Read(folder.At("raw"))));

        Assert.Contains(Path.GetFileName(label), error.Message);
    }

    private DomainAssessmentResult Assess(Dataset dataset)
    {
        using var harmonizer = VaeHarmonizer.Load(toy.Harmonizer, Checkpoint.Best, CPU);
        var plans = Plans.Read(Path.Combine(toy.Harmonizer, HarmonizerRun.PlansFileName));
        return DomainAssessment.Run(harmonizer, dataset, plans, null, TestContext.Current.CancellationToken);
    }
}
