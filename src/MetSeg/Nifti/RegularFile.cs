using System.Formats.Tar;

namespace MetSeg.Nifti;

/// <summary>Opens files, and nothing else: opening a pipe would wait for ever, reading a device would never end.</summary>
internal static class RegularFile
{
    /// <summary>Opens a regular file that has bytes; links are followed.</summary>
    /// <exception cref="ImageFileException">The file is missing, empty or may not be read, or is a folder, pipe, device or loop of links.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            var file = Resolve(path);
            if (file.Length == 0)
            {
                // Pipes and devices report no length either; the archive writer tells the kind of an entry without opening it.
                throw KindOf(file) is TarEntryType.RegularFile or TarEntryType.V7RegularFile
                    ? Refusal.Of(ImageFault.Empty, path, "the file is empty. Copy it again.")
                    : NotAFile(path);
            }

            return new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 4096, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or ArgumentException)
        {
            throw Refusal.Of(ImageFault.NotFound, path, "there is no such file. Check the path.", exception);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw Refusal.Of(ImageFault.NotFound, path, "the file cannot be opened. Check its permissions and its disk.", exception);
        }
    }

    private static FileInfo Resolve(string path)
    {
        var file = new FileInfo(Path.GetFullPath(path));
        if (file.LinkTarget is not null)
        {
            file = new FileInfo(file.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
        }

        return file.LinkTarget is null && !Directory.Exists(file.FullName) ? file : throw NotAFile(path);
    }

    private static TarEntryType KindOf(FileInfo file)
    {
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            writer.WriteEntry(file.FullName, "entry");
        }

        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry()!.EntryType;
    }

    private static ImageFileException NotAFile(string path) =>
        Refusal.Of(ImageFault.NotAFile, path, "it is a folder, pipe, device or loop of links, not a file. Give the path of an image file.");
}
