using System.Buffers.Binary;
using System.Reflection;
using System.Text;

namespace MetSeg.Nifti;

/// <summary>
/// Builds the header of a single-file NIfTI-1 image, little-endian, in mm. Both forms are set, with code 1 (scanner coordinates), so that
/// programs that read only one of them agree; the qform is left out where the grid is sheared, because a quaternion cannot express it.
/// The description names this program; every other text field is zero.
/// </summary>
internal static class HeaderWriter
{
    /// <summary>Bytes before the first voxel: header and extension flag.</summary>
    public const int Bytes = 348 + HeaderLayout.ExtensionFlagBytes;

    private const byte Millimeters = 2;

    /// <summary>Largest cosine between two axes that still counts as a right angle.</summary>
    private const double RightAngleTolerance = 1e-4;

    private static readonly HeaderLayout layout = HeaderLayout.Nifti1;

    /// <summary>What the description says: the program and its version.</summary>
    public static string Description { get; } =
        $"MetSeg {typeof(HeaderWriter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}";

    /// <summary>The header and the four bytes that say that no extension follows.</summary>
    public static byte[] Create(Grid grid, NiftiDatatype datatype, int bytesPerVoxel)
    {
        var header = new byte[Bytes];
        BinaryPrimitives.WriteInt32LittleEndian(header, layout.Length);
        header[38] = (byte)'r'; // "regular": Analyze 7.5 readers ask for it
        short[] dimensions = [3, (short)grid.Size.X, (short)grid.Size.Y, (short)grid.Size.Z, 1, 1, 1, 1];
        for (var i = 0; i < dimensions.Length; i++)
        {
            WriteInt16(header, layout.Dimensions + (2 * i), dimensions[i]);
        }

        WriteInt16(header, layout.Datatype, (short)datatype);
        WriteInt16(header, layout.BitsPerVoxel, (short)(8 * bytesPerVoxel));
        WriteReals(header, layout.VoxelOffset, Bytes);
        WriteReals(header, layout.Slope, 1);
        header[layout.Units] = Millimeters;
        Encoding.ASCII.GetBytes(Description).AsSpan(0, Math.Min(Description.Length, 79)).CopyTo(header.AsSpan(layout.Description));
        WriteForms(header, grid);
        "n+1\0"u8.CopyTo(header.AsSpan(layout.Magic));
        return header;
    }

    private static void WriteForms(byte[] header, Grid grid)
    {
        var (affine, spacing) = (grid.ToWorld, grid.Spacing);
        var handedness = affine.Determinant < 0 ? -1 : 1;
        WriteReals(header, layout.PixelDimensions, handedness, spacing.X, spacing.Y, spacing.Z);
        WriteInt16(header, layout.SformCode, 1);
        WriteReals(header, layout.SformRows, affine.ToArray());
        if (Rotation(grid, handedness) is { } rotation)
        {
            var (b, c, d) = Quaternion.FromRotation(rotation);
            WriteInt16(header, layout.QformCode, 1);
            WriteReals(header, layout.Quaternion, b, c, d);
            WriteReals(header, layout.QuaternionOffset, affine[0, 3], affine[1, 3], affine[2, 3]);
        }
    }

    /// <summary>
    /// The proper rotation that the axes form after mirroring the third by <paramref name="handedness"/>, or null where they are not at right
    /// angles.
    /// </summary>
    private static double[]? Rotation(Grid grid, int handedness)
    {
        var spacing = grid.Spacing;
        double[] scales = [1 / spacing.X, 1 / spacing.Y, handedness / spacing.Z];
        var rotation = new double[9];
        for (var i = 0; i < rotation.Length; i++)
        {
            rotation[i] = grid.ToWorld[i / 3, i % 3] * scales[i % 3];
        }

        double Cosine(int a, int b) => (rotation[a] * rotation[b]) + (rotation[3 + a] * rotation[3 + b]) + (rotation[6 + a] * rotation[6 + b]);
        return new[] { Cosine(0, 1), Cosine(0, 2), Cosine(1, 2) }.All(cosine => Math.Abs(cosine) <= RightAngleTolerance) ? rotation : null;
    }

    private static void WriteInt16(byte[] header, int offset, short value) =>
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(offset), value);

    private static void WriteReals(byte[] header, int offset, params ReadOnlySpan<double> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(header.AsSpan(offset + (4 * i)), (float)values[i]);
        }
    }
}
