namespace MetSeg.App;

/// <summary>Finds the name that a mistyped word was meant to be.</summary>
internal static class Spelling
{
    /// <summary>The name that begins with the word, else the one fewest edits away; null where all are too far (over a third of the word).</summary>
    public static string? Closest(string word, IEnumerable<string> names)
    {
        var all = names.Distinct(StringComparer.Ordinal).ToList();
        var bare = word.TrimStart('-');
        var beginning = bare.Length >= 2 ? all.Where(name => name.TrimStart('-').StartsWith(bare, StringComparison.OrdinalIgnoreCase)).ToList() : [];
        if (beginning.Count > 0)
        {
            return beginning.MinBy(name => name.Length);
        }

        var nearest = all.Where(name => name.TrimStart('-').Length > 1).MinBy(name => Edits(bare, name.TrimStart('-')));
        return nearest is not null && Edits(bare, nearest.TrimStart('-')) <= Math.Max(1, bare.Length / 3) ? nearest : null;
    }

    /// <summary>Number of letters to insert, remove, replace or swap with their neighbor (optimal string alignment distance).</summary>
    public static int Edits(string from, string to)
    {
        var distance = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            for (var j = 0; j <= to.Length; j++)
            {
                distance[i, j] = i == 0 || j == 0
                    ? i + j
                    : Math.Min(
                        Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1,
                        distance[i - 1, j - 1] + (from[i - 1] == to[j - 1] ? 0 : 1));
                if (i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1])
                {
                    distance[i, j] = Math.Min(distance[i, j], distance[i - 2, j - 2] + 1);
                }
            }
        }

        return distance[from.Length, to.Length];
    }
}
