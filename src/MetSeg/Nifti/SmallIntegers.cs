using System.Numerics;

namespace MetSeg.Nifti;

/// <summary>Turns 8- and 16-bit integers into floats, which hold them exactly, a vector at a time.</summary>
internal static class SmallIntegers
{
    /// <summary>Converts integers.</summary>
    /// <typeparam name="T">byte, sbyte, short or ushort.</typeparam>
    /// <param name="integers">The integers.</param>
    /// <param name="floats">Receives as many floats.</param>
    public static void ToFloats<T>(ReadOnlySpan<T> integers, Span<float> floats)
        where T : unmanaged, INumberBase<T>
    {
        var done = 0;
        for (; done <= integers.Length - Vector<T>.Count; done += Vector<T>.Count)
        {
            Store(new Vector<T>(integers[done..]), floats[done..]);
        }

        for (; done < integers.Length; done++)
        {
            floats[done] = float.CreateTruncating(integers[done]);
        }
    }

    private static void Store<T>(Vector<T> integers, Span<float> floats)
    {
        if (typeof(T) == typeof(byte))
        {
            var bytes = integers.As<T, byte>();
            Store(Vector.WidenLower(bytes).As<ushort, short>(), floats);
            Store(Vector.WidenUpper(bytes).As<ushort, short>(), floats[Vector<short>.Count..]);
        }
        else if (typeof(T) == typeof(sbyte))
        {
            var bytes = integers.As<T, sbyte>();
            Store(Vector.WidenLower(bytes), floats);
            Store(Vector.WidenUpper(bytes), floats[Vector<short>.Count..]);
        }
        else if (typeof(T) == typeof(ushort))
        {
            var shorts = integers.As<T, ushort>();
            Vector.ConvertToSingle(Vector.WidenLower(shorts).As<uint, int>()).CopyTo(floats);
            Vector.ConvertToSingle(Vector.WidenUpper(shorts).As<uint, int>()).CopyTo(floats[Vector<float>.Count..]);
        }
        else
        {
            var shorts = integers.As<T, short>();
            Vector.ConvertToSingle(Vector.WidenLower(shorts)).CopyTo(floats);
            Vector.ConvertToSingle(Vector.WidenUpper(shorts)).CopyTo(floats[Vector<float>.Count..]);
        }
    }
}
