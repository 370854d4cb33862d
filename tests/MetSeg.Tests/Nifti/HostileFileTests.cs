using System.Buffers.Binary;
using System.Diagnostics;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>What git should not hold: pipes, devices, holes and bombs; and random damage to every file of the corpus.</summary>
public sealed class HostileFileTests : IDisposable
{
    private const int UInt8 = 2;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Pipe_is_refused_without_waiting_for_a_writer()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/mkfifo"), "mkfifo is missing.");
        Process.Start("/usr/bin/mkfifo", [folder.PathOf("pipe.nii")]).WaitForExit();
        File.CreateSymbolicLink(folder.PathOf("link.nii"), "pipe.nii");

        Assert.Equal(ImageFault.NotAFile, Refusal(folder.PathOf("pipe.nii")).Fault);
        Assert.Equal(ImageFault.NotAFile, Refusal(folder.PathOf("link.nii")).Fault);
    }

    [Fact]
    public void Device_is_refused()
    {
        Assert.SkipUnless(File.Exists("/dev/zero"), "/dev/zero is missing.");

        Assert.Equal(ImageFault.NotAFile, Refusal("/dev/zero").Fault);
    }

    [Fact]
    public void Link_to_a_file_is_followed_relative_to_itself()
    {
        Directory.CreateDirectory(folder.PathOf("below"));
        File.WriteAllBytes(folder.PathOf("a.nii"), new RawNifti(UInt8, 1, 2).ToBytes());
        File.CreateSymbolicLink(folder.PathOf("below/link.nii"), "../a.nii");

        Assert.Equal([1, 2], NiftiReader.ReadVolume(folder.PathOf("below/link.nii")).Voxels);
    }

    [Fact]
    public void Hole_of_eight_gigabytes_behind_the_voxels_is_not_read()
    {
        File.WriteAllBytes(folder.PathOf("a.nii"), new RawNifti(UInt8, 1, 2).ToBytes());
        using (var file = File.OpenWrite(folder.PathOf("a.nii")))
        {
            file.SetLength(8L << 30);
        }

        Assert.Equal([1, 2], NiftiReader.ReadVolume(folder.PathOf("a.nii")).Voxels);
    }

    [Fact]
    public void Bomb_behind_the_voxels_is_refused()
    {
        WriteBomb(new RawNifti(UInt8, 1, 2), ByteSource.MaxForeignBytes + (1 << 20));

        Assert.Equal(ImageFault.TooLarge, Refusal(folder.PathOf("bomb.nii.gz")).Fault);
    }

    [Fact]
    public void Bomb_before_the_voxels_is_refused()
    {
        WriteBomb(new RawNifti(UInt8).SetReals(RawNifti.VoxelOffset, ByteSource.MaxForeignBytes * 2), 4 << 20, padding: 1 << 20);

        Assert.Equal(ImageFault.TooLarge, Refusal(folder.PathOf("bomb.nii.gz")).Fault);
    }

    [Fact]
    public void Small_compressed_file_cannot_ask_for_much_memory()
    {
        // 2 GB of voxels promised by some hundred bytes: even the best compression could not hold them.
        var file = new RawNifti(UInt8, 1, 2).Set(RawNifti.Dimensions + 2, 2000, 1000, 1000);
        File.WriteAllBytes(folder.PathOf("a.nii.gz"), file.ToGzip());
        var before = GC.GetTotalAllocatedBytes();

        Assert.Equal(ImageFault.Truncated, Refusal(folder.PathOf("a.nii.gz")).Fault);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 10 << 20);
    }

    [Fact]
    public void NIfTI_2_dimensions_cannot_overflow()
    {
        var header = new byte[544];
        BinaryPrimitives.WriteInt32LittleEndian(header, 540);
        "n+2\0\r\n\x1a\n"u8.CopyTo(header.AsSpan(4));
        foreach (var (index, value) in new long[] { 7, 1L << 62, 1L << 62, 1L << 62, 1, 1, 1, 1 }.Index())
        {
            BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(16 + (8 * index)), value);
        }

        File.WriteAllBytes(folder.PathOf("a.nii"), header);
        Assert.Equal(ImageFault.TooLarge, Refusal(folder.PathOf("a.nii")).Fault);
    }

    [Fact]
    public void Random_damage_is_read_or_refused_and_nothing_else()
    {
        var corpus = Directory.GetFiles(SharedData.PathOf("golden/hostile-nifti"), "*.*").Where(IsSmallImage).Order().ToArray();
        var random = new Random(20);
        for (var round = 0; round < 1200; round++)
        {
            var bytes = File.ReadAllBytes(corpus[round % corpus.Length]);
            File.WriteAllBytes(folder.PathOf("mutant.nii"), Mutate(bytes, random));
            try
            {
                NiftiReader.ReadVolume(folder.PathOf("mutant.nii"), maxVoxels: 1 << 20);
            }
            catch (ImageFileException refusal)
            {
                Assert.Contains("mutant", refusal.Message);
            }
            catch (Exception exception)
            {
                Assert.Fail($"Round {round} of {Path.GetFileName(corpus[round % corpus.Length])}: {exception}");
            }
        }
    }

    private static bool IsSmallImage(string path) => Path.GetExtension(path) is ".nii" or ".gz" or ".hdr" && new FileInfo(path).Length is > 0 and < 5000;

    /// <summary>A few bytes set to telling values or noise, mostly in the header; sometimes a cut or an addition.</summary>
    private static byte[] Mutate(byte[] bytes, Random random)
    {
        byte[] telling = [0, 1, 0x7F, 0x80, 0xFF, 0xC0];
        for (var count = random.Next(1, 5); count > 0; count--)
        {
            bytes[random.Next(Math.Min(bytes.Length, random.Next(2) == 0 ? 352 : bytes.Length))] =
                random.Next(2) == 0 ? telling[random.Next(telling.Length)] : (byte)random.Next(256);
        }

        return random.Next(4) switch
        {
            0 => bytes[..random.Next(1, bytes.Length)],
            1 => [.. bytes, .. bytes],
            _ => bytes,
        };
    }

    private static ImageFileException Refusal(string path) => Assert.Throws<ImageFileException>(() => NiftiReader.ReadVolume(path));

    /// <summary>A compressed image that goes on with many zeros; <paramref name="padding"/> bytes that do not compress make its size believable.</summary>
    private void WriteBomb(RawNifti image, long zeros, int padding = 0)
    {
        var block = RawNifti.Gzip(new byte[1 << 20]);
        var noise = new byte[padding];
        new Random(1).NextBytes(noise);
        using var file = File.Create(folder.PathOf("bomb.nii.gz"));
        file.Write(image.ToGzip());
        for (; zeros > 0; zeros -= 1 << 20)
        {
            file.Write(block);
        }

        file.Write(RawNifti.Gzip(noise));
    }
}
