namespace MetSeg.App;

/// <summary>What the program's exit status tells a script.</summary>
internal static class ExitCode
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>An unexpected exception: a fault of ours.</summary>
    public const int OurFault = 1;

    /// <summary>Wrong options or unusable input.</summary>
    public const int UserMistake = 2;

    /// <summary>Stopped by Ctrl-C (128 + SIGINT).</summary>
    public const int Interrupted = 130;

    /// <summary>Stopped by SIGTERM, as batch systems send it (128 + SIGTERM).</summary>
    public const int Terminated = 143;
}
