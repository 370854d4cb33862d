using MetSeg.Learning.Experiments;
using MetSeg.Reports;
using Xunit;

namespace MetSeg.Learning.Tests.Experiments;

public class TrainedRunTests(ToyProject toy)
{
    [Fact]
    public void A_segmentation_run_tells_its_settings_cases_and_weights()
    {
        var run = TrainedRun.Read("toy", toy.Model);

        var fold = Assert.Single(run.Folds);
        Assert.Equal(("toy", "0", 1L), (fold.Facts.Run, fold.Facts.Fold, fold.Facts.Seed));
        Assert.Contains("3-D U-Net", fold.Facts.Network, StringComparison.Ordinal);
        Assert.Contains("3 epochs of 30 steps", fold.Facts.Training, StringComparison.Ordinal);
        Assert.Equal(ToyProject.TrainingCases, fold.Facts.TrainingCases.Count + fold.Facts.ValidationCases.Count);
        Assert.Equal(3, fold.Epochs.Count);
        Assert.Equal(64, fold.Weights!.Length);
    }

    [Fact]
    public void A_harmonizer_is_a_run_too()
    {
        var fold = Assert.Single(TrainedRun.Read("vae", toy.Harmonizer).Folds);

        Assert.Contains("8 × 8 × 8 voxels with 4 latent units", fold.Facts.Network, StringComparison.Ordinal);
        Assert.Single(fold.Epochs);
        Assert.NotNull(fold.Weights);
    }

    [Fact]
    public void Curves_and_settings_become_sections()
    {
        var page = new HtmlReport("t");
        var section = page.Section("s");
        var run = TrainedRun.Read("toy", toy.Model);

        run.AddCurves(section);
        run.AddSettings(section);

        var html = page.ToHtml();
        Assert.Contains("Training of toy: 3 epochs", html, StringComparison.Ordinal);
        Assert.Contains("toy, fold 0: settings, cases and digests", html, StringComparison.Ordinal);
        Assert.Contains("&quot;trainingCases&quot;", html, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_card_is_refused() =>
        Assert.Contains("is no run", Assert.Throws<MetSegException>(() => TrainedRun.Read("raw", toy.Raw)).Message, StringComparison.Ordinal);
}
