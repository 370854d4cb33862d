using System.CommandLine;
using System.CommandLine.Parsing;

namespace MetSeg.App;

/// <summary>What must lie at a path that the user names.</summary>
internal enum PathKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,

    /// <summary>Either.</summary>
    FileOrFolder,
}

/// <summary>Arguments and options that name something on disk are checked before any work begins, with a line of our own.</summary>
internal static class ExistingPath
{
    /// <summary>Refuses paths at which there is nothing, or something else.</summary>
    /// <returns>The argument.</returns>
    public static Argument<T> MustExist<T>(this Argument<T> argument, PathKind kind)
    {
        argument.Validators.Add(result => Check(result, argument.Name, kind));
        return argument;
    }

    /// <summary>Refuses paths at which there is nothing, or something else.</summary>
    /// <param name="option">The option.</param>
    /// <param name="kind">What must lie there.</param>
    /// <param name="words">Words that the option takes instead of a path.</param>
    /// <returns>The option.</returns>
    public static Option<T> MustExist<T>(this Option<T> option, PathKind kind, params string[] words)
    {
        option.Validators.Add(result => Check(result, $"option '{option.Name}'", kind, words));
        return option;
    }

    private static void Check(SymbolResult result, string subject, PathKind kind, params string[] words)
    {
        foreach (var token in result.Tokens)
        {
            if (!words.Contains(token.Value) && Fault(token.Value, kind) is { } fault)
            {
                result.AddError($"{subject}: {fault}");
            }
        }
    }

    private static string? Fault(string path, PathKind kind) => (kind, File.Exists(path), Directory.Exists(path)) switch
    {
        (_, false, false) => $"there is no {(kind == PathKind.Folder ? "folder" : "file")} '{path}'. Paths count from '{Environment.CurrentDirectory}'.",
        (PathKind.Folder, true, _) => $"'{path}' is a file; name a folder.",
        (PathKind.File, _, true) => $"'{path}' is a folder; name a file.",
        _ => null,
    };
}
