using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Nifti;

/// <summary>Turns stored voxels into real values: byte order, datatype, slope and intercept.</summary>
internal static class VoxelDecoder
{
    /// <summary>Decodes one value per stored voxel.</summary>
    /// <param name="header">How the voxels are stored.</param>
    /// <param name="stored">The stored bytes; their order may be changed in place.</param>
    /// <param name="values">Receives the values, in double precision so that 32-bit integers stay exact.</param>
    public static void Decode(NiftiHeader header, Span<byte> stored, Span<double> values)
    {
        if (header.IsBigEndian == BitConverter.IsLittleEndian)
        {
            Swap(stored, header.BytesPerVoxel);
        }

        Widen(header.Datatype, stored, values);
        var (slope, intercept) = (header.Slope, header.Intercept);
        if (slope != 1 || intercept != 0)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (values[i] * slope) + intercept;
            }
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

    private static void Widen(NiftiDatatype datatype, ReadOnlySpan<byte> stored, Span<double> values)
    {
        switch (datatype)
        {
            case NiftiDatatype.UInt8: Widen<byte>(stored, values); break;
            case NiftiDatatype.Int8: Widen<sbyte>(stored, values); break;
            case NiftiDatatype.Int16: Widen<short>(stored, values); break;
            case NiftiDatatype.UInt16: Widen<ushort>(stored, values); break;
            case NiftiDatatype.Int32: Widen<int>(stored, values); break;
            case NiftiDatatype.UInt32: Widen<uint>(stored, values); break;
            case NiftiDatatype.Int64: Widen<long>(stored, values); break;
            case NiftiDatatype.UInt64: Widen<ulong>(stored, values); break;
            case NiftiDatatype.Float32: Widen<float>(stored, values); break;
            case NiftiDatatype.Float64: Widen<double>(stored, values); break;
            default: throw new ArgumentOutOfRangeException(nameof(datatype), datatype, "Not a NIfTI datatype.");
        }
    }

    private static void Widen<T>(ReadOnlySpan<byte> stored, Span<double> values)
        where T : unmanaged, INumberBase<T>
    {
        var voxels = MemoryMarshal.Cast<byte, T>(stored);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = double.CreateTruncating(voxels[i]);
        }
    }
}
