using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public sealed class NiftiWriterTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public static TheoryData<string> Endings { get; } = ["a.nii", "a.nii.gz"];

    public void Dispose() => folder.Dispose();

    [Theory]
    [MemberData(nameof(Endings))]
    public void Volume_comes_back_as_it_was(string name)
    {
        var volume = new Volume(Grid.Axial(new Size(3, 1, 2), new Spacing(1, 2, 3)), [0, -1.5f, float.NaN, float.PositiveInfinity, 1e-40f, 3e38f]);

        NiftiWriter.Write(folder.PathOf(name), volume);
        var back = NiftiReader.ReadVolume(folder.PathOf(name));

        Assert.Equal(volume.Voxels, back.Voxels);
        Assert.Equal(volume.Grid, back.Grid);
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public void Label_map_comes_back_as_it_was(string name)
    {
        var labels = new LabelMap(Grid.Axial(new Size(2, 2, 1), new Spacing(1, 1, 1)), [0, 1, 4, 255]);

        NiftiWriter.Write(folder.PathOf(name), labels);

        Assert.Equal(labels.Labels, NiftiReader.ReadLabelMap(folder.PathOf(name)).Labels);
        Assert.Equal(NiftiDatatype.UInt8, NiftiReader.ReadHeader(folder.PathOf(name)).Datatype);
    }

    /// <summary>Any rotation or shear, either handedness, any bits as voxels; large enough for several parts of gzip.</summary>
    [Fact]
    public void Any_volume_on_any_grid_comes_back_bit_for_bit()
    {
        var saved = 0;
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            var straight = RandomGrid.Create(random, largestAxis: 60);
            var shear = random.Next(2) * 0.3;
            var grid = new Grid(straight.Size, straight.ToWorld.After(new Affine(1, shear, 0, 0, 0, 1, shear, 0, 0, 0, 1, 0)));
            var bytes = new byte[grid.Size.Count * sizeof(float)];
            random.NextBytes(bytes.AsSpan(random.Next(bytes.Length)));
            var volume = new Volume(grid, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
            var labels = new LabelMap(grid, bytes[..grid.Size.Count]);
            foreach (var ending in Endings)
            {
                var (volumePath, labelPath) = (folder.PathOf($"volume{saved}-{ending.Data}"), folder.PathOf($"labels{saved++}-{ending.Data}"));
                NiftiWriter.Write(volumePath, volume);
                NiftiWriter.Write(labelPath, labels);
                var (volumeBack, labelsBack) = (NiftiReader.ReadVolume(volumePath), NiftiReader.ReadLabelMap(labelPath));
                Assert.True(MemoryMarshal.AsBytes(volumeBack.Voxels.AsSpan()).SequenceEqual(bytes));
                Assert.True(labelsBack.Labels.AsSpan().SequenceEqual(labels.Labels.AsSpan()));
                Assert.True(volumeBack.Grid.IsSameAs(grid) && labelsBack.Grid == volumeBack.Grid);
                Assert.Equal(grid.Orientation, volumeBack.Grid.Orientation);
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(40), property);
    }

    [Fact]
    public void Header_says_who_wrote_it_and_nothing_else()
    {
        NiftiWriter.Write(folder.PathOf("a.nii"), new LabelMap(Grid.Axial(new Size(1, 1, 1), new Spacing(1, 1, 1)), [1]));
        var bytes = File.ReadAllBytes(folder.PathOf("a.nii"));

        Assert.Equal(353, bytes.Length);
        Assert.Matches(@"^MetSeg \d+\.\d+\.\d+\0+$", Encoding.ASCII.GetString(bytes, 148, 80));
        Assert.All(bytes[228..252], value => Assert.Equal(0, value)); // aux_file
        Assert.All(bytes[328..344], value => Assert.Equal(0, value)); // intent_name
        Assert.Equal((1, 1), (BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(252)), BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(254))));
        Assert.Equal(1f, BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(112))); // scl_slope
    }

    [Fact]
    public void Sheared_grid_has_an_sform_only()
    {
        var grid = new Grid(new Size(1, 1, 1), new Affine(1, 0.2, 0, 5, 0, 1, 0, 6, 0, 0, 2, 7));

        NiftiWriter.Write(folder.PathOf("a.nii"), new LabelMap(grid, [1]));
        var bytes = File.ReadAllBytes(folder.PathOf("a.nii"));

        Assert.Equal((0, 1), (BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(252)), BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(254))));
        Assert.True(NiftiReader.ReadHeader(folder.PathOf("a.nii")).Grid.IsSameAs(grid));
    }

    /// <summary>
    /// NIfTI stores three parts of the quaternion as 32-bit floats and computes the fourth: near half a turn that loses half of the digits, so
    /// that corners of these small grids may move by some hundredths of a millimeter. The sform does not.
    /// </summary>
    [Fact]
    public void Qform_alone_places_voxels_as_the_sform_does()
    {
        var property = Prop.ForAll(Geometries().ToArbitrary(), grid =>
        {
            var path = folder.PathOf("a.nii");
            NiftiWriter.Write(path, new LabelMap(grid, new byte[grid.Size.Count]));
            var withSform = NiftiReader.ReadHeader(path).Grid;
            var bytes = File.ReadAllBytes(path);
            bytes.AsSpan(254, 2).Clear();
            File.WriteAllBytes(path, bytes);
            return withSform.IsSameAs(grid, 1e-4) && NiftiReader.ReadHeader(path).Grid.IsSameAs(grid, 0.03);
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(100), property);
    }

    [Theory]
    [InlineData("a.mha", ".nii or .nii.gz")]
    [InlineData("a.gz", ".nii or .nii.gz")]
    public void Other_names_are_refused(string name, string advice)
    {
        var exception = Assert.Throws<MetSegException>(() => NiftiWriter.Write(folder.PathOf(name), new LabelMap(Grid.Axial(new Size(1, 1, 1), new Spacing(1, 1, 1)), [1])));

        Assert.Contains(advice, exception.Message);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Axes_longer_than_the_format_allows_are_refused()
    {
        var labels = new LabelMap(Grid.Axial(new Size(32768, 1, 1), new Spacing(1, 1, 1)), new byte[32768]);

        Assert.Contains("32767", Assert.Throws<MetSegException>(() => NiftiWriter.Write(folder.PathOf("a.nii"), labels)).Message);
    }

    /// <summary>Rotated, possibly mirrored grids of a few voxels, within a scanner's bounds.</summary>
    private static Gen<Grid> Geometries() =>
        from seed in Gen.Choose(0, int.MaxValue)
        select RandomGrid.Create(new Random(seed));
}
