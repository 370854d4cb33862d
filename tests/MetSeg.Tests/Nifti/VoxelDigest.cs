using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MetSeg.Tests.Nifti;

/// <summary>SHA-256 of voxels as little-endian float32, x fastest, every NaN as 7fc00000: what the golden files state.</summary>
internal static class VoxelDigest
{
    public static string Of(ReadOnlySpan<float> voxels)
    {
        var bytes = new byte[4 * voxels.Length];
        for (var i = 0; i < voxels.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4 * i), float.IsNaN(voxels[i]) ? 0x7fc00000 : BitConverter.SingleToInt32Bits(voxels[i]));
        }

        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }
}
