using MetSeg.Learning.Experiments;
using Xunit;

namespace MetSeg.Learning.Tests.Experiments;

public sealed class StageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly List<string> ran = [];
    private readonly List<string> notes = [];

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_done_is_not_done_again()
    {
        RunAll(("a", 1), ("b", 1));
        RunAll(("a", 1), ("b", 1), ("c", 1));

        Assert.Equal(["a", "b", "c"], ran);
        Assert.Equal(["a: done already", "b: done already"], notes);
    }

    [Fact]
    public void Changed_options_run_a_stage_and_all_later_ones_again()
    {
        RunAll(("a", 1), ("b", 1), ("c", 1));
        ran.Clear();
        RunAll(("a", 1), ("b", 2), ("c", 1));

        Assert.Equal(["b", "c"], ran);
    }

    [Fact]
    public void A_stage_whose_marker_was_deleted_takes_the_later_ones_with_it()
    {
        RunAll(("a", 1), ("b", 1), ("c", 1));
        File.Delete(folder.At("b.done"));
        ran.Clear();
        RunAll(("a", 1), ("b", 1), ("c", 1));

        Assert.Equal(["b", "c"], ran);
    }

    [Fact]
    public void A_stage_that_fails_leaves_no_marker_and_is_run_again()
    {
        Assert.Throws<InvalidOperationException>(() => RunAll(("a", 1), ("fails", 1)));
        Assert.True(File.Exists(folder.At("a.done")));
        Assert.False(File.Exists(folder.At("fails.done")));

        ran.Clear();
        Assert.Throws<InvalidOperationException>(() => RunAll(("a", 1), ("fails", 1)));
        Assert.Equal(["fails"], ran);
    }

    [Fact]
    public void Going_back_after_a_failure_with_other_options_does_not_trust_what_that_left()
    {
        var failing = false;
        void Run(int option) => Stage.RunAll(
            folder.Path, [Make("a", option), Make("b", 1) with { Run = () => Do("b", failing) }, Make("c", 1)], null, CancellationToken.None);
        Run(option: 1);
        failing = true;
        Assert.Throws<InvalidOperationException>(() => Run(option: 2));
        failing = false;
        ran.Clear();
        Run(option: 1);

        Assert.Equal(["a", "b", "c"], ran);
    }

    [Fact]
    public void A_wish_to_stop_is_heard_between_stages()
    {
        using var stop = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(() =>
            Stage.RunAll(folder.Path, [Make("a", 1) with { Run = stop.Cancel }, Make("b", 1)], null, stop.Token));

        Assert.Empty(ran);
        Assert.True(File.Exists(folder.At("a.done")));
    }

    private void RunAll(params (string Name, int Option)[] stages) =>
        Stage.RunAll(folder.Path, [.. stages.Select(stage => Make(stage.Name, stage.Option))], notes.Add, CancellationToken.None);

    private Stage Make(string name, int option) => new(name, new { option }, () => Do(name, name == "fails"));

    private void Do(string name, bool fail)
    {
        ran.Add(name);
        if (fail)
        {
            throw new InvalidOperationException(name);
        }
    }
}
