namespace MetSeg.Nifti;

/// <summary>Words the one-line message with which an image file is refused.</summary>
internal static class Refusal
{
    /// <param name="fault">What kind of fault it is.</param>
    /// <param name="path">The file; control characters in its name are not repeated.</param>
    /// <param name="problem">One or two sentences: what is wrong and what to do. Never text from the file: it may name a patient.</param>
    /// <param name="cause">The exception behind it, if any.</param>
    public static ImageFileException Of(ImageFault fault, string path, string problem, Exception? cause = null) =>
        new(fault, $"Cannot read '{Printable(path)}': {problem}", cause);

    private static string Printable(string path) => string.Concat(path.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? '?' : c));
}
