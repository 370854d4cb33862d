using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MetSeg.Nifti;

namespace MetSeg.App;

/// <summary>What one image is, without its voxels and without any text of its header, which may name a patient.</summary>
/// <param name="Shape">Voxels along x, y and z, as stored.</param>
/// <param name="Spacing">Size of a voxel along each axis, in mm.</param>
/// <param name="Orientation">Direction in which each index grows, such as "RAS".</param>
/// <param name="Datatype">How a voxel is stored, such as "int16".</param>
/// <param name="Min">Smallest finite value; NaN where none is finite.</param>
/// <param name="Max">Largest finite value; NaN where none is finite.</param>
/// <param name="Nan">Number of voxels that are not a number.</param>
/// <param name="Inf">Number of infinite voxels.</param>
/// <param name="Sha256">
/// Digest of the scaled voxels as little-endian 32-bit floating point, x fastest, every NaN as 7FC00000: equal for equal images, however they are stored.
/// </param>
/// <param name="Affine">The map from voxel indices to world mm (RAS+), four rows of four.</param>
internal sealed record ImageSummary(
    IReadOnlyList<int> Shape,
    IReadOnlyList<double> Spacing,
    string Orientation,
    string Datatype,
    double Min,
    double Max,
    int Nan,
    int Inf,
    string Sha256,
    IReadOnlyList<IReadOnlyList<double>> Affine)
{
    private const int ChunkVoxels = 1 << 16;
    private const uint CanonicalNan = 0x7FC00000;

    /// <summary>Summarizes an image file.</summary>
    /// <exception cref="ImageFileException">The file is not a readable NIfTI volume.</exception>
    public static ImageSummary Of(string path)
    {
        var datatype = NiftiReader.ReadHeader(path).Datatype;
        var volume = NiftiReader.ReadVolume(path);
        var grid = volume.Grid;
        var values = ImmutableCollectionsMarshal.AsArray(volume.Voxels)!;
        var (min, max) = Range(values);
        return new ImageSummary(
            grid.Size.ToArray(),
            grid.Spacing.ToArray(),
            grid.Orientation,
            datatype.ToString().ToLowerInvariant(),
            min,
            max,
            values.Count(float.IsNaN),
            values.Count(float.IsInfinity),
            Digest(values),
            [.. grid.ToWorld.ToArray().Chunk(4), [0, 0, 0, 1]]);
    }

    private static (double Min, double Max) Range(ReadOnlySpan<float> values)
    {
        var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                min = Math.Min(min, value);
                max = Math.Max(max, value);
            }
        }

        return min <= max ? (min, max) : (double.NaN, double.NaN);
    }

    private static string Digest(ReadOnlySpan<float> values)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = new byte[ChunkVoxels * sizeof(float)];
        while (!values.IsEmpty)
        {
            var length = Math.Min(ChunkVoxels, values.Length);
            for (var i = 0; i < length; i++)
            {
                var bits = float.IsNaN(values[i]) ? CanonicalNan : BitConverter.SingleToUInt32Bits(values[i]);
                BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(i * sizeof(float)), bits);
            }

            hash.AppendData(bytes, 0, length * sizeof(float));
            values = values[length..];
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
