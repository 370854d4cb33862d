using MetSeg.Nifti;

namespace MetSeg.Tests.Nifti;

/// <summary>Damaged NIfTI files without end, made from valid ones; mutant n of a seed is always the same.</summary>
internal sealed class NiftiMutants(long seed)
{
    private static readonly Start[] starts = [.. ValidImages().Select(image => new Start(image, image.ToBytes(), image.Fields()))];

    /// <summary>Whole numbers at which arithmetic goes wrong, and those that NIfTI means something by.</summary>
    private static readonly long[] tellingNumbers =
    [
        0, 1, -1, 2, 3, 4, 7, 8, 64, 127, 128, 255, 256, 348, 352, 540, 544, 1024, 1792, 2304, 32767, 32768, 65535, 65536, 1 << 20, 1 << 24, 1 << 30,
        int.MaxValue, int.MinValue, uint.MaxValue, 1L << 32, 1L << 40, 1L << 62, long.MaxValue, long.MinValue, short.MinValue, 0x5C010000, 0x1C020000,
    ];

    private static readonly double[] tellingReals =
    [
        0, -0.0, 1, -1, 0.5, 352, 351.5, 544, 1e-45, 1e-30, 1e-7, 1e7, 1e30, 3.4e38, -3.4e38, 1e300, double.NaN, double.PositiveInfinity,
        double.NegativeInfinity, int.MaxValue, 9.3e18,
    ];

    /// <summary>Writes a mutant into a folder, in place of the last one, and returns the file to open. Some pairs lack their second file.</summary>
    public string Save(string folder, int number)
    {
        var random = Seeds.Generator(seed, "mutant", number);
        var start = Pick(starts, random);
        var image = start.Image;
        var bytes = Damage(start, random);
        var path = Path.Combine(folder, image.IsPair ? "mutant.hdr" : "mutant.nii");
        var voxelsPath = Path.Combine(folder, "mutant.img");
        File.Delete(voxelsPath);
        Replace(path, Pack(bytes, random));
        if (image.IsPair && random.Next(20) > 0)
        {
            var voxels = random.Next(4) == 0 ? Cut(image.Voxels, random) : image.Voxels;
            Replace(voxelsPath, random.Next(4) == 0 ? RawNifti.Gzip(voxels) : voxels);
        }

        return path;
    }

    /// <summary>Both versions, byte orders and packings; every datatype, every way to state the geometry; extensions.</summary>
    private static IEnumerable<ForeignNifti> ValidImages()
    {
        foreach (var (index, datatype) in Enum.GetValues<NiftiDatatype>().Index())
        {
            foreach (var form in Enumerable.Range(0, 8))
            {
                yield return new ForeignNifti
                {
                    Version = 1 + (form % 2),
                    IsBigEndian = form % 4 >= 2,
                    IsPair = form >= 4,
                    Datatype = datatype,
                    Size = index % 3 == 0 ? [3, 2, 2, 1, 1] : [3, 2, 2],
                    Qform = (index + form) % 3 == 1 ? [0.1, -0.2, 0.3, 10, 20, 30] : null,
                    Sform = (index + form) % 3 == 2 ? [0, -1, 0.1, 10, 1, 0, 0, 20, 0, 0.1, 2, 30] : null,
                    Slope = index % 2,
                    Extensions = form == 0 ? [32, 0, 0, 0, 6, 0, 0, 0, .. new byte[24], 16, 0, 0, 0, 4, 0, 0, 0, .. new byte[8]] : [],
                    Voxels = [.. Enumerable.Range(0, 12 * ForeignNifti.WidthOf(datatype)).Select(i => (byte)i)],
                };
            }
        }
    }

    private static byte[] Damage(Start start, Random random)
    {
        var (image, bytes) = (start.Image, start.Bytes.ToArray());
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            bytes = random.Next(10) switch
            {
                0 or 1 => FlipBits(bytes, random),
                2 => Cut(bytes, random),
                3 => Splice(bytes, Pick(starts, random).Bytes, random),
                4 => Insert(bytes, Extension(image, random), Math.Min(bytes.Length, image.HeaderBytes + 4)),
                5 => SetNumber(bytes, (random.Next(bytes.Length), 1 << random.Next(4)), random.Next(2) == 0, random),
                _ => SetNumber(bytes, Pick(start.Fields, random), image.IsBigEndian, random),
            };
        }

        return bytes;
    }

    /// <summary>Plain, compressed after the damage, or compressed and damaged again; in one piece or in parts.</summary>
    private static byte[] Pack(byte[] bytes, Random random)
    {
        var packing = random.Next(8);
        if (packing < 4 || bytes.Length == 0)
        {
            return bytes;
        }

        var compressed = packing % 2 == 0 ? RawNifti.Gzip(bytes) : new PartedGzip(bytes, random.Next(100, 600)).ToBytes();
        return packing < 6 ? compressed : random.Next(4) switch
        {
            0 => Cut(compressed, random),
            1 => Splice(compressed, compressed, random),
            2 => SetNumber(compressed, (random.Next(Math.Min(40, compressed.Length)), 1 << random.Next(3)), false, random),
            _ => FlipBits(compressed, random),
        };
    }

    private static byte[] FlipBits(byte[] bytes, Random random)
    {
        for (var count = bytes.Length == 0 ? 0 : random.Next(1, 9); count > 0; count--)
        {
            bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static byte[] Cut(byte[] bytes, Random random) => bytes[..random.Next(bytes.Length + 1)];

    private static byte[] Splice(byte[] bytes, byte[] source, Random random)
    {
        var start = random.Next(source.Length);
        var target = random.Next(bytes.Length + 1);
        var piece = source.AsSpan(start, random.Next(Math.Min(64, source.Length - start) + 1));
        piece = piece[..Math.Min(piece.Length, bytes.Length - target)];
        piece.CopyTo(bytes.AsSpan(target));
        return bytes;
    }

    private static byte[] Insert(byte[] bytes, byte[] piece, int place) => [.. bytes[..place], .. piece, .. bytes[place..]];

    /// <summary>A header extension whose stated length is true, or not.</summary>
    private static byte[] Extension(ForeignNifti image, Random random)
    {
        var extension = new byte[16 * random.Next(1, 5)];
        var stated = random.Next(2) == 0 ? extension.Length : (int)Pick(tellingNumbers, random);
        return SetBytes(extension, 0, BitConverter.GetBytes(stated), image.IsBigEndian);
    }

    private static byte[] SetNumber(byte[] bytes, (int Offset, int Width) field, bool isBigEndian, Random random)
    {
        var isReal = field.Width >= 4 && random.Next(2) == 0;
        var (whole, real) = (Pick(tellingNumbers, random), Pick(tellingReals, random));
        var number = (isReal, field.Width) switch
        {
            (true, 8) => BitConverter.GetBytes(real),
            (true, _) => BitConverter.GetBytes((float)real),
            _ => BitConverter.GetBytes(whole)[..field.Width],
        };
        return SetBytes(bytes, field.Offset, number, isBigEndian);
    }

    private static byte[] SetBytes(byte[] bytes, int offset, byte[] number, bool isBigEndian)
    {
        for (var i = 0; i < number.Length && offset + i < bytes.Length; i++)
        {
            bytes[offset + i] = number[isBigEndian ? number.Length - 1 - i : i];
        }

        return bytes;
    }

    private static T Pick<T>(IReadOnlyList<T> choices, Random random) => choices[random.Next(choices.Count)];

    /// <summary>Deleting first spares a flush to the disk, which some file systems give a file that is cut and written again.</summary>
    private static void Replace(string path, byte[] bytes)
    {
        File.Delete(path);
        File.WriteAllBytes(path, bytes);
    }

    /// <summary>A valid image, its first file and where that one's numbers lie.</summary>
    private sealed record Start(ForeignNifti Image, byte[] Bytes, IReadOnlyList<(int Offset, int Width)> Fields);
}
