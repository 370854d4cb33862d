namespace MetSeg.App;

/// <summary>
/// Shows progress on stderr: live bars on a terminal; elsewhere a plain line now and then and one when a task ends; nothing with --quiet.
/// Any thread may report.
/// </summary>
internal sealed class ConsoleProgress : IProgress<Progress>, IDisposable
{
    private static readonly TimeSpan shortestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan longestPause = TimeSpan.FromMinutes(1);

    private readonly Lock mutex = new();
    private readonly Dictionary<string, Tracked> tracked = new(StringComparer.Ordinal);
    private readonly TextWriter? writer;
    private readonly TimeProvider clock;
    private readonly long started;
    private readonly bool live;
    private LiveBars? bars;
    private bool ended;

    /// <summary>Creates a display.</summary>
    /// <param name="writer">Where lines and bars go; null shows nothing.</param>
    /// <param name="live">Whether the writer is a terminal that can show bars.</param>
    /// <param name="clock">Measures rates and pauses.</param>
    public ConsoleProgress(TextWriter? writer, bool live, TimeProvider clock)
    {
        (this.writer, this.live, this.clock) = (writer, live, clock);
        started = clock.GetTimestamp();
    }

    /// <summary>The display that fits a writer: live only where it is the standard error of a terminal.</summary>
    public static ConsoleProgress On(TextWriter error, bool quiet)
    {
        var isTerminal = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");
        return new ConsoleProgress(quiet ? null : error, isTerminal, TimeProvider.System);
    }

    /// <inheritdoc/>
    public void Report(Progress value)
    {
        lock (mutex)
        {
            if (writer is null || ended)
            {
                return;
            }

            var now = clock.GetElapsedTime(started);
            if (!tracked.TryGetValue(value.Task, out var task) || value.Done < task.LastDone)
            {
                tracked[value.Task] = task = new Tracked(new ProgressMeter(value, now), now);
            }

            task.LastDone = value.Done;
            if (value.Total > 0 && value.Done >= value.Total)
            {
                End(value, task, now);
            }
            else if (live)
            {
                (bars ??= new LiveBars(writer)).Show(value, task.Meter.Describe(value, now));
            }
            else if (now - task.LastShown >= Pause(now - task.Start))
            {
                task.LastShown = now;
                writer.WriteLine($"{value.Task}: {task.Meter.Describe(value, now)}");
            }
        }
    }

    /// <summary>Writes a line among the progress.</summary>
    public void Note(string line)
    {
        lock (mutex)
        {
            WriteLine(line);
        }
    }

    /// <summary>Removes the bars; later reports are not shown.</summary>
    public void Dispose()
    {
        lock (mutex)
        {
            ended = true;
            bars?.Dispose();
            bars = null;
        }
    }

    /// <summary>Long work needs fewer lines: from one in 5 s to one a minute.</summary>
    private static TimeSpan Pause(TimeSpan elapsed)
    {
        var pause = elapsed / 12;
        return pause < shortestPause ? shortestPause : pause > longestPause ? longestPause : pause;
    }

    private void End(Progress value, Tracked task, TimeSpan now)
    {
        if (!task.Ended)
        {
            task.Ended = true;
            bars?.Remove(value.Task);
            WriteLine($"{value.Task}: {task.Meter.DescribeEnd(value, now)}");
        }
    }

    private void WriteLine(string line)
    {
        if (bars is not null)
        {
            bars.WriteLine(line);
        }
        else
        {
            writer?.WriteLine(line);
        }
    }

    private sealed class Tracked(ProgressMeter meter, TimeSpan start)
    {
        public ProgressMeter Meter { get; } = meter;

        public TimeSpan Start { get; } = start;

        public TimeSpan LastShown { get; set; } = start;

        public long LastDone { get; set; }

        public bool Ended { get; set; }
    }
}
