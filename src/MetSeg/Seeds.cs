using System.Security.Cryptography;
using System.Text;

namespace MetSeg;

/// <summary>
/// Derives independent generators from one seed and a path of names and numbers ("patches", epoch, step). A draw depends on its place
/// alone, not on what was drawn before it: so work that is resumed, reordered or done in parallel draws the same numbers.
/// </summary>
public static class Seeds
{
    /// <summary>A 63-bit seed that depends on <paramref name="seed"/> and every part of the path; equal on every machine.</summary>
    public static long Derive(long seed, params object[] path)
    {
        var text = string.Join('/', path.Select(part => Convert.ToString(part, System.Globalization.CultureInfo.InvariantCulture)));
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}/{text}"));
        return BitConverter.ToInt64(hash) & long.MaxValue;
    }

    /// <summary>A generator of its own for this place in the work.</summary>
    public static Random Generator(long seed, params object[] path) => new((int)(Derive(seed, path) & int.MaxValue));
}
