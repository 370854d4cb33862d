using System.Collections.Concurrent;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace MetSeg.App;

/// <summary>One bar per running task at the bottom of a terminal, drawn by Spectre.Console on a thread of its own until disposed.</summary>
internal sealed class LiveBars : IDisposable
{
    private const int BarWidth = 24;

    private readonly IAnsiConsole console;
    private readonly ConcurrentDictionary<int, string> states = new();
    private readonly Dictionary<string, ProgressTask> bars = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ProgressContext context;
    private readonly Task display;

    /// <summary>Starts the display.</summary>
    /// <param name="terminal">The terminal's writer.</param>
    public LiveBars(TextWriter terminal)
    {
        console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(terminal), Ansi = AnsiSupport.Detect });
        var started = new TaskCompletionSource<ProgressContext>();
        display = console.Progress().AutoClear(true).HideCompleted(true)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn { Width = BarWidth }, new StateColumn(states))
            .StartAsync(async progress =>
            {
                started.SetResult(progress);
                await ended.Task;
            });
        context = started.Task.GetAwaiter().GetResult();
    }

    /// <summary>Moves a task's bar, which appears at its first report.</summary>
    /// <param name="progress">How far the task is; a total of 0 shows a moving bar.</param>
    /// <param name="state">The text right of the bar.</param>
    public void Show(Progress progress, string state)
    {
        if (!bars.TryGetValue(progress.Task, out var bar))
        {
            bars[progress.Task] = bar = context.AddTask(progress.Task.EscapeMarkup());
        }

        states[bar.Id] = state;
        bar.IsIndeterminate = progress.Total <= 0;
        bar.MaxValue = Math.Max(progress.Total, 1);
        bar.Value = progress.Done;
    }

    /// <summary>Takes a task's bar away.</summary>
    public void Remove(string task)
    {
        if (bars.Remove(task, out var bar))
        {
            bar.StopTask();
            bar.Value = bar.MaxValue;
        }
    }

    /// <summary>Writes a line above the bars.</summary>
    public void WriteLine(string line) => console.WriteLine(line);

    /// <inheritdoc/>
    public void Dispose()
    {
        ended.TrySetResult();
        display.GetAwaiter().GetResult();
    }

    private sealed class StateColumn(ConcurrentDictionary<int, string> states) : ProgressColumn
    {
        protected override bool NoWrap => true;

        public override IRenderable Render(RenderOptions options, ProgressTask task, TimeSpan deltaTime) =>
            new Text(states.GetValueOrDefault(task.Id, "")) { Overflow = Overflow.Ellipsis };
    }
}
