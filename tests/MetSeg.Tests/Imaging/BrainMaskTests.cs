using MetSeg.Evaluation;
using MetSeg.Imaging;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class BrainMaskTests
{
    [Theory]
    [InlineData("brats_2013_pat0004_1", 0.97)]
    [InlineData("brats2021-01476", 0.94)]
    public void A_real_brain_is_found_in_a_head_built_around_it(string name, double least)
    {
        var (brain, mask) = Stripped(name);
        var (head, reference) = HeadAroundBrain.Build(brain, mask, noise: 0.03, seed: 1);

        var dice = Dice.Compute(reference, BrainMask.Find(head));

        Assert.True(dice >= least, $"Dice {dice:0.000}");
    }

    [Fact]
    public void A_tumor_at_the_surface_is_not_cut_off()
    {
        var (brain, mask) = Stripped("brats_2013_pat0001_1");
        var (head, _) = HeadAroundBrain.Build(brain, mask, noise: 0.03, seed: 1);
        var labels = NiftiReader.ReadLabelMap(SharedData.PathOf("data/brats-sample/brats_2013_pat0001_1/seg.nii.gz"));
        var tumor = Resampler.Resample(labels.Select(4), head.Grid);

        var found = BrainMask.Find(head);

        var (voxels, inside) = (tumor.Labels.Count(label => label != 0), tumor.Labels.Where((label, i) => label != 0 && found.Labels[i] != 0).Count());
        Assert.True(inside > 0.98 * voxels, $"{inside} of {voxels} voxels of enhancing tumor");
    }

    [Theory]
    [InlineData("chris_t1", 1300, 1700)]
    [InlineData("ljubljana-p12-s1-t1w", 1400, 1800)]
    public void A_real_head_gives_a_brain_of_human_size_in_one_piece(string name, double leastCm3, double mostCm3)
    {
        var head = NiftiReader.ReadVolume(SharedData.PathOf($"data/heads/{name}.nii.gz"));

        var mask = BrainMask.Find(head);

        var piece = Assert.Single(Components.Find(mask).Items);
        Assert.InRange(piece.Voxels * mask.Grid.Spacing.VoxelMm3 / 1000, leastCm3, mostCm3);
        Assert.Equal(mask.Labels, Morphology.FillHoles(mask).Labels);
    }

    [Fact]
    public void Orientation_changes_nothing_that_matters()
    {
        var head = NiftiReader.ReadVolume(SharedData.PathOf("data/heads/ljubljana-p12-s1-t1w.nii.gz"));
        var turned = Orientation.To(head, "SRP");

        var (mask, other) = (BrainMask.Find(head), Orientation.To(BrainMask.Find(turned), head.Grid.Orientation));

        Assert.InRange(Dice.Compute(mask, new LabelMap(mask.Grid, [.. other.Labels])), 0.995, 1);
    }

    [Fact]
    public void An_image_without_skull_keeps_all_that_is_not_background_however_it_is_scaled()
    {
        var (brain, mask) = Stripped("brats_2013_pat0001_1");

        var found = BrainMask.Find(brain);

        Assert.InRange(Dice.Compute(mask, found), 0.99, 1);
        Assert.InRange(Dice.Compute(mask, BrainMask.Find(brain.Map(value => (3 * value) + 7))), 0.99, 1);
    }

    [Fact]
    public void A_margin_adds_and_takes_a_layer()
    {
        var ball = Ball();
        double Radius(LabelMap mask) => Math.Cbrt(mask.Labels.Count(label => label != 0) * 3 / (4 * Math.PI));

        Assert.Equal(13, Radius(BrainMask.WithMargin(ball, 3)), tolerance: 0.2);
        Assert.Equal(7, Radius(BrainMask.WithMargin(ball, -3)), tolerance: 0.2);
        Assert.Same(ball, BrainMask.WithMargin(ball, 0));
    }

    [Fact]
    public void Outside_the_mask_the_image_becomes_zero()
    {
        var ball = Ball();
        var image = new Volume(ball.Grid, [.. Enumerable.Range(0, ball.Labels.Length).Select(i => i + 1f)]);

        Assert.Equal(ball.Labels.Select((label, i) => label * (i + 1f)), BrainMask.Apply(image, ball).Voxels);
        Assert.Throws<GridMismatchException>(() => BrainMask.Apply(new Volume(Grid.Axial(new Size(2, 2, 2), new Spacing(1, 1, 1)), new float[8]), ball));
    }

    [Fact]
    public void What_is_no_head_is_refused()
    {
        var grid = Grid.Axial(new Size(20, 20, 20), new Spacing(1, 1, 1));

        Assert.Contains("No brain", Assert.Throws<MetSegException>(() => BrainMask.Find(new Volume(grid, new float[8000]))).Message);
    }

    [Fact]
    public void Options_that_cannot_work_are_named()
    {
        var options = new BrainMaskOptions { WorkingSpacingMm = 9, DarkestTissue = 1, SurfaceThreshold = double.NaN, MarginMm = 100 };

        Assert.Equal(4, options.Problems().Count());
        Assert.Empty(new BrainMaskOptions().Problems());
        Assert.Throws<OptionsException>(() => BrainMask.Find(new Volume(Grid.Axial(new Size(2, 2, 2), new Spacing(1, 1, 1)), new float[8]), options));
    }

    private static (Volume Brain, LabelMap Mask) Stripped(string name)
    {
        var folder = SharedData.PathOf($"data/brats-sample/{name}");
        var brain = NiftiReader.ReadVolume(Path.Combine(folder, "t1c.nii.gz"));
        var mask = Path.Combine(folder, "mask.nii.gz");
        return (brain, File.Exists(mask) ? NiftiReader.ReadLabelMap(mask) : Foreground.FindNonzero(brain));
    }

    private static LabelMap Ball()
    {
        var size = new Size(40, 40, 40);
        bool Inside(int i) => Math.Pow((i % 40) - 20, 2) + Math.Pow((i / 40 % 40) - 20, 2) + Math.Pow((i / 1600) - 20, 2) <= 100;
        return new LabelMap(Grid.Axial(size, new Spacing(1, 1, 1)), [.. Enumerable.Range(0, size.Count).Select(i => Inside(i) ? (byte)1 : (byte)0)]);
    }
}
