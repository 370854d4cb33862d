using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>Pairs of one lesion of the reference and one predicted component, none in two pairs, by intersection over union (IoU).</summary>
internal static class OneToOneMatching
{
    /// <summary>A pair that may be chosen.</summary>
    /// <param name="Reference">Id of the lesion.</param>
    /// <param name="Prediction">Id of the component.</param>
    /// <param name="Iou">Voxels of both over voxels of either.</param>
    public readonly record struct Pair(int Reference, int Prediction, double Iou);

    /// <summary>All pairs that overlap by at least an IoU, by ascending ids.</summary>
    public static List<Pair> Candidates(Components reference, Components prediction, ComponentOverlaps overlaps, double minIou)
    {
        var pairs = new List<Pair>();
        foreach (var lesion in reference.Items)
        {
            foreach (var (id, voxels) in overlaps.With(lesion.Id))
            {
                var iou = voxels / (double)(lesion.Voxels + prediction.Items[id - 1].Voxels - voxels);
                if (iou >= minIou)
                {
                    pairs.Add(new Pair(lesion.Id, id, iou));
                }
            }
        }

        return pairs;
    }

    /// <summary>Takes the pair of highest IoU, then the next that is still free, and so on; among equals the lower ids first.</summary>
    public static IReadOnlyList<Pair> Greedy(IEnumerable<Pair> candidates)
    {
        var (lesions, components) = (new HashSet<int>(), new HashSet<int>());
        var chosen = new List<Pair>();
        foreach (var pair in candidates.OrderByDescending(pair => pair.Iou))
        {
            if (!lesions.Contains(pair.Reference) && !components.Contains(pair.Prediction))
            {
                lesions.Add(pair.Reference);
                components.Add(pair.Prediction);
                chosen.Add(pair);
            }
        }

        return chosen;
    }

    /// <summary>The pairs whose IoUs sum to the most, by shortest augmenting paths with potentials.</summary>
    /// <remarks>
    /// Kuhn 1955, Munkres 1957 (the Hungarian method), in the form with potentials and one Dijkstra search per lesion (Jonker and Volgenant
    /// 1987). Every lesion has a component of its own that stands for "none" at no gain, so that nobody is forced into a pair.
    /// </remarks>
    public static IReadOnlyList<Pair> Hungarian(IReadOnlyList<Pair> candidates)
    {
        int[] lesions = [.. candidates.Select(pair => pair.Reference).Distinct()];
        int[] components = [.. candidates.Select(pair => pair.Prediction).Distinct()];
        var (rows, columns) = (lesions.Length, components.Length + lesions.Length);
        var cost = new double[rows, columns];
        foreach (var pair in candidates)
        {
            cost[Array.IndexOf(lesions, pair.Reference), Array.IndexOf(components, pair.Prediction)] = -pair.Iou;
        }

        var rowOf = Assign(cost, rows, columns);
        return [.. candidates.Where(pair => rowOf[Array.IndexOf(components, pair.Prediction)] == Array.IndexOf(lesions, pair.Reference))];
    }

    /// <summary>The row that each column is given, −1 for none, at least total cost; every row gets a column.</summary>
    private static int[] Assign(double[,] cost, int rows, int columns)
    {
        var rowOf = new int[columns + 1];
        Array.Fill(rowOf, -1);
        var (potentialOfRow, potentialOfColumn) = (new double[rows], new double[columns + 1]);
        for (var row = 0; row < rows; row++)
        {
            Augment(cost, row, rowOf, (potentialOfRow, potentialOfColumn));
        }

        return rowOf[..columns];
    }

    private static void Augment(double[,] cost, int start, int[] rowOf, (double[] Row, double[] Column) potentials)
    {
        var root = rowOf.Length - 1;
        var least = new double[root];
        var cameFrom = new int[root];
        var done = new bool[rowOf.Length];
        Array.Fill(least, double.PositiveInfinity);
        rowOf[root] = start;
        var column = root;
        while (rowOf[column] >= 0)
        {
            done[column] = true;
            var row = rowOf[column];
            var (next, step) = (-1, double.PositiveInfinity);
            for (var other = 0; other < root; other++)
            {
                if (done[other])
                {
                    continue;
                }

                var reduced = cost[row, other] - potentials.Row[row] - potentials.Column[other];
                (least[other], cameFrom[other]) = reduced < least[other] ? (reduced, column) : (least[other], cameFrom[other]);
                (next, step) = least[other] < step ? (other, least[other]) : (next, step);
            }

            Shift(rowOf, done, least, step, potentials);
            column = next;
        }

        for (; column != root; column = cameFrom[column])
        {
            rowOf[column] = rowOf[cameFrom[column]];
        }

        rowOf[root] = -1;
    }

    private static void Shift(int[] rowOf, bool[] done, double[] least, double step, (double[] Row, double[] Column) potentials)
    {
        for (var column = 0; column < rowOf.Length; column++)
        {
            if (done[column])
            {
                potentials.Row[rowOf[column]] += step;
                potentials.Column[column] -= step;
            }
            else if (column < least.Length)
            {
                least[column] -= step;
            }
        }
    }
}
