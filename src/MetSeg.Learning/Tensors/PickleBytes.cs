using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace MetSeg.Learning.Tensors;

/// <summary>Reads the arguments of pickle instructions; every length is held against what is left before memory is taken.</summary>
internal sealed class PickleBytes(byte[] data)
{
    private const int LongestLine = 4096;
    private const int LongestNumber = 1024;
    private int position;

    public byte Byte() => Take(1)[0];

    public ushort UInt16() => BinaryPrimitives.ReadUInt16LittleEndian(Take(2));

    public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4));

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8));

    public double Double() => BinaryPrimitives.ReadDoubleBigEndian(Take(8));

    public byte[] Bytes(ulong count) => Take(count).ToArray();

    public string Utf8(ulong count) => Encoding.UTF8.GetString(Take(count));

    public string Latin1(ulong count) => Encoding.Latin1.GetString(Take(count));

    /// <summary>A whole number of that many bytes, little-endian, two's complement: a long, or a BigInteger where it does not fit.</summary>
    public object Integer(ulong count) => count <= LongestNumber
        ? Fitting(new BigInteger(Take(count)))
        : throw new InvalidDataException($"a number of {count} bytes.");

    /// <summary>A decimal whole number on a line of its own; Python 2 ends long ones in L.</summary>
    public object IntegerLine() =>
        Line() is { Length: <= LongestNumber } text && BigInteger.TryParse(text.TrimEnd('L'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? Fitting(value)
            : throw new InvalidDataException("a number that cannot be read.");

    /// <summary>The text up to the end of the line, which is passed over.</summary>
    public string Line()
    {
        var length = data.AsSpan(position, Math.Min(LongestLine, data.Length - position)).IndexOf((byte)'\n');
        if (length < 0)
        {
            throw new InvalidDataException("a line without an end.");
        }

        var text = Encoding.UTF8.GetString(data, position, length);
        position += length + 1;
        return text;
    }

    private static object Fitting(BigInteger value) => value >= long.MinValue && value <= long.MaxValue ? (object)(long)value : value;

    private ReadOnlySpan<byte> Take(ulong count)
    {
        if (count > (ulong)(data.Length - position))
        {
            throw new InvalidDataException("it ends in the middle.");
        }

        var taken = data.AsSpan(position, (int)count);
        position += (int)count;
        return taken;
    }
}
