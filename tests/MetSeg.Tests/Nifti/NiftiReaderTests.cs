using System.Runtime.InteropServices;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public sealed class NiftiReaderTests : IDisposable
{
    private const int UInt8 = 2, Int16 = 4, Float32 = 16, Float64 = 64, UInt64 = 1280;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Voxel_sizes_alone_lie_along_RAS_axes_from_the_origin()
    {
        var volume = Read(new RawNifti(UInt8, 7, 250));

        Assert.Equal(Grid.Axial(new Size(2, 1, 1), new Spacing(1, 2, 3)), volume.Grid);
        Assert.Equal([7, 250], volume.Voxels);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 1000)]
    [InlineData(2, 1)]
    [InlineData(3, 0.001)]
    [InlineData(10, 1)] // mm and seconds
    public void Units_become_millimeters(byte code, double millimeters) =>
        Assert.Equal(2 * millimeters, Read(new RawNifti(UInt8, 0, 0).SetByte(RawNifti.Units, code)).Grid.Spacing.Y, tolerance: 1e-9);

    [Fact]
    public void Sform_goes_before_qform_goes_before_voxel_sizes()
    {
        var file = new RawNifti(UInt8, 0, 0)
            .SetReals(RawNifti.SformRows, 4, 0, 0, 10, 0, 5, 0, 20, 0, 0, 6, 30)
            .SetReals(RawNifti.Offset, -1, -2, -3)
            .SetReals(RawNifti.Quaternion, 0, 0, 1); // half a turn about z

        Assert.Equal(Affine.Scaling(new Spacing(1, 2, 3)), Read(file).Grid.ToWorld);
        Assert.Equal(new Affine(-1, 0, 0, -1, 0, -2, 0, -2, 0, 0, 3, -3), Read(file.Set(RawNifti.QformCode, 1)).Grid.ToWorld);
        Assert.Equal(-3, Read(file.SetReals(RawNifti.PixelDimensions, -1)).Grid.ToWorld[2, 2]); // qfac mirrors the third axis
        Assert.Equal(Affine.Scaling(new Spacing(4, 5, 6), 10, 20, 30), Read(file.Set(RawNifti.SformCode, 2)).Grid.ToWorld);
    }

    [Fact]
    public void Values_are_slope_times_stored_plus_intercept()
    {
        var file = new RawNifti(Int16, 0xFF, 0xFF, 3, 0).SetReals(RawNifti.Slope, 0.5f, 10);

        Assert.Equal([9.5f, 11.5f], Read(file).Voxels);
        Assert.Equal([-1f, 3f], Read(file.SetReals(RawNifti.Slope, 0)).Voxels);
    }

    [Fact]
    public void Largest_integers_become_the_nearest_floats() =>
        Assert.Equal(18446744073709551615f, Read(new RawNifti(UInt64, [.. Enumerable.Repeat((byte)255, 8), .. new byte[8]])).Voxels[0]);

    [Fact]
    public void Unscaled_floats_keep_every_bit()
    {
        byte[] signalingNaN = [1, 0, 0x80, 0xFF], negativeZero = [0, 0, 0, 0x80];

        var volume = Read(new RawNifti(Float32, [.. signalingNaN, .. negativeZero]));

        Assert.Equal([.. signalingNaN, .. negativeZero], MemoryMarshal.AsBytes(volume.Voxels.AsSpan()).ToArray());
    }

    [Fact]
    public void Labels_stored_as_floats_or_scaled_are_labels()
    {
        var floats = new RawNifti(Float32, [.. BitConverter.GetBytes(4f), .. BitConverter.GetBytes(255f)]);
        var scaled = new RawNifti(Int16, 2, 0, 6, 0).SetReals(RawNifti.Slope, 0.5f);

        Assert.Equal(new byte[] { 4, 255 }, ReadLabels(floats).Labels);
        Assert.Equal(new byte[] { 1, 3 }, ReadLabels(scaled).Labels);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(-1)]
    [InlineData(256)]
    [InlineData(0.999999)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void What_is_no_label_is_refused_not_rounded(double value)
    {
        var file = new RawNifti(Float64, [.. BitConverter.GetBytes(1.0), .. BitConverter.GetBytes(value)]);

        Assert.Equal(ImageFault.NotLabels, Assert.Throws<ImageFileException>(() => ReadLabels(file)).Fault);
    }

    [Fact]
    public void Masks_stretched_over_all_integers_are_labels()
    {
        var mask = NiftiReader.ReadLabelMap(SharedData.PathOf("data/brats-sample/brats_2013_pat0001_1/mask.nii.gz"));

        Assert.Equal([1], mask.PresentLabels());
    }

    [Theory]
    [InlineData("short.img", ImageFault.NotFound)] // no .hdr beside it
    [InlineData("", ImageFault.NotFound)]
    [InlineData("none/at/all.nii", ImageFault.NotFound)]
    [InlineData("bad\0name.nii", ImageFault.NotFound)]
    public void Missing_files_are_said_to_be_missing(string name, ImageFault fault) =>
        AssertRefused(fault, name.Length == 0 ? name : folder.PathOf(name));

    [Fact]
    public void Pairs_are_found_from_either_half_and_whichever_is_compressed()
    {
        var file = new RawNifti(UInt8).SetReals(RawNifti.VoxelOffset, 0).SetByte(RawNifti.Magic + 1, (byte)'i');
        File.WriteAllBytes(folder.PathOf("a.hdr.gz"), file.ToGzip());
        File.WriteAllBytes(folder.PathOf("a.img"), [1, 2]);
        File.WriteAllBytes(folder.PathOf("b.HDR"), file.ToBytes());
        File.WriteAllBytes(folder.PathOf("b.IMG.gz"), RawNifti.Gzip([3, 4]));

        Assert.Equal([1, 2], NiftiReader.ReadVolume(folder.PathOf("a.hdr.gz")).Voxels);
        Assert.Equal([1, 2], NiftiReader.ReadVolume(folder.PathOf("a.img")).Voxels);
        Assert.Equal([3, 4], NiftiReader.ReadVolume(folder.PathOf("b.HDR")).Voxels);
        Assert.Equal([3, 4], NiftiReader.ReadVolume(folder.PathOf("b.IMG.gz")).Voxels);
    }

    [Fact]
    public void Limit_on_voxels_is_the_callers()
    {
        var path = Save(new RawNifti(UInt8, 0, 0));

        Assert.Equal(2, NiftiReader.ReadVolume(path, maxVoxels: 2).Grid.Size.Count);
        Assert.Equal(ImageFault.TooLarge, Assert.Throws<ImageFileException>(() => NiftiReader.ReadVolume(path, maxVoxels: 1)).Fault);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(1e-8f)]
    [InlineData(1e38f)]
    public void Flat_or_endless_space_is_refused(float shear)
    {
        // The second axis runs along the first but for a tiny part.
        var file = new RawNifti(UInt8, 0, 0).Set(RawNifti.SformCode, 1).SetReals(RawNifti.SformRows, 1, shear == 1e-8f ? 1 : shear, 0, 0, 0, shear, 0, 0, 0, 0, 1, 0);

        AssertRefused(ImageFault.BadGeometry, Save(file));
    }

    [Fact]
    public void Header_is_read_without_the_voxels_but_not_of_a_cut_file()
    {
        var bytes = new RawNifti(UInt8, 1, 2).ToBytes();
        File.WriteAllBytes(folder.PathOf("a.nii"), bytes);
        File.WriteAllBytes(folder.PathOf("cut.nii"), bytes[..^1]);

        var header = NiftiReader.ReadHeader(folder.PathOf("a.nii"));

        Assert.Equal((1, false, false, NiftiDatatype.UInt8, 352L, 2L), (header.Version, header.IsPair, header.IsBigEndian, header.Datatype, header.VoxelOffset, header.VoxelBytes));
        Assert.Equal(ImageFault.Truncated, Assert.Throws<ImageFileException>(() => NiftiReader.ReadHeader(folder.PathOf("cut.nii"))).Fault);
    }

    [Fact]
    public void Name_of_the_file_cannot_break_the_line()
    {
        var refusal = Assert.Throws<ImageFileException>(() => NiftiReader.ReadVolume(folder.PathOf("a\nb\u001b[31m.nii")));

        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }

    private static void AssertRefused(ImageFault fault, string path) =>
        Assert.Equal(fault, Assert.Throws<ImageFileException>(() => NiftiReader.ReadVolume(path)).Fault);

    private Volume Read(RawNifti file) => NiftiReader.ReadVolume(Save(file));

    private LabelMap ReadLabels(RawNifti file) => NiftiReader.ReadLabelMap(Save(file));

    private string Save(RawNifti file)
    {
        File.WriteAllBytes(folder.PathOf("file.nii"), file.ToBytes());
        return folder.PathOf("file.nii");
    }
}
