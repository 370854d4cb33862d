namespace MetSeg.Simulation;

/// <summary>
/// Even numbers from 0 to 1 that cover the range: of each block of them one falls into each of as many equal parts, in random order. So the
/// mean and the quantiles of a cohort come close to those of its distribution, whatever the seed.
/// </summary>
/// <param name="seed">The cohort's seed.</param>
/// <param name="path">What is drawn.</param>
internal sealed class Strata(long seed, params string[] path)
{
    private const int Block = 100;
    private readonly Dictionary<int, double[]> blocks = [];

    /// <summary>The number at a place, 0 and up; in [0, 1).</summary>
    public double At(int index)
    {
        var block = index / Block;
        if (!blocks.TryGetValue(block, out var numbers))
        {
            var random = Seeds.Generator(seed, [.. path, "strata", block]);
            numbers = [.. Enumerable.Range(0, Block).Select(part => (part + random.NextDouble()) / Block)];
            random.Shuffle(numbers);
            blocks[block] = numbers;
        }

        return numbers[index % Block];
    }
}
