namespace MetSeg;

/// <summary>
/// The user's input or options are at fault: the message is one line that names the file or option, what was wrong and what to do.
/// The program prints it and exits with code 2; every other exception is a fault of ours (code 1).
/// </summary>
public class MetSegException : Exception
{
    /// <summary>Creates the exception with a one-line message for the user.</summary>
    public MetSegException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with a one-line message for the user and the cause.</summary>
    public MetSegException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>Two images that must share a grid do not.</summary>
public sealed class GridMismatchException(string message) : MetSegException(message);

/// <summary>A data set on disk is empty, incomplete or contradicts itself.</summary>
public sealed class DatasetException(string message) : MetSegException(message);

/// <summary>An option or settings file holds values that cannot work; all faults are in the message.</summary>
public sealed class OptionsException(string message) : MetSegException(message)
{
    /// <summary>Throws when <paramref name="problems"/> yields anything, with all of them in one message.</summary>
    /// <param name="subject">What the problems belong to, such as a file's name.</param>
    /// <param name="problems">One sentence a problem.</param>
    public static void ThrowIfAny(string subject, IEnumerable<string> problems)
    {
        var all = problems.ToList();
        if (all.Count > 0)
        {
            throw new OptionsException($"{subject}: {string.Join(" ", all)}");
        }
    }
}

/// <summary>An image file cannot be read.</summary>
public sealed class ImageFileException(ImageFault fault, string message, Exception? innerException = null)
    : MetSegException(message, innerException)
{
    /// <summary>What kind of fault it is.</summary>
    public ImageFault Fault { get; } = fault;
}

/// <summary>Why an image file is refused.</summary>
public enum ImageFault
{
    /// <summary>The file, or the other half of a pair, is missing.</summary>
    NotFound,

    /// <summary>A folder, a pipe or a device stands where a file should be.</summary>
    NotAFile,

    /// <summary>The file has no bytes.</summary>
    Empty,

    /// <summary>The file has fewer bytes than its header promises.</summary>
    Truncated,

    /// <summary>The file is of another format.</summary>
    NotNifti,

    /// <summary>A header field breaks the standard.</summary>
    BadHeader,

    /// <summary>Spacing, orientation or origin cannot be used.</summary>
    BadGeometry,

    /// <summary>Legal, but not for this program: complex or color voxels, several volumes.</summary>
    Unsupported,

    /// <summary>Beyond a limit on size.</summary>
    TooLarge,

    /// <summary>The gzip stream or its checksum is broken.</summary>
    CorruptGzip,

    /// <summary>A label map holds values that are not small whole numbers.</summary>
    NotLabels,
}
