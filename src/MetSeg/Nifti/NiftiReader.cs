using System.Runtime.InteropServices;

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

    private const int ChunkVoxels = 1 << 16;

    /// <summary>Turns a chunk of stored voxels into what the caller wants.</summary>
    private delegate void ChunkDecoder<T>(Span<byte> stored, Span<T> voxels);

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
            var isFloat = header.Datatype == NiftiDatatype.Float32;
            ReadVoxels(header, source, voxels, isFloat, (stored, values) => VoxelDecoder.Decode(header, stored, values));
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
            var isPlain = header.Datatype == NiftiDatatype.UInt8 && !header.IsScaled;
            var buffer = new float[Math.Min(ChunkVoxels, isPlain ? 0 : labels.Length)];
            ReadVoxels(header, source, labels, isPlain, (stored, chunk) =>
            {
                if (!isPlain)
                {
                    var values = buffer.AsSpan(0, chunk.Length);
                    VoxelDecoder.Decode(header, stored, values);
                    ToLabels(values, chunk, path);
                }
            });
            return new LabelMap(header.Grid, labels);
        }
    }

    private static void ToLabels(ReadOnlySpan<float> values, Span<byte> labels, string path)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
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

    /// <summary>Reads all voxels in chunks that fit into the processor's cache, and the file to its end.</summary>
    /// <param name="header">What the file holds.</param>
    /// <param name="source">The file with the voxels.</param>
    /// <param name="voxels">Receives them.</param>
    /// <param name="isInPlace">Whether stored voxels are as wide as decoded ones, so that they need no memory of their own.</param>
    /// <param name="decode">Decodes a chunk.</param>
    private static void ReadVoxels<T>(NiftiHeader header, ByteSource source, Span<T> voxels, bool isInPlace, ChunkDecoder<T> decode)
        where T : unmanaged
    {
        source.SkipTo(header.VoxelOffset);
        var buffer = new byte[isInPlace ? 0 : Math.Min(ChunkVoxels, voxels.Length) * header.BytesPerVoxel];
        while (voxels.Length > 0)
        {
            var chunk = voxels[..Math.Min(ChunkVoxels, voxels.Length)];
            var stored = isInPlace ? MemoryMarshal.AsBytes(chunk) : buffer.AsSpan(0, chunk.Length * header.BytesPerVoxel);
            source.Fill(stored);
            decode(stored, chunk);
            voxels = voxels[chunk.Length..];
        }

        source.Verify();
    }
}
