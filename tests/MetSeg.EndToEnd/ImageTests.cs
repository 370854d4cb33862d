using System.Text.Json;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class ImageTests : IDisposable
{
    private readonly WorkFolder work = new();
    private readonly string scan;
    private readonly string labels;

    public ImageTests()
    {
        (scan, labels) = (work.PathOf("scan.nii.gz"), work.PathOf("labels.nii.gz"));
        NiftiWriter.Write(scan, WorkFolder.Image(1));
        NiftiWriter.Write(labels, WorkFolder.Lesion(3));
    }

    public void Dispose() => work.Dispose();

    [Fact]
    public void Resamples_to_a_voxel_size_and_back_onto_an_image()
    {
        var (coarse, back) = (work.PathOf("coarse.nii"), work.PathOf("back.nii.gz"));

        var run = BuiltProgram.Run("image", "resample", scan, "--spacing", "2,2,3", "--anti-aliasing", "--out", coarse, "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var result = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal([12, 12, 8], result.GetProperty("shape").EnumerateArray().Select(count => count.GetInt32()));
        Assert.Equal(0, BuiltProgram.Run("image", "resample", coarse, "--like", scan, "--out", back).ExitCode);
        var (original, restored) = (NiftiReader.ReadVolume(scan), NiftiReader.ReadVolume(back));
        Assert.True(original.Grid.IsSameAs(restored.Grid));
        Assert.InRange(restored[11, 11, 11], 180, 220);
        Assert.InRange(restored[2, 2, 2], 100, 120);
    }

    [Fact]
    public void Labels_stay_labels()
    {
        var (coarse, back) = (work.PathOf("coarse.nii.gz"), work.PathOf("back.nii.gz"));

        Assert.Equal(0, BuiltProgram.Run("image", "resample", labels, "--labels", "--spacing", "2,2,2", "--out", coarse).ExitCode);
        Assert.Equal(0, BuiltProgram.Run("image", "resample", coarse, "--labels", "--like", labels, "--out", back).ExitCode);

        Assert.Equal(27, NiftiReader.ReadLabelMap(coarse).Labels.Count(label => label == 3));
        Assert.Equal(NiftiReader.ReadLabelMap(labels).Labels, NiftiReader.ReadLabelMap(back).Labels);
    }

    [Fact]
    public void Bias_is_corrected_and_its_field_written()
    {
        var (corrected, field) = (work.PathOf("corrected.nii.gz"), work.PathOf("field.nii.gz"));

        Assert.Equal(0, BuiltProgram.Run(
            "image", "correct-bias", scan, "--mask", labels, "--iterations", "3", "--field", field, "--out", corrected).ExitCode);

        var (before, after, factor) = (NiftiReader.ReadVolume(scan), NiftiReader.ReadVolume(corrected), NiftiReader.ReadVolume(field));
        Assert.All(Enumerable.Range(0, before.Voxels.Length), i => Assert.Equal(before.Voxels[i], after.Voxels[i] * factor.Voxels[i], 1e-2f));
    }

    [Fact]
    public void A_scale_learnt_from_scans_brings_a_brighter_one_to_the_same_intensities()
    {
        var (scale, bright) = (work.PathOf("scale.json"), work.PathOf("bright.nii.gz"));
        NiftiWriter.Write(bright, WorkFolder.Image(1).Map(value => (3 * value) + 50));

        Assert.Equal(0, BuiltProgram.Run("image", "learn-histogram", scan, bright, "--out", scale).ExitCode);
        foreach (var name in new[] { "scan", "bright" })
        {
            var matched = BuiltProgram.Run(
                "image", "match-histogram", work.PathOf($"{name}.nii.gz"), "--scale", scale, "--out", work.PathOf($"matched_{name}.nii"));
            Assert.Equal((0, ""), (matched.ExitCode, matched.Errors));
        }

        var (first, second) = (NiftiReader.ReadVolume(work.PathOf("matched_scan.nii")), NiftiReader.ReadVolume(work.PathOf("matched_bright.nii")));
        Assert.All(first.Voxels.Zip(second.Voxels), pair => Assert.Equal(pair.First, pair.Second, 1e-2f));
    }

    [Fact]
    public void A_brain_that_is_no_human_brain_is_masked_with_a_warning()
    {
        var (ball, mask, masked) = (work.PathOf("ball.nii.gz"), work.PathOf("mask.nii.gz"), work.PathOf("masked.nii.gz"));
        NiftiWriter.Write(ball, Ball());

        var run = BuiltProgram.Run("image", "brain-mask", ball, "--out", mask, "--masked", masked);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("no human brain's volume", run.Errors);
        Assert.Contains("not for clinical use", run.Output);
        var (brain, image) = (NiftiReader.ReadLabelMap(mask), NiftiReader.ReadVolume(masked));
        Assert.Equal((1, 0), (brain[24, 24, 24], brain[0, 0, 0]));
        Assert.All(Enumerable.Range(0, brain.Labels.Length), i => Assert.True(brain.Labels[i] == 1 || image.Voxels[i] == 0));
    }

    /// <summary>A ball of 8 cm in noise: brain enough to be found.</summary>
    private static Volume Ball()
    {
        var (size, random) = (new Size(48, 48, 48), new Random(1));
        double Square(int place) => Math.Pow((place - 23.5) * 2, 2);
        return new Volume(Grid.Axial(size, new Spacing(2, 2, 2)), [.. Enumerable.Range(0, size.Count).Select(i =>
            (Square(i % 48) + Square(i / 48 % 48) + Square(i / 2304) < 1600 ? 100 : 0) + (5 * random.NextSingle()))]);
    }

    [Fact]
    public void Mistakes_are_named_and_nothing_is_written()
    {
        var target = work.PathOf("out.nii.gz");
        var halves = work.PathOf("halves.nii.gz");
        NiftiWriter.Write(halves, WorkFolder.Image(1).Map(value => value + 0.5f));
        work.IsRefused(["image", "resample", scan, "--out", target], "--spacing", "--like");
        work.IsRefused(["image", "resample", scan, "--spacing", "1,0,1", "--out", target], "--spacing");
        work.IsRefused(["image", "resample", scan, "--spacing", "0.0001,0.0001,0.0001", "--out", target], "coarser");
        work.IsRefused(["image", "resample", scan, "--spacing", "2,2,2", "--out", work.PathOf("out.mha")], "out.mha");
        work.IsRefused(["image", "resample", halves, "--labels", "--spacing", "2,2,2", "--out", target], halves, "no label");
        work.IsRefused(["image", "correct-bias", scan, "--mask", halves, "--out", target], halves);
        work.IsRefused(["image", "match-histogram", scan, "--scale", scan, "--out", target], scan);
    }
}
