using System.CommandLine;

namespace MetSeg.App;

/// <summary>Places to write to are tried before any work begins, so that none is lost at its end.</summary>
internal static class OutputPath
{
    /// <summary>Refuses paths at which a file, or a folder, cannot be made. Nothing is left behind there.</summary>
    /// <param name="option">The option.</param>
    /// <param name="kind">What will be made: a file or a folder.</param>
    /// <returns>The option.</returns>
    public static Option<T> MustBeWritable<T>(this Option<T> option, PathKind kind)
    {
        option.Validators.Add(result =>
        {
            foreach (var token in result.Tokens)
            {
                if (Fault(token.Value, kind) is { } fault)
                {
                    result.AddError($"option '{option.Name}': {fault}");
                }
            }
        });
        return option;
    }

    /// <summary>Refuses a folder that the program chose itself.</summary>
    /// <exception cref="MetSegException">The folder cannot be made or written to.</exception>
    public static string RequireFolder(string path) =>
        Fault(path, PathKind.Folder) is { } fault ? throw new MetSegException(char.ToUpperInvariant(fault[0]) + fault[1..]) : path;

    private static string? Fault(string path, PathKind kind)
    {
        var full = Path.GetFullPath(path);
        if (kind == PathKind.File && Directory.Exists(full))
        {
            return $"'{path}' is a folder; name a file.";
        }

        var place = kind == PathKind.File ? Path.GetDirectoryName(full)! : full;
        while (!Directory.Exists(place))
        {
            if (File.Exists(place))
            {
                return $"'{place}' is a file; choose another place.";
            }

            place = Path.GetDirectoryName(place)!;
        }

        return FaultIn(place) is { } reason ? $"cannot write to '{path}': {reason} Choose a place that you may write to." : null;
    }

    /// <summary>Makes a file in a folder and removes it.</summary>
    private static string? FaultIn(string folder)
    {
        try
        {
            File.Create(Path.Combine(folder, $".metseg-{Guid.NewGuid():N}"), bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            return null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"files cannot be made in '{folder}'.";
        }
    }
}
