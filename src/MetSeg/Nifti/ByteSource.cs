namespace MetSeg.Nifti;

/// <summary>The bytes of a file from front to back, decompressed where the content (not the name) is gzip.</summary>
internal sealed class ByteSource : IDisposable
{
    /// <summary>
    /// Most bytes read that belong to no image: between header and voxels, or behind the voxels of a compressed file. Without a limit a small
    /// compressed file could keep us reading for hours.
    /// </summary>
    public const long MaxForeignBytes = 512L << 20;

    private readonly FileStream file;
    private readonly Stream content;
    private readonly bool isGzip;
    private long position;

    private ByteSource(string path, FileStream file)
    {
        (Path, this.file) = (path, file);
        Span<byte> start = stackalloc byte[2];
        isGzip = GzipReader.IsGzip(start[..file.ReadAtLeast(start, 2, throwOnEndOfStream: false)]);
        file.Position = 0;
        content = isGzip ? new GzipReader(file, path) : file;
    }

    /// <summary>The file's name, for messages.</summary>
    public string Path { get; }

    /// <summary>The number of bytes there can be at most: exact for plain files, the size times deflate's best ratio for compressed ones.</summary>
    public Int128 Capacity => isGzip ? (Int128)file.Length * GzipReader.MaxExpansion : file.Length;

    /// <summary>Opens a regular file.</summary>
    /// <exception cref="ImageFileException">It is not one, or not readable.</exception>
    public static ByteSource Open(string path)
    {
        var file = RegularFile.Open(path);
        try
        {
            return new ByteSource(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads as many bytes as there are, at most the buffer's.</summary>
    /// <exception cref="ImageFileException">The compressed data is damaged, or the disk fails.</exception>
    public int Read(Span<byte> buffer)
    {
        try
        {
            var count = content.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            position += count;
            return count;
        }
        catch (IOException exception)
        {
            throw Refusal.Of(ImageFault.Truncated, Path, "the disk failed while reading. Copy the file from its source again.", exception);
        }
    }

    /// <summary>Fills the buffer.</summary>
    /// <exception cref="ImageFileException">There are fewer bytes.</exception>
    public void Fill(Span<byte> buffer)
    {
        if (Read(buffer) < buffer.Length)
        {
            throw Refusal.Of(ImageFault.Truncated, Path, "it ends before its last voxel. Copy it again.");
        }
    }

    /// <summary>Goes forward to a place counted from the start.</summary>
    /// <exception cref="ImageFileException">The place lies behind the end, or absurdly far away in a compressed file.</exception>
    public void SkipTo(long offset)
    {
        if (!isGzip)
        {
            position = file.Position = offset;
            return;
        }

        if (offset - position > MaxForeignBytes)
        {
            throw TooMuch("before");
        }

        Span<byte> buffer = stackalloc byte[4096];
        while (position < offset)
        {
            Fill(buffer[..(int)Math.Min(buffer.Length, offset - position)]);
        }
    }

    /// <summary>Reads a compressed file to its end, so that its checksum is verified.</summary>
    /// <exception cref="ImageFileException">The checksum is wrong, or too much follows.</exception>
    public void Verify()
    {
        if (!isGzip)
        {
            return;
        }

        var end = position + MaxForeignBytes;
        var buffer = new byte[1 << 16];
        while (Read(buffer) > 0)
        {
            if (position > end)
            {
                throw TooMuch("behind");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        content.Dispose();
        file.Dispose();
    }

    private ImageFileException TooMuch(string where) => Refusal.Of(
        ImageFault.TooLarge, Path, $"more than {MaxForeignBytes >> 20} MB lie {where} its voxels. Remove what does not belong to the image.");
}
