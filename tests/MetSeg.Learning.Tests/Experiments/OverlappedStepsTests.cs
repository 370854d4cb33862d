using MetSeg.Learning.Experiments;
using Xunit;

namespace MetSeg.Learning.Tests.Experiments;

public class OverlappedStepsTests
{
    private readonly List<string> events = [];

    public static TheoryData<bool> Ways { get; } = [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public void Every_item_goes_through_all_steps_in_order(bool overlaps)
    {
        Steps().Run([1, 2, 3, 4], overlaps, CancellationToken.None);

        Assert.Equal([1, 2, 3, 4], Of("prepare"));
        Assert.Equal([1, 2, 3, 4], Of("compute"));
        Assert.Equal([1, 2, 3, 4], Of("finish"));
    }

    [Fact]
    public void The_next_is_prepared_and_the_one_before_finished_while_one_is_computed()
    {
        // Item 2 is computed only once 3 has been prepared and 1 finished: it would wait forever if the steps came one after the other.
        using var others = new CountdownEvent(2);
        void Signal(bool isAwaited) => _ = isAwaited && others.Signal();

        new OverlappedSteps<int, int, int>(
            item => Passed("prepare", item, () => Signal(item == 3)),
            item => Passed("compute", item, () => Assert.True(item != 2 || others.Wait(TimeSpan.FromSeconds(30)))),
            item => Passed("finish", item, () => Signal(item == 1))).Run([1, 2, 3], overlaps: true, CancellationToken.None);

        Assert.Equal([1, 2, 3], Of("finish"));
    }

    [Fact]
    public void No_more_than_one_is_prepared_ahead()
    {
        Steps(compute: item => Assert.All(Of("prepare"), prepared => Assert.True(prepared <= item + 1))).Run([1, 2, 3, 4, 5], overlaps: true, CancellationToken.None);

        Assert.Equal(5, Of("finish").Count);
    }

    [Theory]
    [InlineData("prepare", true)]
    [InlineData("prepare", false)]
    [InlineData("compute", true)]
    [InlineData("compute", false)]
    [InlineData("finish", true)]
    [InlineData("finish", false)]
    public void A_fault_is_thrown_once_what_came_before_is_finished_and_ends_the_work(string step, bool overlaps)
    {
        Action<int> Fail(string name) => item => _ = step == name && item == 3 ? throw new MetSegException("item 3") : 0;

        var error = Assert.Throws<MetSegException>(() => Steps(Fail("prepare"), Fail("compute"), Fail("finish")).Run([1, 2, 3, 4, 5, 6], overlaps, CancellationToken.None));

        Assert.Equal("item 3", error.Message);
        Assert.Equal([1, 2], Of("finish").Except([3]));
        Assert.DoesNotContain(6, Of("prepare"));
    }

    [Fact]
    public void Of_two_faults_the_earlier_items_counts()
    {
        var steps = Steps(
            compute: item => _ = item == 2 ? throw new MetSegException("compute 2") : 0,
            finish: item => _ = item == 1 ? throw new MetSegException("finish 1") : 0);

        var error = Assert.Throws<MetSegException>(() => steps.Run([1, 2, 3], overlaps: true, CancellationToken.None));

        Assert.Equal("finish 1", error.Message);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Stops_when_asked_and_finishes_what_is_computed(bool overlaps)
    {
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => Steps(finish: item => (item == 2 ? (Action)stop.Cancel : () => { })()).Run([1, 2, 3, 4, 5, 6], overlaps, stop.Token));

        Assert.Equal(Of("compute"), Of("finish"));
        Assert.DoesNotContain(6, Of("compute"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public void Nothing_to_do_is_done(bool overlaps)
    {
        Steps().Run([], overlaps, CancellationToken.None);

        Assert.Empty(events);
    }

    private OverlappedSteps<int, int, int> Steps(Action<int>? prepare = null, Action<int>? compute = null, Action<int>? finish = null) => new(
        item => Passed("prepare", item, () => prepare?.Invoke(item)),
        item => Passed("compute", item, () => compute?.Invoke(item)),
        item => Passed("finish", item, () => finish?.Invoke(item)));

    private int Passed(string step, int item, Action also)
    {
        lock (events)
        {
            events.Add($"{step} {item}");
        }

        also();
        return item;
    }

    private List<int> Of(string step)
    {
        lock (events)
        {
            return [.. events.Where(one => one.StartsWith(step, StringComparison.Ordinal)).Select(one => int.Parse(one.Split(' ')[1]))];
        }
    }
}
