namespace MetSeg.Tests.Imaging;

/// <summary>Writes the smallest ONNX models byte by byte: output = constant − input.</summary>
/// <remarks>onnx.proto3 of ONNX; wire format of Protocol Buffers.</remarks>
internal static class TinyOnnx
{
    private const int FloatType = 1;

    /// <summary>A model of one node.</summary>
    /// <param name="constant">What the input is taken from.</param>
    /// <param name="rank">Number of axes of the input, all of any length.</param>
    /// <param name="edge">Length of the last three axes; 0 for any.</param>
    public static byte[] ConstantMinusInput(float constant, int rank = 5, int edge = 0)
    {
        byte[] node = [.. Text(1, "c"), .. Text(1, "x"), .. Text(2, "y"), .. Text(4, "Sub")];
        byte[] initializer = [.. Number(2, FloatType), .. Text(8, "c"), .. Bytes(9, BitConverter.GetBytes(constant))];
        byte[] graph =
            [.. Bytes(1, node), .. Text(2, "g"), .. Bytes(5, initializer), .. Bytes(11, Value("x", rank, edge)), .. Bytes(12, Value("y", rank, edge))];
        return [.. Number(1, 8), .. Bytes(8, Number(2, 13)), .. Bytes(7, graph)];
    }

    private static byte[] Value(string name, int rank, int edge)
    {
        byte[] shape = [.. Enumerable.Range(0, rank).SelectMany(axis => Bytes(1, axis >= rank - 3 && edge > 0 ? Number(1, edge) : Text(2, $"d{axis}")))];
        byte[] type = Bytes(1, [.. Number(1, FloatType), .. Bytes(2, shape)]);
        return [.. Text(1, name), .. Bytes(2, type)];
    }

    private static byte[] Number(int field, int value) => [.. Varint(field << 3), .. Varint(value)];

    private static byte[] Text(int field, string text) => Bytes(field, System.Text.Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] content) => [.. Varint((field << 3) | 2), .. Varint(content.Length), .. content];

    private static byte[] Varint(int value)
    {
        var bytes = new List<byte>();
        for (; value >= 128; value >>= 7)
        {
            bytes.Add((byte)(value | 128));
        }

        return [.. bytes, (byte)value];
    }
}
