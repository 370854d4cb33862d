using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class ForegroundTests
{
    [Fact]
    public void Around_a_head_everything_dark_is_background() =>
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 0, 1, 1, 1, 1 }, Foreground.Find(Row(0, 1, 2, 5, 3, 40, 100, 110, 120, 130)).Labels);

    [Fact]
    public void Around_a_stripped_brain_only_what_is_blank_is_background() =>
        Assert.Equal(new byte[] { 0, 0, 0, 0, 0, 1, 1, 1, 1, 1 }, Foreground.Find(Row(0, 0, 0, 0, 0, 40, 100, 110, 120, 130)).Labels);

    [Fact]
    public void The_blank_value_need_not_be_0() =>
        Assert.Equal(new byte[] { 0, 0, 0, 0, 1, 1, 1, 1 }, Foreground.Find(Row(-3, -3, -3, -3, -1, 2, 2.1f, 2.2f)).Labels);

    [Fact]
    public void What_is_not_finite_is_background() =>
        Assert.Equal(
            new byte[] { 0, 0, 0, 0, 0, 1, 1, 1 },
            Foreground.Find(Row(float.NaN, float.NaN, float.NaN, float.NaN, float.PositiveInfinity, 40, 100, 110)).Labels);

    [Fact]
    public void A_constant_image_is_all_foreground_and_an_undefined_one_has_none()
    {
        Assert.Equal(new byte[] { 1, 1, 0 }, Foreground.Find(Row(7, 7, float.NaN)).Labels);
        Assert.Equal(new byte[] { 0, 0 }, Foreground.Find(Row(float.NaN, float.NaN)).Labels);
    }

    [Fact]
    public void Nonzero_is_what_is_finite_and_not_0() =>
        Assert.Equal(new byte[] { 0, 1, 1, 0, 0 }, Foreground.FindNonzero(Row(0, -1, 2, float.NaN, float.NegativeInfinity)).Labels);

    /// <summary>Shares counted with numpy 1.24: voxels above Otsu's threshold (heads), voxels that are not the background's value (brains).</summary>
    [Theory]
    [InlineData("data/heads/chris_t1.nii.gz", 0.395)]
    [InlineData("data/heads/ljubljana-p12-s1-t1w.nii.gz", 0.283)]
    [InlineData("data/heads/mr_gd_skullstripped.nii.gz", 0.333)]
    [InlineData("data/brats-sample/brats_2013_pat0004_1/t1c.nii.gz", 0.139)]
    public void Tells_whole_heads_from_stripped_brains(string path, double share)
    {
        var mask = Foreground.Find(NiftiReader.ReadVolume(SharedData.PathOf(path))).Labels.AsSpan();

        var count = 0;
        foreach (var label in mask)
        {
            count += label;
        }

        Assert.Equal(share, (double)count / mask.Length, tolerance: 0.001);
    }

    private static Volume Row(params float[] values) => new(Grid.Axial(new Size(values.Length, 1, 1), new Spacing(1, 1, 1)), values);
}
