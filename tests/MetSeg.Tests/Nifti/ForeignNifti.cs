using System.Text;
using MetSeg.Nifti;

namespace MetSeg.Tests.Nifti;

/// <summary>A NIfTI image as another program writes it: its header field after field, in the order of nifti1.h or nifti2.h.</summary>
internal sealed record ForeignNifti
{
    private const int RegularDimensions = 8, Millimeters = 2;

    public int Version { get; init; } = 1;

    public bool IsBigEndian { get; init; }

    /// <summary>Whether the voxels are in a file of their own.</summary>
    public bool IsPair { get; init; }

    public NiftiDatatype Datatype { get; init; } = NiftiDatatype.Int16;

    /// <summary>Voxels along each axis; up to 7 axes.</summary>
    public int[] Size { get; init; } = [2, 1, 1];

    /// <summary>qfac, then the voxel size along x, y and z.</summary>
    public double[] PixelDimensions { get; init; } = [1, 1, 2, 3];

    /// <summary>Quaternion (b, c, d) and offset (x, y, z), if there is a qform.</summary>
    public double[]? Qform { get; init; }

    /// <summary>Twelve values row by row, if there is an sform.</summary>
    public double[]? Sform { get; init; }

    public double Slope { get; init; }

    public double Intercept { get; init; }

    /// <summary>What stands between header and voxels of a single file, behind the extension flag.</summary>
    public byte[] Extensions { get; init; } = [];

    /// <summary>The stored voxels, in the file's byte order.</summary>
    public byte[] Voxels { get; init; } = new byte[4];

    /// <summary>Bytes of the header without extension flag.</summary>
    public int HeaderBytes => Version == 1 ? 348 : 540;

    /// <summary>The header alone for a pair, the whole file else.</summary>
    public byte[] ToBytes()
    {
        var header = WriteHeader().ToBytes();
        byte[] flag = [(byte)(Extensions.Length > 0 ? 1 : 0), 0, 0, 0];
        return IsPair ? header : [.. header, .. flag, .. Extensions, .. Voxels];
    }

    /// <summary>Place and width in bytes of every number in the header.</summary>
    public IReadOnlyList<(int Offset, int Width)> Fields() => WriteHeader().Fields;

    /// <summary>Writes NAME.nii, or NAME.hdr and NAME.img, each with .gz where asked for, and returns the file to open.</summary>
    public string Save(string folder, string name, bool isGzip)
    {
        var path = Path.Combine(folder, name);
        var ending = isGzip ? ".gz" : "";
        var head = path + (IsPair ? ".hdr" : ".nii") + ending;
        File.WriteAllBytes(head, isGzip ? RawNifti.Gzip(ToBytes()) : ToBytes());
        if (IsPair)
        {
            File.WriteAllBytes(path + ".img" + ending, isGzip ? RawNifti.Gzip(Voxels) : Voxels);
        }

        return head;
    }

    private FieldWriter WriteHeader()
    {
        var fields = new FieldWriter(IsBigEndian, Version == 2);
        return Version == 1 ? WriteNifti1(fields) : WriteNifti2(fields);
    }

    private FieldWriter WriteNifti1(FieldWriter f) => f
        .Int32(HeaderBytes).Text("", 10).Text("", 18).Int32(0).Int16(0).Text("r", 1).Text("", 1)
        .Each(Dimensions(), value => f.Int16((short)value)).Reals(0, 0, 0).Int16(0)
        .Int16((short)Datatype).Int16((short)(8 * Width())).Int16(0).Reals(PixelDimensions).Reals(0, 0, 0, 0)
        .Reals(VoxelOffset(), Slope, Intercept).Int16(0).Text("", 1).Text(((char)Millimeters).ToString(), 1).Reals(0, 0, 0, 0).Int32(0).Int32(0)
        .Text("a patient's name", 80).Text("", 24).Int16((short)QformCode()).Int16((short)SformCode())
        .Reals(Qform ?? new double[6]).Reals(Sform ?? new double[12]).Text("", 16).Text(IsPair ? "ni1" : "n+1", 4);

    private FieldWriter WriteNifti2(FieldWriter f) => f
        .Int32(HeaderBytes).Text((IsPair ? "ni2" : "n+2") + "\0\r\n\u001a\n", 8).Int16((short)Datatype).Int16((short)(8 * Width()))
        .Each(Dimensions(), f.Int64).Reals(0, 0, 0).Reals(PixelDimensions).Reals(0, 0, 0, 0)
        .Int64(VoxelOffset()).Reals(Slope, Intercept, 0, 0, 0, 0).Int64(0).Int64(0).Text("a patient's name", 80).Text("", 24)
        .Int32(QformCode()).Int32(SformCode()).Reals(Qform ?? new double[6]).Reals(Sform ?? new double[12])
        .Int32(0).Int32(Millimeters).Int32(0).Text("", 16).Text("", 1).Text("", 15);

    private long[] Dimensions() => [Size.Length, .. Size, .. Enumerable.Repeat(1L, RegularDimensions - 1 - Size.Length)];

    private int VoxelOffset() => IsPair ? 0 : HeaderBytes + 4 + Extensions.Length;

    private int QformCode() => Qform is null ? 0 : 1;

    private int SformCode() => Sform is null ? 0 : 2;

    private int Width() => WidthOf(Datatype);

    /// <summary>Bytes of a stored voxel.</summary>
    public static int WidthOf(NiftiDatatype datatype) => datatype switch
    {
        NiftiDatatype.UInt8 or NiftiDatatype.Int8 => 1,
        NiftiDatatype.Int16 or NiftiDatatype.UInt16 => 2,
        NiftiDatatype.Int32 or NiftiDatatype.UInt32 or NiftiDatatype.Float32 => 4,
        _ => 8,
    };

    /// <summary>Writes numbers one after another and remembers where they lie.</summary>
    private sealed class FieldWriter(bool isBigEndian, bool isWide)
    {
        private readonly List<byte> bytes = [];

        public List<(int Offset, int Width)> Fields { get; } = [];

        public byte[] ToBytes() => [.. bytes];

        public FieldWriter Int16(short value) => Add(BitConverter.GetBytes(value));

        public FieldWriter Int32(int value) => Add(BitConverter.GetBytes(value));

        public FieldWriter Int64(long value) => Add(BitConverter.GetBytes(value));

        public FieldWriter Reals(params double[] values) =>
            Each(values, value => Add(isWide ? BitConverter.GetBytes(value) : BitConverter.GetBytes((float)value)));

        public FieldWriter Text(string text, int length)
        {
            bytes.AddRange(Encoding.ASCII.GetBytes(text.PadRight(length, '\0')));
            return this;
        }

        public FieldWriter Each<T>(T[] values, Func<T, FieldWriter> write)
        {
            Array.ForEach(values, value => write(value));
            return this;
        }

        private FieldWriter Add(byte[] number)
        {
            Fields.Add((bytes.Count, number.Length));
            bytes.AddRange(isBigEndian == BitConverter.IsLittleEndian ? number.Reverse() : number);
            return this;
        }
    }
}
