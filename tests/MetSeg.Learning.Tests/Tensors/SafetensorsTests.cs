using System.Buffers.Binary;
using System.Text;
using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Tensors;

public sealed class SafetensorsTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Brings_back_types_shapes_values_and_texts()
    {
        using var scope = NewDisposeScope();
        var content = new TensorFile(
            new Dictionary<string, Tensor>
            {
                ["weights"] = tensor(new float[] { 1, -2, 3.5f, 0, 5, 6 }, [2, 3]),
                ["step"] = tensor(7L),
                ["none"] = empty(0, 4),
                ["bytes"] = tensor(new byte[] { 0, 255 }),
            },
            new Dictionary<string, string> { ["epoch"] = "3", ["quoted"] = "a \"b\" ü" });

        Safetensors.Write(folder.At("a.safetensors"), content);
        var read = Safetensors.Read(folder.At("a.safetensors"));

        Assert.Equal(new float[] { 1, -2, 3.5f, 0, 5, 6 }, VolumeTensor.ToArray(read.Tensors["weights"]));
        Assert.Equal([2, 3], read.Tensors["weights"].shape);
        Assert.Equal(7L, read.Tensors["step"].item<long>());
        Assert.Equal([0, 4], read.Tensors["none"].shape);
        Assert.Equal(255, read.Tensors["bytes"][1].item<byte>());
        Assert.Equal("a \"b\" ü", read.Metadata["quoted"]);
    }

    [Theory]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 7)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 12)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[-2,-1],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904,4611686018427387904],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"BOOM\",\"shape\":[2],\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"a\":{\"dtype\":\"F32\",\"data_offsets\":[0,8]}}", 8)]
    [InlineData("{\"a\":", 8)]
    [InlineData("[]", 0)]
    public void Refuses_a_header_that_lies(string header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        Encoding.UTF8.GetBytes(header).CopyTo(bytes, 8);
        File.WriteAllBytes(folder.At("bad.safetensors"), bytes);

        var error = Assert.Throws<MetSegException>(() => Safetensors.Read(folder.At("bad.safetensors")));

        Assert.Contains("bad.safetensors", error.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(20)]
    public void Refuses_a_file_cut_short(int length)
    {
        using var scope = NewDisposeScope();
        Safetensors.Write(folder.At("a"), new TensorFile(new Dictionary<string, Tensor> { ["x"] = ones(10) }, new Dictionary<string, string>()));
        File.WriteAllBytes(folder.At("b"), File.ReadAllBytes(folder.At("a"))[..length]);

        Assert.Throws<MetSegException>(() => Safetensors.Read(folder.At("b")));
    }

    [Fact]
    public void A_header_of_a_petabyte_is_not_allocated()
    {
        var bytes = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, 1L << 50);
        File.WriteAllBytes(folder.At("huge"), bytes);

        Assert.Throws<MetSegException>(() => Safetensors.Read(folder.At("huge")));
    }
}
