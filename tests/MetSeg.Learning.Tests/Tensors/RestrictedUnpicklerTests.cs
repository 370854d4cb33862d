using System.Numerics;
using MetSeg.Learning.Tensors;
using Xunit;
using static MetSeg.Learning.Tests.Tensors.Pickles;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Tensors;

public class RestrictedUnpicklerTests
{
    private const string opcodes = "(.012NIJKMLFGTUXBC)tlaesudgjhpqrcRoibQ\u0080\u0081\u0085\u0086\u0087\u0088\u0093\u0094";

    [Fact]
    public void Reads_numbers_texts_and_bytes()
    {
        var items = Assert.IsType<object?[]>(Read(Tuple(
            "N", "\u0088", "\u0089", "I01\n", "I-7\n", "K\u00ff", "M\u0001\u0002", Number(-70000), "\u008a\u0002\u0000\u0080", "L12345678901234567890L\n",
            "G?\u00f8\u0000\u0000\u0000\u0000\u0000\u0000", "F0.25\n", Text("abc"), "U\u0002xy", "\u008c\u0002\u00c3\u00bc", "C\u0002\u0000\u00ff")));

        Assert.Equal(
            [null, true, false, 1L, -7L, 255L, 513L, -70000L, -32768L, BigInteger.Parse("12345678901234567890"), 1.5, 0.25, "abc", "xy", "ü"], items[..15]);
        Assert.Equal<byte>([0, 255], Assert.IsType<byte[]>(items[15]));
    }

    [Fact]
    public void Reads_containers_and_what_is_stored_for_later()
    {
        var read = Assert.IsType<PickledMap>(Read(Dictionary(
            Text("list"), "](K\u0001K\u0002e", Text("tuple"), "K\u0001K\u0002\u0086q\u0005", Text("again"), "h\u0005", Text("set"), $"c__builtin__\nset\n](K\u0004e\u0085R",
            "K\u0007", Text("not a text key"))));

        Assert.Equal([1L, 2L], Assert.IsType<List<object?>>(read["list"]));
        Assert.Equal([1L, 2L], Assert.IsType<object?[]>(read["tuple"]));
        Assert.Same(read["tuple"], read["again"]);
        Assert.Equal([4L], Assert.IsType<List<object?>>(read["set"]));
        Assert.Equal(4, read.Items.Count());
        Assert.Null(read["absent"]);
    }

    [Fact]
    public void A_tensor_is_described_but_not_loaded()
    {
        var (value, blocks) = RestrictedUnpickler.Read(Of(Tensor(Block("HalfStorage", "12", 10), 1, [2, 3], [4, 2])));

        Assert.Equal([new StoredBlock("12", ScalarType.Float16, 20)], blocks);
        var tensor = Assert.IsType<StoredTensor>(value);
        Assert.Equal((ScalarType.Float16, 1L), (tensor.Type, tensor.Offset));
        Assert.Equal([2L, 3L], tensor.Shape);
        Assert.Equal([4L, 2L], tensor.Strides);
    }

    [Theory]
    [InlineData("numpy.core.multiarray", "<", "C\u0008\0\0\0\0\0\0\u00f8?")]
    [InlineData("numpy._core.multiarray", ">", "C\u0008?\u00f8\0\0\0\0\0\0")]
    [InlineData("numpy.core.multiarray", "<", "c_codecs\nencode\n(\u008c\u0009\0\0\0\0\0\0\u00c3\u00b8?\u008c\u0006latin1tR")]
    public void Numbers_of_numpy_are_numbers(string module, string order, string bytes)
    {
        // 1.5 is 3FF8000000000000; the byte F8 is C3 B8 in a text of UTF-8.
        var type = Call("numpy", "dtype", Text("f8"), "\u0089", "\u0088") + Tuple(Number(3), Text(order), "N") + "b";

        Assert.Equal(1.5, Read(Call(module, "scalar", type, bytes)));
    }

    [Theory]
    [InlineData("cos\nsystem\n", "os.system")]
    [InlineData("c__builtin__\neval\n", "__builtin__.eval")]
    [InlineData("cbuiltins\ngetattr\n", "builtins.getattr")]
    [InlineData("ccopyreg\n_reconstructor\n", "copyreg._reconstructor")]
    [InlineData("ccollections\nCounter\n", "collections.Counter")]
    [InlineData("ctorch\nload\n", "torch.load")]
    [InlineData("ctorch.storage\n_load_from_bytes\n", "torch.storage._load_from_bytes")]
    [InlineData("ctorch._utils\n_rebuild_device_tensor_from_numpy\n", "torch._utils._rebuild_device_tensor_from_numpy")]
    [InlineData("U\u0002osU\u0006system\u0093", "os.system")]
    [InlineData("U\u0005torchU\u001e_utils._rebuild_tensor_v2.call\u0093", "torch._utils._rebuild_tensor_v2.call")]
    [InlineData("(ios\nsystem\n", "os.system")]
    [InlineData("](K\u0001}(K\u0002cos\nsystem\n", "os.system")]
    public void What_no_tensor_needs_is_refused_by_name(string instructions, string name)
    {
        var message = Refusal(Of(instructions));

        Assert.Contains($"Python's {name},", message);
        Assert.Contains("nothing was executed", message);
    }

    [Fact]
    public void A_name_cannot_disturb_the_message()
    {
        var message = Refusal(Of($"cos\r\u001b[2J{new string('x', 300)}\nsystem\n"));

        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, 400);
    }

    [Theory]
    [InlineData("]}b", "sets attributes of a list")]
    [InlineData("ctorch\nSize\n}b", "sets attributes of torch.Size")]
    [InlineData("K\u0001)R", "calls a value")]
    [InlineData("ctorch\nFloatStorage\n)R", "calls torch.FloatStorage")]
    [InlineData("\u0082\u0001", "instruction 0x82")]
    [InlineData("P1\n", "instruction 0x50")]
    [InlineData("K\u0001a", "stack empty")]
    [InlineData("K\u0001K\u0002a", "items for a value")]
    [InlineData("K\u0001(0", "stack empty")]
    [InlineData("K\u0001(s", "stack empty")]
    [InlineData("t", "no mark")]
    [InlineData("}(K\u0001u", "a key but no value")]
    [InlineData("h\u0001", "not stored")]
    [InlineData("X\u00ff\u00ff\u00ff\u007fab", "ends in the middle")]
    [InlineData("\u008e\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ffab", "ends in the middle")]
    [InlineData("\u008b\u00ff\u00ff\u00ff\u007f", "a number of")]
    [InlineData("Iabc\n", "a number that cannot be read")]
    [InlineData("cos", "a line without an end")]
    [InlineData("\u0080\u0009", "protocol 9")]
    [InlineData("K\u0001Q", "no storage")]
    public void What_is_damaged_or_odd_is_refused(string instructions, string expected) =>
        Assert.Contains(expected, Refusal(Of(instructions)));

    [Theory]
    [InlineData(0, new[] { 11 }, new[] { 1 })]
    [InlineData(8, new[] { 3 }, new[] { 1 })]
    [InlineData(0, new[] { 2, 2 }, new[] { 9, 1 })]
    [InlineData(-1, new[] { 2 }, new[] { 1 })]
    [InlineData(0, new[] { 2 }, new[] { -1 })]
    [InlineData(0, new[] { -2, -2 }, new[] { 1, 1 })]
    [InlineData(0, new[] { 2, 2 }, new[] { 1 })]
    [InlineData(11, new[] { 0 }, new[] { 1 })]
    [InlineData(0, new[] { 100_000, 100_000 }, new[] { 0, 0 })]
    public void A_tensor_beyond_its_block_is_refused(int offset, int[] shape, int[] strides) =>
        Assert.Contains("a tensor of shape", Refusal(Of(Tensor(Block("FloatStorage", "0", 10), offset, shape, strides))));

    [Fact]
    public void Sizes_beyond_all_bounds_are_refused() => Assert.Throws<OverflowException>(
        () => RestrictedUnpickler.Read(Of(Tensor(Block("FloatStorage", "0", 10), 0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0]))));

    [Fact]
    public void Bombs_end_at_a_limit()
    {
        Assert.Contains("nesting deeper", Refusal(Of(new string('(', 100_000))));
        Assert.Contains("more than 8000000 instructions", Refusal([0x80, 2, (byte)'N', .. Enumerable.Repeat((byte)'2', 9_000_000)]));

        var tensor = $"{Tuple(Block("FloatStorage", "0", 1), Number(0), Tuple(), Tuple())}q\u0001ctorch._utils\n_rebuild_tensor_v2\nq\u00020";
        Assert.Contains("more than 100000 tensors", Refusal(Of(tensor, string.Concat(Enumerable.Repeat("h\u0002h\u0001R0", 200_000)))));

        // Each tuple holds the one before twice: 2^1,000 numbers to one who walks through it.
        var doubling = string.Concat(Enumerable.Repeat("2\u0086", 1_000));
        Assert.IsType<object?[]>(Read($"N{doubling}"));

        // A list that holds itself.
        Assert.IsType<List<object?>>(Read("]q\u0000h\u0000a"));
    }

    [Fact]
    public void Random_damage_ends_in_a_value_or_a_refusal()
    {
        var seed = Of(Dictionary(
            Text("network_weights"), Call("collections", "OrderedDict") + $"({Text("a")}{Tensor(Block("FloatStorage", "0", 6), 0, [2, 3], [3, 1])}u{Dictionary(Text("_metadata"), "}")}b",
            Text("best"), Call("numpy.core.multiarray", "scalar", Call("numpy", "dtype", Text("f8"), "\u0089", "\u0088"), "C\u00080123456\u0007"),
            Text("axes"), "K\u0000K\u0001K\u0002\u0087q\u0001", Text("plans"), "](h\u0001\u008a\u0001\u0005Netes"));
        var random = new Random(4);
        var (values, refusals) = (0, 0);
        for (var i = 0; i < 150_000; i++)
        {
            try
            {
                RestrictedUnpickler.Read(Damaged(seed, random));
                values++;
            }
            catch (Exception exception) when (exception is InvalidDataException or OverflowException)
            {
                refusals++;
            }
        }

        Assert.True(values > 200 && refusals > 10_000, $"{values} values, {refusals} refusals");
    }

    /// <summary>A few bytes changed, cut out or put in.</summary>
    private static byte[] Damaged(byte[] bytes, Random random)
    {
        List<byte> damaged = [.. bytes];
        for (var left = 1 + random.Next(2); left > 0; left--)
        {
            var at = random.Next(damaged.Count);
            switch (random.Next(4))
            {
                case 0:
                    damaged.RemoveRange(at, Math.Min(random.Next(8), damaged.Count - at - 1));
                    break;
                case 1:
                    damaged.InsertRange(at, bytes.Skip(random.Next(bytes.Length)).Take(random.Next(12)));
                    break;
                default:
                    damaged[at] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)opcodes[random.Next(opcodes.Length)];
                    break;
            }
        }

        return [.. damaged];
    }

    private static object? Read(params string[] instructions) => RestrictedUnpickler.Read(Of(instructions)).Value;

    private static string Refusal(byte[] pickle) => Assert.Throws<InvalidDataException>(() => RestrictedUnpickler.Read(pickle)).Message;
}
