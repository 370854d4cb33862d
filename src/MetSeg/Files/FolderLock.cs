namespace MetSeg.Files;

/// <summary>Holds a folder for one process: a second run on the same folder is told so instead of mixing its files in.</summary>
public sealed class FolderLock : IDisposable
{
    private const string FileName = ".lock";
    private readonly FileStream stream;

    private FolderLock(FileStream stream)
    {
        this.stream = stream;
    }

    /// <summary>Takes a folder, creating it if missing. The lock goes with the process, however that ends.</summary>
    /// <exception cref="MetSegException">Another process holds the folder, or it cannot be written.</exception>
    public static FolderLock Take(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new MetSegException($"Cannot create '{folder}': {exception.Message.ReplaceLineEndings(" ")} Choose a folder that you may write to.", exception);
        }

        try
        {
            return new FolderLock(new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new MetSegException($"Cannot write into '{folder}': {exception.Message.ReplaceLineEndings(" ")} Choose a folder that you may write to.", exception);
        }
        catch (IOException exception)
        {
            throw new MetSegException($"'{folder}' is in use by another run, or cannot be written. Wait for that run, or choose another folder.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();
}
