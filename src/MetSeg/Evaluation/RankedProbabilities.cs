namespace MetSeg.Evaluation;

/// <summary>Probabilities in ascending order with their truth: a radix sort of keys that hold both.</summary>
internal static class RankedProbabilities
{
    private const int DigitBits = 11;
    private const int KeyBits = 32;

    /// <summary>The distinct probabilities, ascending, each with its number of background and of foreground voxels.</summary>
    /// <exception cref="MetSegException">A probability is not from 0 to 1.</exception>
    public static IEnumerable<(float Value, long Background, long Foreground)> Groups(ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> truth) =>
        Groups(Sort(Keys(probabilities, truth)));

    /// <summary>
    /// The bits of each probability, which order as the values do where none is negative, and behind them whether it is foreground. As the
    /// bits of 1 need only 30 places, nothing is lost.
    /// </summary>
    private static uint[] Keys(ReadOnlySpan<float> probabilities, ReadOnlySpan<byte> truth)
    {
        var keys = new uint[probabilities.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            if (!(probabilities[i] is >= 0 and <= 1))
            {
                throw new MetSegException($"A probability map holds {probabilities[i]}, but probabilities are from 0 to 1; give the foreground's probabilities, not logits.");
            }

            keys[i] = (BitConverter.SingleToUInt32Bits(MathF.Abs(probabilities[i])) << 1) | (truth[i] != 0 ? 1u : 0);
        }

        return keys;
    }

    private static uint[] Sort(uint[] keys)
    {
        var other = new uint[keys.Length];
        var places = new int[1 << DigitBits];
        for (var shift = 0; shift < KeyBits; shift += DigitBits)
        {
            Array.Clear(places);
            foreach (var key in keys)
            {
                places[(key >> shift) & (places.Length - 1)]++;
            }

            for (int digit = 0, place = 0; digit < places.Length; digit++)
            {
                (places[digit], place) = (place, place + places[digit]);
            }

            foreach (var key in keys)
            {
                other[places[(key >> shift) & (places.Length - 1)]++] = key;
            }

            (keys, other) = (other, keys);
        }

        return keys;
    }

    private static IEnumerable<(float Value, long Background, long Foreground)> Groups(uint[] sorted)
    {
        for (int start = 0, end; start < sorted.Length; start = end)
        {
            var (bits, foreground) = (sorted[start] >> 1, 0L);
            for (end = start; end < sorted.Length && sorted[end] >> 1 == bits; end++)
            {
                foreground += sorted[end] & 1;
            }

            yield return (BitConverter.UInt32BitsToSingle(bits), end - start - foreground, foreground);
        }
    }
}
