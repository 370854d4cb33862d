using FsCheck;
using FsCheck.Fluent;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>Images of any geometry, written by hand in every form the standard knows, are read as they were meant.</summary>
public sealed class ForeignNiftiTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private int saved;

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_datatype_byte_order_version_and_packing_comes_back_as_meant()
    {
        var property = Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            foreach (var form in Forms())
            {
                AssertComesBack(form, new Random(seed));
            }
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(6), property);
    }

    [Fact]
    public void Header_written_by_hand_has_the_length_and_places_of_the_standard()
    {
        var (first, second) = (new ForeignNifti(), new ForeignNifti { Version = 2 });

        Assert.Equal((348, 540), (first.ToBytes().Length - 8, second.ToBytes().Length - 8));
        Assert.Contains((70, 2), first.Fields()); // datatype
        Assert.Contains((280, 4), first.Fields()); // srow_x
        Assert.Contains((168, 8), second.Fields()); // vox_offset
        Assert.Contains((400, 8), second.Fields()); // srow_x
    }

    private static IEnumerable<(ForeignNifti Image, bool IsGzip)> Forms() =>
        from datatype in Enum.GetValues<NiftiDatatype>()
        from version in new[] { 1, 2 }
        from isBigEndian in new[] { false, true }
        from isPair in new[] { false, true }
        from isGzip in new[] { false, true }
        select (new ForeignNifti { Datatype = datatype, Version = version, IsBigEndian = isBigEndian, IsPair = isPair }, isGzip);

    private void AssertComesBack((ForeignNifti Image, bool IsGzip) form, Random random)
    {
        var placement = Place(form.Image with { Size = [random.Next(1, 40), random.Next(1, 5), random.Next(1, 5)] }, random);
        var image = placement.Image with
        {
            Slope = random.Next(2) * (float)(random.NextDouble() - 0.5),
            Intercept = (float)(1000 * (random.NextDouble() - 0.5)),
            Extensions = form.Image.IsPair ? [] : new byte[16 * random.Next(3)],
        };
        var (stored, meant) = DrawVoxels(image, random);
        var path = (image with { Voxels = stored }).Save(folder.Path, $"image{saved++}", form.IsGzip);

        var volume = NiftiReader.ReadVolume(path);

        Assert.Equal(meant, volume.Voxels);
        Assert.Equal(image.Size, volume.Grid.Size.ToArray());
        Assert.True(volume.Grid.IsSameAs(new Grid(volume.Grid.Size, placement.ToWorld), placement.ToleranceMm), $"{volume.Grid} of {image}");
        var header = NiftiReader.ReadHeader(path);
        Assert.Equal((image.Version, image.IsPair), (header.Version, header.IsPair));
        Assert.Equal((image.IsBigEndian, image.Datatype), (header.IsBigEndian, header.Datatype));
    }

    /// <summary>Random bytes as voxels, and what the standard says they are worth: value · slope + intercept unless the slope is 0.</summary>
    private static (byte[] Stored, float[] Meant) DrawVoxels(ForeignNifti image, Random random)
    {
        var width = ForeignNifti.WidthOf(image.Datatype);
        var stored = new byte[image.Size.Aggregate(1, (product, length) => product * length) * width];
        var meant = new float[stored.Length / width];
        var bytes = new byte[8];
        for (var i = 0; i < meant.Length; i++)
        {
            random.NextBytes(bytes);
            var value = Value(image.Datatype, bytes);
            meant[i] = (float)(image.Slope == 0 ? value : (value * image.Slope) + image.Intercept);
            var littleEndian = bytes.Take(width);
            (image.IsBigEndian ? littleEndian.Reverse() : littleEndian).ToArray().CopyTo(stored, i * width);
        }

        return (stored, meant);
    }

    /// <summary>The number that little-endian bytes are.</summary>
    private static double Value(NiftiDatatype datatype, byte[] bytes) => datatype switch
    {
        NiftiDatatype.UInt8 => bytes[0],
        NiftiDatatype.Int8 => (sbyte)bytes[0],
        NiftiDatatype.Int16 => BitConverter.ToInt16(bytes),
        NiftiDatatype.UInt16 => BitConverter.ToUInt16(bytes),
        NiftiDatatype.Int32 => BitConverter.ToInt32(bytes),
        NiftiDatatype.UInt32 => BitConverter.ToUInt32(bytes),
        NiftiDatatype.Int64 => BitConverter.ToInt64(bytes),
        NiftiDatatype.UInt64 => BitConverter.ToUInt64(bytes),
        NiftiDatatype.Float32 => BitConverter.ToSingle(bytes),
        _ => BitConverter.ToDouble(bytes),
    };

    /// <summary>
    /// By voxel sizes alone, by qform or by sform (with the other forms wrong, to show that they are not asked). A quaternion in float32 loses
    /// half of its digits near half a turn.
    /// </summary>
    private static Placement Place(ForeignNifti image, Random random)
    {
        double Length() => 0.3 + (4.7 * random.NextDouble());
        double[] spacing = [Length(), Length(), Length()];
        var oblique = RandomGrid.Create(random).ToWorld;
        var handedness = random.Next(2) == 0 ? -1 : 1;
        var sized = image with { PixelDimensions = [handedness, .. spacing] };
        switch (random.Next(3))
        {
            case 0:
                return new Placement(sized, Affine.Scaling(new Spacing(spacing[0], spacing[1], spacing[2])), 1e-4);
            case 1:
                var (quaternion, rows) = DrawRotation(random);
                double[] scales = [spacing[0], spacing[1], spacing[2] * handedness];
                double[] offset = [oblique[0, 3], oblique[1, 3], oblique[2, 3]];
                var values = Enumerable.Range(0, 12).Select(i => i % 4 == 3 ? offset[i / 4] : rows[(3 * (i / 4)) + (i % 4)] * scales[i % 4]);
                return new Placement(sized with { Qform = [.. quaternion, .. offset] }, new Affine([.. values]), image.Version == 1 ? 0.1 : 1e-6);
            default:
                var sheared = oblique.After(new Affine(1, 0.3 * random.NextDouble(), 0.2, 0, 0, 1, 0.1, 0, 0, 0, 1, 0));
                return new Placement(sized with { Qform = [0, 0, 0, 1, 2, 3], Sform = sheared.ToArray() }, sheared, 1e-3);
        }
    }

    /// <summary>A rotation about a random axis: quaternion (b, c, d) with a ≥ 0, and the matrix by Rodrigues' formula.</summary>
    private static (double[] Quaternion, double[] Rows) DrawRotation(Random random)
    {
        var (height, turn, angle) = ((2 * random.NextDouble()) - 1, 2 * Math.PI * random.NextDouble(), Math.PI * random.NextDouble());
        var radius = Math.Sqrt(1 - (height * height));
        double[] axis = [radius * Math.Cos(turn), radius * Math.Sin(turn), height];
        var (x, y, z) = (axis[0], axis[1], axis[2]);
        double[] cross = [0, -z, y, z, 0, -x, -y, x, 0];
        var rows = Enumerable.Range(0, 9).Select(i =>
            (i % 4 == 0 ? Math.Cos(angle) : 0) + (Math.Sin(angle) * cross[i]) + ((1 - Math.Cos(angle)) * axis[i / 3] * axis[i % 3]));
        return ([.. axis.Select(part => part * Math.Sin(angle / 2))], [.. rows]);
    }

    /// <summary>How an image states its geometry, where its voxels shall lie by that, and how exactly the form can say so (mm).</summary>
    private sealed record Placement(ForeignNifti Image, Affine ToWorld, double ToleranceMm);
}
