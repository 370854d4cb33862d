using MetSeg.App;
using Xunit;

namespace MetSeg.EndToEnd;

public sealed class ConsoleProgressTests : IDisposable
{
    private readonly StringWriter written = new() { NewLine = "\n" };
    private readonly HandClock clock = new();

    public void Dispose() => written.Dispose();

    [Fact]
    public void Tells_rate_and_time_left()
    {
        var meter = new ProgressMeter(new Progress("train", 100, 1000), TimeSpan.Zero);

        Assert.Equal("200 of 1000, 2.0/s, 6 min 40 s left, loss 0.31", meter.Describe(new Progress("train", 200, 1000, "loss 0.31"), TimeSpan.FromSeconds(50)));
        Assert.Equal("100 of 1000", meter.Describe(new Progress("train", 100, 1000), TimeSpan.Zero));
        Assert.Equal("1000 in 1 min 05 s", meter.DescribeEnd(new Progress("train", 1000, 1000), TimeSpan.FromSeconds(65)));
    }

    [Theory]
    [InlineData(250, "250/s")]
    [InlineData(1, "1.0/s")]
    [InlineData(0.205, "12.3/min")]
    [InlineData(0.0125, "45.0/h")]
    public void Rate_has_the_unit_that_makes_it_readable(double perSecond, string expected) => Assert.Equal(expected, ProgressMeter.Rate(perSecond));

    [Theory]
    [InlineData(0.25, "0.3 s")]
    [InlineData(59.6, "1 min 00 s")]
    [InlineData(3599.7, "1 h 00 min")]
    [InlineData(3900, "1 h 05 min")]
    [InlineData(183_600, "2 d 3 h")]
    public void Duration_has_its_two_largest_units(double seconds, string expected) => Assert.Equal(expected, ProgressMeter.Duration(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Redirected_it_writes_a_line_now_and_then_and_one_at_the_end()
    {
        using var progress = new ConsoleProgress(written, live: false, clock);
        for (var done = 0; done <= 12; done++)
        {
            progress.Report(new Progress("predict", done, 12));
            clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("predict: 5 of 12, 1.0/s, 7.0 s left\npredict: 10 of 12, 1.0/s, 2.0 s left\npredict: 12 in 12 s\n", written.ToString());
    }

    [Fact]
    public void Quiet_writes_nothing()
    {
        using var progress = new ConsoleProgress(null, live: true, clock);

        progress.Report(new Progress("predict", 1, 1));
        progress.Note("stopping");

        Assert.Equal("", written.ToString());
    }

    [Fact]
    public void Threads_may_report_at_once()
    {
        using var progress = new ConsoleProgress(written, live: false, clock);

        Parallel.For(0, 1000, number => progress.Report(new Progress($"task {number % 10}", 1, 1)));

        Assert.Equal(10, written.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count());
        Assert.Equal(10, written.ToString().Count(character => character == '\n'));
    }

    private sealed class HandClock : TimeProvider
    {
        private long ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => ticks;

        public void Advance(TimeSpan time) => ticks += time.Ticks;
    }
}
