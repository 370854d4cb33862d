namespace MetSeg.Files;

/// <summary>Writes files so that a reader, a crash or a full disk never meets half of one.</summary>
public static class AtomicFile
{
    /// <summary>Ending of the temporary sibling that is renamed onto the target when it is complete and on disk.</summary>
    public const string PartialSuffix = ".partial";

    /// <summary>
    /// Writes a file through a temporary sibling: write, flush to the device, rename. If anything fails the sibling is removed and an
    /// existing file stays as it was. Missing folders are created.
    /// </summary>
    /// <param name="path">The file to create or replace.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="MetSegException">The folder cannot be created or written, or the disk is full.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        var full = Path.GetFullPath(path);
        var partial = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}{PartialSuffix}";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, full, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MetSegException($"Cannot write '{path}': {OneLine(exception.Message)} Choose a folder that you may write to, with free space.", exception);
        }
        finally
        {
            if (File.Exists(partial))
            {
                File.Delete(partial);
            }
        }
    }

    /// <summary>Removes the temporary siblings of a file that killed processes left behind. Only for who alone may write the file now.</summary>
    /// <param name="path">The file; need not exist.</param>
    public static void RemoveLeftovers(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var partial in Directory.Exists(folder) ? Directory.GetFiles(folder, $"{Path.GetFileName(path)}.*{PartialSuffix}") : [])
        {
            File.Delete(partial);
        }
    }

    /// <summary>Writes UTF-8 text without a byte order mark, as <see cref="Write"/>.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    /// <summary>Copies a file, as <see cref="Write"/>.</summary>
    /// <inheritdoc cref="Write" path="/exception"/>
    public static void Copy(string source, string path) => Write(path, stream =>
    {
        using var content = File.OpenRead(source);
        content.CopyTo(stream);
    });

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.') + ".";
}
