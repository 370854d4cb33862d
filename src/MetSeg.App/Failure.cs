using System.Text.Json;

namespace MetSeg.App;

/// <summary>How the program ends when it could not do what was asked.</summary>
/// <param name="Kind">
/// What scripts tell apart: an <see cref="ImageFault"/> in snake_case ("not_found", "corrupt_gzip"), else "user", "internal" or "interrupted".
/// </param>
/// <param name="Message">One line for the user.</param>
/// <param name="ExitCode">See <see cref="App.ExitCode"/>.</param>
internal sealed record Failure(string Kind, string Message, int ExitCode)
{
    /// <summary>Kind of a mistake in options or input that is not an image's fault.</summary>
    public const string UserKind = "user";

    /// <summary>The failure that an exception stands for.</summary>
    /// <param name="exception">What was thrown; of an aggregate, its most telling part counts.</param>
    /// <param name="interruptedWith">The exit code that a signal asked for; null where none came.</param>
    public static Failure From(Exception exception, int? interruptedWith)
    {
        var cause = CauseOf(exception);
        return cause switch
        {
            OperationCanceledException when interruptedWith is { } code => new Failure("interrupted", "interrupted.", code),
            ImageFileException image => new Failure(JsonNamingPolicy.SnakeCaseLower.ConvertName(image.Fault.ToString()), OneLine(image.Message), App.ExitCode.UserMistake),
            MetSegException or IOException or UnauthorizedAccessException => new Failure(UserKind, OneLine(cause.Message), App.ExitCode.UserMistake),
            _ => new Failure(
                "internal",
                $"internal error, please report it with the command you ran (METSEG_DEBUG=1 shows where it happened): {cause.GetType().Name}: {OneLine(cause.Message)}",
                App.ExitCode.OurFault),
        };
    }

    /// <summary>Parallel loops and tasks wrap what went wrong: the user's mistake among it counts first, then the first.</summary>
    private static Exception CauseOf(Exception exception)
    {
        if (exception is not AggregateException aggregate)
        {
            return exception;
        }

        var parts = aggregate.Flatten().InnerExceptions;
        return parts.FirstOrDefault(part => part is MetSegException) ?? parts.FirstOrDefault() ?? exception;
    }

    private static string OneLine(string message) => string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
