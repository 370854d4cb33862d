namespace MetSeg.Datasets;

/// <summary>
/// The 32-bit Mersenne Twister MT19937 as numpy's RandomState uses it, for splits equal to nnU-Net's. For anything else take
/// <see cref="Seeds"/>.
/// </summary>
/// <remarks>Matsumoto and Nishimura, ACM Trans Model Comput Simul 1998;8(1):3-30; seeding by init_genrand (2002).</remarks>
internal sealed class MersenneTwister
{
    private const int Length = 624;
    private const int Middle = 397;
    private readonly uint[] state = new uint[Length];
    private int position = Length;

    public MersenneTwister(uint seed)
    {
        state[0] = seed;
        for (var i = 1; i < Length; i++)
        {
            state[i] = (1812433253u * (state[i - 1] ^ (state[i - 1] >> 30))) + (uint)i;
        }
    }

    /// <summary>The next 32 random bits.</summary>
    public uint Next()
    {
        if (position == Length)
        {
            Refill();
        }

        var bits = state[position++];
        bits ^= bits >> 11;
        bits ^= (bits << 7) & 0x9d2c5680u;
        bits ^= (bits << 15) & 0xefc60000u;
        return bits ^ (bits >> 18);
    }

    /// <summary>The numbers 0…count−1 in numpy's order of RandomState.shuffle: Fisher-Yates from the end, indices by masked rejection.</summary>
    public int[] Permutation(int count)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var i = count - 1; i > 0; i--)
        {
            var j = (int)UpTo((uint)i);
            (order[i], order[j]) = (order[j], order[i]);
        }

        return order;
    }

    private uint UpTo(uint largest)
    {
        var mask = uint.MaxValue >> System.Numerics.BitOperations.LeadingZeroCount(largest);
        uint draw;
        do
        {
            draw = Next() & mask;
        }
        while (draw > largest);
        return draw;
    }

    private void Refill()
    {
        for (var i = 0; i < Length; i++)
        {
            var bits = (state[i] & 0x80000000u) | (state[(i + 1) % Length] & 0x7fffffffu);
            state[i] = state[(i + Middle) % Length] ^ (bits >> 1) ^ ((bits & 1) * 0x9908b0dfu);
        }

        position = 0;
    }
}
