using MetSeg.App;
using Xunit;

namespace MetSeg.EndToEnd;

public class FailureTests
{
    [Fact]
    public void Image_fault_is_the_kind() =>
        Assert.Equal(new Failure("corrupt_gzip", "'a.nii.gz' is broken.", 2), Failure.From(new ImageFileException(ImageFault.CorruptGzip, "'a.nii.gz'\nis broken."), null));

    [Fact]
    public void Users_mistake_is_found_among_what_parallel_work_throws()
    {
        var thrown = new AggregateException(new InvalidOperationException("late"), new AggregateException(new DatasetException("Case 'x' has no label.")));

        Assert.Equal(new Failure("user", "Case 'x' has no label.", 2), Failure.From(thrown, null));
    }

    [Fact]
    public void Full_or_protected_disk_is_the_users() => Assert.Equal(("user", 2), KindAndCode(new UnauthorizedAccessException("Access to '/x' is denied."), null));

    [Fact]
    public void Anything_unexpected_is_ours()
    {
        var failure = Failure.From(new InvalidOperationException("Sequence\r\n contains no elements"), null);

        Assert.Equal(("internal", 1), (failure.Kind, failure.ExitCode));
        Assert.Contains("please report", failure.Message);
        Assert.EndsWith("InvalidOperationException: Sequence contains no elements", failure.Message);
    }

    [Fact]
    public void Stop_by_signal_keeps_the_signals_code_and_any_other_cancellation_is_ours()
    {
        Assert.Equal(("interrupted", 143), KindAndCode(new TaskCanceledException(), 143));
        Assert.Equal(("internal", 1), KindAndCode(new OperationCanceledException(), null));
    }

    private static (string Kind, int Code) KindAndCode(Exception exception, int? interruptedWith)
    {
        var failure = Failure.From(exception, interruptedWith);
        return (failure.Kind, failure.ExitCode);
    }
}
