namespace MetSeg.Nifti;

/// <summary>
/// Reads NIfTI-1 and NIfTI-2 images: single files and .hdr/.img pairs, plain or gzip (told by content, not by name), either byte order, every
/// integer and floating-point type. What cannot be read with certainty is refused; nothing is guessed, rounded or cut.
/// </summary>
/// <remarks>nifti1.h and nifti2.h of the NIfTI Data Format Working Group; gzip by RFC 1951 and 1952.</remarks>
public static class NiftiReader
{
    /// <summary>Most voxels read unless the caller says otherwise: 2³¹.</summary>
    public const long DefaultMaxVoxels = 1L << 31;

    private const int ChunkVoxels = 1 << 14;

    /// <summary>Takes decoded voxels.</summary>
    /// <param name="values">Consecutive voxels.</param>
    /// <param name="start">Place of the first of them in the image.</param>
    private delegate void VoxelSink(ReadOnlySpan<double> values, int start);

    /// <summary>Reads a header: size, geometry and datatype, without the voxels.</summary>
    /// <param name="path">A .nii, .hdr or .img file, also with .gz.</param>
    /// <exception cref="ImageFileException">The file is not a readable NIfTI volume, or too short for its voxels.</exception>
    public static NiftiHeader ReadHeader(string path)
    {
        var (header, source) = Open(path, long.MaxValue);
        source.Dispose();
        return header;
    }

    /// <summary>Reads a volume as 32-bit floating point. Values beyond that range become infinite; NaN and infinities are kept.</summary>
    /// <param name="path">A .nii, .hdr or .img file, also with .gz.</param>
    /// <param name="maxVoxels">Most voxels accepted.</param>
    /// <exception cref="ImageFileException">The file is not a readable NIfTI volume; its fault says which kind of problem it is.</exception>
    public static Volume ReadVolume(string path, long maxVoxels = DefaultMaxVoxels)
    {
        var (header, source) = Open(path, maxVoxels);
        using (source)
        {
            var voxels = Allocate<float>(header, path);
            ReadVoxels(header, source, (values, start) =>
            {
                var target = voxels.AsSpan(start, values.Length);
                for (var i = 0; i < target.Length; i++)
                {
                    target[i] = (float)values[i];
                }
            });
            return new Volume(header.Grid, voxels);
        }
    }

    /// <summary>
    /// Reads a label map. Labels stored as floating point or scaled are fine as long as the values that <see cref="ReadVolume"/> gives for them
    /// are whole: some programs stretch a mask over all 32-bit integers, whose slope (2⁻³²) misses 1 by less than 32-bit floats can tell.
    /// </summary>
    /// <param name="path">A .nii, .hdr or .img file, also with .gz.</param>
    /// <param name="maxVoxels">Most voxels accepted.</param>
    /// <exception cref="ImageFileException">As <see cref="ReadVolume"/>, or a value is not a whole number from 0 to 255.</exception>
    public static LabelMap ReadLabelMap(string path, long maxVoxels = DefaultMaxVoxels)
    {
        var (header, source) = Open(path, maxVoxels);
        using (source)
        {
            var labels = Allocate<byte>(header, path);
            ReadVoxels(header, source, (values, start) => ToLabels(values, labels.AsSpan(start, values.Length), path));
            return new LabelMap(header.Grid, labels);
        }
    }

    private static void ToLabels(ReadOnlySpan<double> values, Span<byte> labels, string path)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = (float)values[i];
            var label = value is >= 0 and <= byte.MaxValue ? (byte)value : (byte)0;
            labels[i] = label == value ? label : throw Refusal.Of(
                ImageFault.NotLabels,
                path,
                $"it holds the value {value:R}, which is no label. Labels are whole numbers from 0 to 255; is it an intensity image?");
        }
    }

    /// <summary>Reads and checks the header, and opens the file that holds the voxels.</summary>
    private static (NiftiHeader Header, ByteSource Voxels) Open(string path, long maxVoxels)
    {
        var source = ByteSource.Open(PairNames.HeaderOf(path));
        try
        {
            var header = HeaderParser.Read(source);
            if (header.IsPair)
            {
                source.Verify();
                source.Dispose();
                source = ByteSource.Open(PairNames.ImageOf(source.Path));
            }

            if (header.Grid.Size.Count > maxVoxels)
            {
                var problem = $"its {header.Grid.Size} voxels are more than the limit of {maxVoxels}. Crop or resample it, or raise the limit.";
                throw Refusal.Of(ImageFault.TooLarge, path, problem);
            }

            if ((Int128)header.VoxelOffset + header.VoxelBytes > source.Capacity)
            {
                var problem = $"its header promises {header.VoxelBytes} bytes of voxels, but it is too short. Copy it again.";
                throw Refusal.Of(ImageFault.Truncated, source.Path, problem);
            }

            return (header, source);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private static T[] Allocate<T>(NiftiHeader header, string path)
        where T : unmanaged
    {
        try
        {
            return GC.AllocateUninitializedArray<T>(header.Grid.Size.Count);
        }
        catch (OutOfMemoryException exception)
        {
            var problem = $"its {header.Grid.Size} voxels do not fit into memory. Crop or resample the image.";
            throw Refusal.Of(ImageFault.TooLarge, path, problem, exception);
        }
    }

    private static void ReadVoxels(NiftiHeader header, ByteSource source, VoxelSink sink)
    {
        source.SkipTo(header.VoxelOffset);
        var stored = new byte[ChunkVoxels * header.BytesPerVoxel];
        var values = new double[ChunkVoxels];
        var count = header.Grid.Size.Count;
        for (var start = 0; start < count; start += Math.Min(ChunkVoxels, count - start))
        {
            var length = Math.Min(ChunkVoxels, count - start);
            var bytes = stored.AsSpan(0, length * header.BytesPerVoxel);
            source.Fill(bytes);
            VoxelDecoder.Decode(header, bytes, values.AsSpan(0, length));
            sink(values.AsSpan(0, length), start);
        }

        source.Verify();
    }
}
