namespace MetSeg.Learning.Tests;

/// <summary>Progress that calls back at once, on the thread that reports it.</summary>
internal sealed class Callback(Action<Progress> action) : IProgress<Progress>
{
    public void Report(Progress value) => action(value);
}
