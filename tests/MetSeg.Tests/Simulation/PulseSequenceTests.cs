using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public class PulseSequenceTests
{
    private static readonly Relaxation tissue = new(800, 80, 50, 0.8);

    [Fact]
    public void A_spoiled_gradient_echo_is_the_closed_form()
    {
        // TR 20 of T1 800, 30°: E1 = exp(-0.025) = 0.975310; sin 0.5, cos 0.866025; 0.8·0.5·0.024690/(1 − 0.844643)·exp(−5/50) = 0.05752.
        Assert.Equal(0.05752, new SpoiledGradientEcho(20, 5, 30).Signal(tissue), tolerance: 2e-5);
    }

    [Fact]
    public void A_spin_echo_is_the_closed_form()
    {
        // TR 500, TE 20: 1 − 2·exp(−490/800) + exp(−500/800) = 1 − 1.084010 + 0.535261 = 0.451252; times 0.8·exp(−0.25) = 0.281150.
        Assert.Equal(0.281150, new SpinEcho(500, 20).Signal(tissue), tolerance: 2e-5);
    }

    [Fact]
    public void Without_echo_time_nothing_has_decayed_and_with_more_the_signal_falls_exponentially()
    {
        Assert.Equal(0.8 * (1 - Math.Exp(-500 / 800.0)), new SpinEcho(500, 0).Signal(tissue), tolerance: 1e-12);
        Assert.Equal(Math.Exp(-10 / 80.0), new TurboSpinEcho(4000, 90).Signal(tissue) / new TurboSpinEcho(4000, 80).Signal(tissue), tolerance: 1e-12);
        Assert.Equal(Math.Exp(-10 / 50.0), new SpoiledGradientEcho(20, 10, 30).Signal(tissue) / new SpoiledGradientEcho(20, 0, 30).Signal(tissue), tolerance: 1e-12);
    }

    [Fact]
    public void A_long_repetition_time_leaves_proton_density()
    {
        Assert.Equal(0.8, new SpoiledGradientEcho(1e6, 0, 90).Signal(tissue), tolerance: 1e-9);
        Assert.Equal(0.8, new SpinEcho(1e6, 0).Signal(tissue), tolerance: 1e-9);
        Assert.Equal(0.8, new TurboSpinEcho(1e6, 0).Signal(tissue), tolerance: 1e-9);
    }

    [Theory]
    [InlineData(8, 800)]
    [InlineData(25, 1400)]
    [InlineData(500, 300)]
    public void A_gradient_echo_is_brightest_at_the_Ernst_angle(double trMs, double t1Ms)
    {
        double Signal(double degrees) => new SpoiledGradientEcho(trMs, 3, degrees).Signal(tissue with { T1Ms = t1Ms });
        var ernst = SpoiledGradientEcho.ErnstDegrees(trMs, t1Ms);

        Assert.All(Enumerable.Range(1, 89), degrees => Assert.True(Signal(degrees) <= Signal(ernst) + 1e-12));
    }

    [Theory]
    [InlineData(9000, 4163)]
    [InlineData(1e7, 1000)]
    public void Inversion_at_the_null_point_leaves_nothing(double trMs, double t1Ms)
    {
        var ti = TurboSpinEcho.NullTiMs(t1Ms, trMs, trainMs: 0);

        Assert.Equal(0, new TurboSpinEcho(trMs, 100, 0, ti).Signal(tissue with { T1Ms = t1Ms }), tolerance: 1e-9);
        Assert.True(new TurboSpinEcho(trMs, 100, 0, 0.8 * ti).Signal(tissue with { T1Ms = t1Ms }) > 0.01);
    }

    [Fact]
    public void The_null_point_after_full_recovery_is_ln_2() => Assert.Equal(Math.Log(2), TurboSpinEcho.NullTiMs(1000, 1e7) / 1000, tolerance: 1e-9);

    [Fact]
    public void A_train_of_tiny_angles_sees_free_inversion_recovery()
    {
        // Full recovery between inversions: 1 − 2·exp(−TI/T1).
        Assert.Equal(1 - (2 * Math.Exp(-900 / 800.0)), new TurboFieldEcho(1e6, 900, 3, 0.001, 100, 7).Magnetization(800), tolerance: 1e-6);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(1)]
    public void A_long_train_forgets_its_preparation_and_becomes_a_gradient_echo(double preparation)
    {
        var train = new TurboFieldEcho(200_000, 100_000, 3, 12, 20_000, 8, preparation);

        Assert.Equal(new SpoiledGradientEcho(8, 3, 12).Signal(tissue), train.Signal(tissue), tolerance: 1e-9);
    }

    [Fact]
    public void The_steady_state_of_inversion_trains_is_that_of_playing_them_one_after_another()
    {
        var sequence = new TurboFieldEcho(2000, 900, 3, 9, 160, 7);
        var (magnetization, center) = (1.0, 0.0);
        double Recover(double from, double timeMs) => 1 - ((1 - from) * Math.Exp(-timeMs / 800));
        for (var cycle = 0; cycle < 30; cycle++)
        {
            magnetization = Recover(-magnetization, 900 - 560);
            for (var echo = 0; echo < 160; echo++)
            {
                center = echo == 80 ? magnetization : center;
                magnetization = Recover(magnetization * Math.Cos(9 * Math.PI / 180), 7);
            }

            magnetization = Recover(magnetization, 2000 - 900 - 560);
        }

        Assert.Equal(center, sequence.Magnetization(800), tolerance: 1e-9);
    }

    [Fact]
    public void Contrast_agent_shortens_by_relaxivity_times_concentration()
    {
        // 1/800 ms + 5 L/(mmol·s)·0.5 mmol/L = 1.25/s + 2.5/s = 3.75/s.
        var enhanced = tissue.With(new ContrastAgent(5, 8), 0.5);

        Assert.Equal(1000 / 3.75, enhanced.T1Ms, tolerance: 1e-9);
        Assert.Equal(1000 / (12.5 + 4), enhanced.T2Ms, tolerance: 1e-9);
        Assert.Equal(tissue, tissue.With(new ContrastAgent(5, 8), 0) with { T1Ms = 800, T2Ms = 80, T2StarMs = 50 });
        Assert.Throws<ArgumentOutOfRangeException>(() => tissue.With(new ContrastAgent(5, 8), -1));
    }
}
