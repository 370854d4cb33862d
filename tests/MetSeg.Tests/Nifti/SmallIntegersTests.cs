using System.Numerics;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

public class SmallIntegersTests
{
    [Fact]
    public void Every_small_integer_becomes_the_float_of_its_value()
    {
        AssertAll(byte.MinValue, byte.MaxValue, value => (byte)value);
        AssertAll(sbyte.MinValue, sbyte.MaxValue, value => (sbyte)value);
        AssertAll(short.MinValue, short.MaxValue, value => (short)value);
        AssertAll(ushort.MinValue, ushort.MaxValue, value => (ushort)value);
    }

    /// <summary>From the first value on, from the second on and so forth, so that each stands at every place of a vector.</summary>
    private static void AssertAll<T>(int least, int most, Func<int, T> integer)
        where T : unmanaged, INumberBase<T>
    {
        int[] values = [.. Enumerable.Range(least, most - least + 1)];
        foreach (var start in new[] { 0, 1, 7, 250 })
        {
            var floats = new float[values.Length - start];

            SmallIntegers.ToFloats<T>([.. values[start..].Select(integer)], floats);

            Assert.Equal(values[start..].Select(value => (float)value), floats);
        }
    }
}
