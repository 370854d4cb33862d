using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Nifti;

/// <summary>Turns stored voxels into real values: byte order, datatype, slope and intercept.</summary>
internal static class VoxelDecoder
{
    /// <summary>
    /// Decodes one value per stored voxel: slope and intercept are applied in double precision, then the value is rounded once to the nearest
    /// float. Unscaled float32 is left as it is, bit for bit.
    /// </summary>
    /// <param name="header">How the voxels are stored.</param>
    /// <param name="stored">The stored bytes; their order may be changed in place.</param>
    /// <param name="values">Receives the values; for float32 it may be the same memory as <paramref name="stored"/>.</param>
    public static void Decode(NiftiHeader header, Span<byte> stored, Span<float> values)
    {
        if (header.IsBigEndian == BitConverter.IsLittleEndian)
        {
            Swap(stored, header.BytesPerVoxel);
        }

        switch (header.Datatype)
        {
            case NiftiDatatype.UInt8: Convert<byte>(header, stored, values); break;
            case NiftiDatatype.Int8: Convert<sbyte>(header, stored, values); break;
            case NiftiDatatype.Int16: Convert<short>(header, stored, values); break;
            case NiftiDatatype.UInt16: Convert<ushort>(header, stored, values); break;
            case NiftiDatatype.Int32: Convert<int>(header, stored, values); break;
            case NiftiDatatype.UInt32: Convert<uint>(header, stored, values); break;
            case NiftiDatatype.Int64: Convert<long>(header, stored, values); break;
            case NiftiDatatype.UInt64: Convert<ulong>(header, stored, values); break;
            case NiftiDatatype.Float32: Convert<float>(header, stored, values); break;
            case NiftiDatatype.Float64: Convert<double>(header, stored, values); break;
            default: throw new ArgumentOutOfRangeException(nameof(header), header.Datatype, "Not a NIfTI datatype.");
        }
    }

    private static void Swap(Span<byte> stored, int width)
    {
        switch (width)
        {
            case 2:
                var shorts = MemoryMarshal.Cast<byte, short>(stored);
                BinaryPrimitives.ReverseEndianness(shorts, shorts);
                break;
            case 4:
                var ints = MemoryMarshal.Cast<byte, int>(stored);
                BinaryPrimitives.ReverseEndianness(ints, ints);
                break;
            case 8:
                var longs = MemoryMarshal.Cast<byte, long>(stored);
                BinaryPrimitives.ReverseEndianness(longs, longs);
                break;
        }
    }

    private static void Convert<T>(NiftiHeader header, ReadOnlySpan<byte> stored, Span<float> values)
        where T : unmanaged, INumberBase<T>
    {
        var voxels = MemoryMarshal.Cast<byte, T>(stored)[..values.Length];
        var (slope, intercept) = (header.Slope, header.Intercept);
        if (header.IsScaled)
        {
            for (var i = 0; i < voxels.Length; i++)
            {
                values[i] = (float)((double.CreateTruncating(voxels[i]) * slope) + intercept);
            }
        }
        else if (typeof(T) == typeof(float))
        {
            MemoryMarshal.Cast<T, float>(voxels).CopyTo(values);
        }
        else if (header.BytesPerVoxel <= sizeof(short))
        {
            SmallIntegers.ToFloats(voxels, values);
        }
        else
        {
            for (var i = 0; i < voxels.Length; i++)
            {
                values[i] = (float)double.CreateTruncating(voxels[i]);
            }
        }
    }
}
