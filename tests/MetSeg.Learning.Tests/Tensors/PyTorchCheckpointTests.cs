using System.IO.Compression;
using System.Runtime.InteropServices;
using MetSeg.Learning.Tensors;
using Xunit;
using static MetSeg.Learning.Tests.Tensors.Pickles;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Tensors;

public sealed class PyTorchCheckpointTests(NnUNetPeer peer) : IDisposable
{
    private static readonly float[] numbers = [1, 2, 3, 4, 5, 6];
    private static readonly byte[] sixNumbers = MemoryMarshal.AsBytes(numbers.AsSpan()).ToArray();
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("values.pth")]
    [InlineData("values4.pth")]
    public void Tensors_that_PyTorch_wrote_have_its_values(string name)
    {
        using var scope = NewDisposeScope();
        using var checkpoint = PyTorchCheckpoint.Open(peer.PathOf(name));
        var tensors = Map(Map(checkpoint.Content)["tensors"]);
        var expected = peer.Json("values.json").EnumerateObject().ToList();

        Assert.Equal(expected.Select(property => property.Name).Order(), tensors.Items.Select(item => item.Key).Order());
        Assert.All(expected, property =>
        {
            var value = checkpoint.Read(Assert.IsType<StoredTensor>(tensors[property.Name]));

            Assert.Equal(property.Value.GetProperty("shape").EnumerateArray().Select(side => side.GetInt64()), value.shape);
            Assert.Equal(property.Value.GetProperty("values").EnumerateArray().Select(number => number.GetDouble()), Doubles(value));
            Assert.True(value.is_contiguous());
        });
        Assert.Equal(
            (ScalarType.Float16, ScalarType.BFloat16, ScalarType.Bool, ScalarType.Int64),
            (Type(tensors, "half"), Type(tensors, "bfloat"), Type(tensors, "bool"), Type(tensors, "long")));
    }

    [Theory]
    [InlineData("values.pth")]
    [InlineData("values4.pth")]
    public void Everything_else_is_a_plain_value_or_of_no_use(string name)
    {
        using var checkpoint = PyTorchCheckpoint.Open(peer.PathOf(name));
        var others = Map(Map(checkpoint.Content)["others"]);

        Assert.Equal(("Ärzte", true, -70000L, 0.25), (others["text"], others["flag"], others["negative"], others["single"]));
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 80), others["large"]);
        Assert.Equal([24L], Assert.IsType<object?[]>(others["size"]));
        Assert.Equal(1L, Map(others["ordered"])["a"]);
        Assert.Equal(new PickledObject("torch.device"), others["device"]);
        Assert.Equal(new PickledObject("numpy.ndarray"), others["array"]);
    }

    [Theory]
    [InlineData("system", "posix.system")]
    [InlineData("eval", ".eval")]
    [InlineData("exec", ".exec")]
    [InlineData("numpy", "numpy.testing._private.utils.runstring")]
    [InlineData("nested", "posix.system")]
    [InlineData("bytes", "torch.storage._load_from_bytes")]
    [InlineData("getattr", "__builtin__.getattr")]
    [InlineData("inst", "posix.system")]
    [InlineData("obj", "posix.system")]
    [InlineData("dotted", "torch.serialization.os.system")]
    [InlineData("partial", "functools.partial")]
    [InlineData("newobj", "builtins.map")]
    public void What_runs_code_in_PyTorch_is_refused_by_name_and_does_not_run(string name, string function)
    {
        var path = peer.PathOf($"{name}.hostile");

        var message = Refusal(path);

        Assert.Contains(path, message);
        Assert.Contains($"{function},", message);
        Assert.Contains("nothing was executed", message);
        Assert.False(File.Exists(peer.Marker), $"{name} was executed.");
    }

    [Fact]
    public void The_format_before_1_6_is_refused_with_what_to_do() => Assert.Contains("torch.save(torch.load('old.pth'), 'new.pth')", Refusal(peer.PathOf("old.pth")));

    [Fact]
    public void Views_of_one_block_are_loaded_apart()
    {
        using var scope = NewDisposeScope();
        var block = Block("FloatStorage", "0", 6);
        Zip(folder.At("a.pth"), Of(Dictionary(
            Text("whole"), Tensor(block, 0, [2, 3], [3, 1]), Text("transposed"), Tensor(block, 0, [3, 2], [1, 3]), Text("end"), Tensor(block, 5, [], []))), ("data/0", sixNumbers));
        using var checkpoint = PyTorchCheckpoint.Open(folder.At("a.pth"));

        var whole = Read(checkpoint, "whole");
        whole.zero_();

        Assert.Equal([1, 4, 2, 5, 3, 6], Read(checkpoint, "transposed").data<float>().ToArray());
        Assert.Equal(6, Read(checkpoint, "end").item<float>());
    }

    [Theory]
    [InlineData("little", 1f)]
    [InlineData("big", 4.6006e-41f)]
    public void The_byte_order_of_the_file_counts(string order, float expected)
    {
        using var scope = NewDisposeScope();
        Zip(folder.At("a.pth"), Of(Dictionary(Text("x"), Tensor(Block("FloatStorage", "0", 6), 0, [6], [1]))), ("data/0", sixNumbers), ("byteorder", [.. order.Select(letter => (byte)letter)]));
        using var checkpoint = PyTorchCheckpoint.Open(folder.At("a.pth"));

        Assert.Equal(expected, Read(checkpoint, "x")[0].item<float>(), expected * 1e-4f);
    }

    [Fact]
    public void Untyped_blocks_take_the_tensors_type()
    {
        using var scope = NewDisposeScope();
        var untyped = $"{Tuple(Text("storage"), "ctorch.storage\nUntypedStorage\n", Text("0"), Text("cpu"), Number(24))}Q";
        var tensor = Call("torch._utils", "_rebuild_tensor_v3", untyped, Number(1), Tuple(Number(2)), Tuple(Number(2)), "\u0089", "}", "ctorch\nfloat32\n");
        Zip(folder.At("a.pth"), Of(Dictionary(Text("x"), tensor)), ("data/0", sixNumbers));
        using var checkpoint = PyTorchCheckpoint.Open(folder.At("a.pth"));

        Assert.Equal([2, 4], Read(checkpoint, "x").data<float>().ToArray());
    }

    [Fact]
    public void A_block_of_another_length_or_that_is_missing_is_refused()
    {
        var pickle = Of(Tensor(Block("FloatStorage", "0", 6), 0, [6], [1]));
        Zip(folder.At("short.pth"), pickle, ("data/0", sixNumbers[..20]));
        Zip(folder.At("missing.pth"), pickle);

        Assert.Contains("'data/0' should hold 24 bytes (at most 2 GiB) and has 20.", Refusal(folder.At("short.pth")));
        Assert.Contains("and has none.", Refusal(folder.At("missing.pth")));
    }

    [Fact]
    public void Bombs_are_refused_before_memory_is_taken()
    {
        var zeros = new byte[4_000_000];
        Zip(folder.At("packed.pth"), CompressionLevel.SmallestSize, Of(Tensor(Block("FloatStorage", "0", 1_000_000), 0, [9], [1])), ("data/0", zeros));
        Zip(folder.At("petabyte.pth"), Of(Tensor(Block("DoubleStorage", "0", int.MaxValue), 0, [9], [1])), ("data/0", zeros));
        Zip(folder.At("pickle.pth"), CompressionLevel.SmallestSize, new byte[RestrictedUnpickler.LongestPickle + 1]);

        Assert.Contains("is compressed", Refusal(folder.At("packed.pth")));
        Assert.Contains("17179869176 bytes", Refusal(folder.At("petabyte.pth")));
        Assert.Contains("is compressed", Refusal(folder.At("pickle.pth")));
    }

    [Fact]
    public void A_flipped_bit_is_found()
    {
        using var scope = NewDisposeScope();
        Zip(folder.At("a.pth"), Of(Dictionary(Text("x"), Tensor(Block("FloatStorage", "0", 6), 0, [6], [1]))), ("data/0", sixNumbers));
        var bytes = File.ReadAllBytes(folder.At("a.pth"));
        bytes[bytes.AsSpan().IndexOf(sixNumbers) + 7] ^= 1;
        File.WriteAllBytes(folder.At("a.pth"), bytes);
        using var checkpoint = PyTorchCheckpoint.Open(folder.At("a.pth"));

        Assert.Contains("checksum", Assert.Throws<MetSegException>(() => Read(checkpoint, "x")).Message);
    }

    [Fact]
    public void Other_files_are_refused()
    {
        File.WriteAllText(folder.At("text.pth"), "not a checkpoint");
        File.WriteAllBytes(folder.At("empty.pth"), []);
        Zip(folder.At("order.pth"), Of("N"), ("byteorder", [1]));
        Zip(folder.At("two.pth"), Of("N"), ("data.pkl", Of("N")));

        Assert.Contains("no PyTorch checkpoint", Refusal(folder.At("text.pth")));
        Assert.Contains("no PyTorch checkpoint", Refusal(folder.At("empty.pth")));
        Assert.Contains("neither little nor big", Refusal(folder.At("order.pth")));
        Assert.Contains("has 2 pickles", Refusal(folder.At("two.pth")));
        Assert.Contains("absent.pth", Refusal(folder.At("absent.pth")));
    }

    [Fact]
    public void Random_damage_ends_in_a_value_or_one_line()
    {
        Zip(folder.At("a.pth"), Of(Dictionary(Text("x"), Tensor(Block("FloatStorage", "0", 6), 0, [2, 3], [3, 1]))), ("byteorder", "little"u8.ToArray()), ("data/0", sixNumbers));
        var whole = File.ReadAllBytes(folder.At("a.pth"));
        var random = new Random(1);
        var refusals = 0;
        for (var i = 0; i < 2_000; i++)
        {
            byte[] damaged = i < whole.Length ? whole[..i] : [.. whole];
            for (var left = i < whole.Length ? 0 : 1 + random.Next(3); left > 0; left--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            File.WriteAllBytes(folder.At("b.pth"), damaged);
            try
            {
                using var scope = NewDisposeScope();
                using var checkpoint = PyTorchCheckpoint.Open(folder.At("b.pth"));
                if (checkpoint.Content is PickledMap map && map["x"] is StoredTensor tensor)
                {
                    checkpoint.Read(tensor);
                }
            }
            catch (MetSegException exception)
            {
                Assert.DoesNotContain('\n', exception.Message);
                refusals++;
            }
        }

        Assert.InRange(refusals, 1_000, 1_999);
    }

    [Fact]
    public void Reading_leaves_no_tensor_behind()
    {
        Zip(folder.At("a.pth"), Of(Dictionary(Text("x"), Tensor(Block("FloatStorage", "0", 6), 0, [3, 2], [1, 3]))), ("data/0", sixNumbers));

        LiveTensors.AssertNoneLeftBy(() =>
        {
            using var checkpoint = PyTorchCheckpoint.Open(folder.At("a.pth"));
            using var value = Read(checkpoint, "x");
        });
    }

    private static double[] Doubles(Tensor value) => value.numel() == 0 ? [] : value.to_type(ScalarType.Float64).data<double>().ToArray();

    private static PickledMap Map(object? value) => Assert.IsType<PickledMap>(value);

    private static ScalarType Type(PickledMap tensors, string name) => Assert.IsType<StoredTensor>(tensors[name]).Type;

    private static Tensor Read(PyTorchCheckpoint checkpoint, string name) => checkpoint.Read(Assert.IsType<StoredTensor>(Map(checkpoint.Content)[name]));

    private static string Refusal(string path) => Assert.Throws<MetSegException>(() => PyTorchCheckpoint.Open(path)).Message;
}
