using MetSeg.Learning.Harmonization;
using Xunit;

namespace MetSeg.Learning.Tests.Harmonization;

public class IntensityFrameTests
{
    [Fact]
    public void There_and_back_on_an_equal_size_changes_nothing()
    {
        var volume = Noise(new Size(8, 7, 6), low: -3, high: 500);

        var (input, frame) = IntensityFrame.Enter(volume, [6, 7, 8]);
        var back = frame.Leave(input);

        Assert.Same(volume.Grid, back.Grid);
        Assert.All(volume.Voxels.Zip(back.Voxels), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5f * 503));
    }

    [Fact]
    public void The_input_has_the_asked_size_the_same_field_of_view_and_runs_from_minus_one_to_one()
    {
        var volume = Noise(new Size(10, 12, 9), low: 20, high: 30);

        var (input, frame) = IntensityFrame.Enter(volume, [4, 6, 8]);

        Assert.Equal(new Size(8, 6, 4), input.Grid.Size);
        Assert.Equal(10.0 / 8, input.Grid.Spacing.X, tolerance: 1e-12);
        Assert.Equal(-1, input.Voxels.Min(), tolerance: 1e-6f);
        Assert.Equal(1, input.Voxels.Max(), tolerance: 1e-6f);
        Assert.InRange(frame.Minimum, 20, 30);
    }

    [Fact]
    public void A_straight_ramp_survives_a_coarser_input_but_for_its_ends()
    {
        var grid = Grid.Axial(new Size(16, 4, 4), new Spacing(1, 1, 1));
        var ramp = new Volume(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => (float)(i % 16))]);

        var (input, frame) = IntensityFrame.Enter(ramp, [4, 4, 8]);
        var back = frame.Leave(input);

        Assert.All(Enumerable.Range(1, 14), x => Assert.Equal(x, back[x, 2, 2], tolerance: 1e-4f));
        Assert.Equal(0.5f, back[0, 2, 2], tolerance: 1e-4f);        // the mean of voxels 0 and 1, the outermost that the input has
    }

    [Fact]
    public void A_constant_volume_becomes_minus_one_and_whatever_comes_out_the_constant_again()
    {
        var grid = Grid.Axial(new Size(4, 4, 4), new Spacing(1, 1, 1));
        var (input, frame) = IntensityFrame.Enter(new Volume(grid, [.. Enumerable.Repeat(7f, 64)]), [4, 4, 4]);

        Assert.All(input.Voxels, value => Assert.Equal(-1, value));
        Assert.All(frame.Leave(input.Map(_ => 0.3f)).Voxels, value => Assert.Equal(7, value));
    }

    [Fact]
    public void The_original_range_is_that_of_the_volume_before_it_was_resized()
    {
        var volume = Noise(new Size(8, 8, 8), low: -3, high: 500);

        var (input, frame) = IntensityFrame.Enter(volume, [4, 4, 4], IntensityRange.Original);

        Assert.Equal((volume.Voxels.Min(), volume.Voxels.Max()), (frame.Minimum, frame.Maximum));
        Assert.True(input.Voxels.Max() < 0.99f);
    }

    [Fact]
    public void One_bright_vessel_moves_no_percentile_and_comes_back_whole()
    {
        var plain = Noise(new Size(12, 12, 12), low: 20, high: 30);
        var background = new Volume(plain.Grid, [.. plain.Voxels.Select((value, i) => i % 12 < 5 ? 0 : value)]);
        var vessel = new Volume(plain.Grid, [.. background.Voxels.Select((value, i) => i == 700 ? 900 : value)]);

        var (_, without) = IntensityFrame.Enter(background, [12, 12, 12], IntensityRange.Percentiles);
        var (input, frame) = IntensityFrame.Enter(vessel, [12, 12, 12], IntensityRange.Percentiles);
        var back = frame.Leave(input);

        Assert.Equal(without.Maximum, frame.Maximum, tolerance: 0.1f);
        Assert.InRange(frame.Minimum, 20, 20.2f);
        Assert.Equal((-1, 1), (input.Voxels.Min(), input.Voxels.Max()));
        Assert.All(vessel.Voxels.Zip(back.Voxels), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-3f));
    }

    [Fact]
    public void Percentiles_of_a_constant_volume_leave_it_as_it_is()
    {
        var constant = Noise(new Size(4, 4, 4), low: 7, high: 7);
        var (input, frame) = IntensityFrame.Enter(constant, [4, 4, 4], IntensityRange.Percentiles);

        Assert.All(input.Voxels, value => Assert.Equal(-1, value));
        Assert.All(frame.Leave(input).Voxels, value => Assert.Equal(7, value));
    }

    private static Volume Noise(Size size, float low, float high)
    {
        var random = new Random(1);
        float[] values = [.. Enumerable.Range(0, size.Count).Select(_ => low + ((high - low) * random.NextSingle()))];
        return new Volume(Grid.Axial(size, new Spacing(1, 1, 1)), values);
    }
}
