using System.Runtime.InteropServices;

namespace MetSeg.Learning.Training;

/// <summary>Tells the user what to do when libtorch finds no memory.</summary>
internal static class OutOfMemory
{
    /// <summary>What helps, for messages.</summary>
    public const string Remedy = "Preprocess with a smaller --memory-gb, --base-features or --max-patch";

    private static readonly string[] signs = ["out of memory", "not enough memory", "can't allocate memory"];

    /// <summary>Does some work; a failed allocation becomes a message.</summary>
    /// <exception cref="MetSegException">There is too little memory.</exception>
    public static T Explain<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception exception) when (IsFailedAllocation(exception))
        {
            throw new MetSegException($"A training step needs more memory than there is. {Remedy}, or train on another --device.", exception);
        }
    }

    /// <summary>TorchSharp passes libtorch's errors on as text.</summary>
    private static bool IsFailedAllocation(Exception exception) => exception is OutOfMemoryException
        || (exception is ExternalException && signs.Any(sign => exception.Message.Contains(sign, StringComparison.OrdinalIgnoreCase)));
}
