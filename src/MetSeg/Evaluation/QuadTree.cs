namespace MetSeg.Evaluation;

/// <summary>
/// Points in the plane in nested squares, each square with its points' center of mass: so a far group of points can stand for its members.
/// </summary>
/// <remarks>Barnes and Hut, Nature 1986;324:446; van der Maaten, JMLR 2014;15:3221, section 4.2.</remarks>
internal sealed class QuadTree
{
    private const int LeafPoints = 4;
    private const int MostLevels = 40;

    private readonly double[] points;
    private readonly int[] order;
    private readonly int[] placeOf;
    private readonly List<Cell> cells = [];

    /// <summary>Builds the tree.</summary>
    /// <param name="points">x and y of each point in turn; finite.</param>
    public QuadTree(double[] points)
    {
        this.points = points;
        order = [.. Enumerable.Range(0, points.Length / 2)];
        placeOf = new int[order.Length];
        var (lowX, lowY, highX, highY) = (double.MaxValue, double.MaxValue, double.MinValue, double.MinValue);
        foreach (var i in order)
        {
            (lowX, highX) = (Math.Min(lowX, points[2 * i]), Math.Max(highX, points[2 * i]));
            (lowY, highY) = (Math.Min(lowY, points[(2 * i) + 1]), Math.Max(highY, points[(2 * i) + 1]));
        }

        cells.Add(default);
        Divide(0, (0, order.Length), new Square(lowX, lowY, Math.Max(highX - lowX, highY - lowY)), level: 0);
        for (var place = 0; place < order.Length; place++)
        {
            placeOf[order[place]] = place;
        }
    }

    /// <summary>
    /// What all other points do to one by Student's kernel w = 1/(1 + d²): Σ w² · (difference to the point), and Σ w.
    /// </summary>
    /// <param name="point">Its number.</param>
    /// <param name="theta">A cell that is narrower than θ times its distance counts as one place; 0 for none.</param>
    public (double X, double Y, double Weight) Repulsion(int point, double theta)
    {
        var (x, y, weight) = (0.0, 0.0, 0.0);
        Span<int> open = stackalloc int[(4 * MostLevels) + 4];
        var count = 1;
        while (count > 0)
        {
            var cell = cells[open[--count]];
            var (dx, dy) = (points[2 * point] - cell.X, points[(2 * point) + 1] - cell.Y);
            var squared = (dx * dx) + (dy * dy);
            var holdsPoint = placeOf[point] >= cell.Start && placeOf[point] < cell.End;
            if (!holdsPoint && cell.Width * cell.Width < theta * theta * squared)
            {
                Add(dx, dy, cell.End - cell.Start);
            }
            else if (cell.Children == 0)
            {
                for (var place = cell.Start; place < cell.End; place++)
                {
                    if (order[place] != point)
                    {
                        Add(points[2 * point] - points[2 * order[place]], points[(2 * point) + 1] - points[(2 * order[place]) + 1], 1);
                    }
                }
            }
            else
            {
                for (var child = 0; child < cell.Children; child++)
                {
                    open[count++] = cell.FirstChild + child;
                }
            }
        }

        return (x, y, weight);

        void Add(double dx, double dy, int number)
        {
            var kernel = 1 / (1 + (dx * dx) + (dy * dy));
            weight += number * kernel;
            x += number * kernel * kernel * dx;
            y += number * kernel * kernel * dy;
        }
    }

    private void Divide(int cell, (int Start, int End) range, Square square, int level)
    {
        var (x, y) = (0.0, 0.0);
        for (var place = range.Start; place < range.End; place++)
        {
            (x, y) = (x + points[2 * order[place]], y + points[(2 * order[place]) + 1]);
        }

        var count = range.End - range.Start;
        var leaf = new Cell(x / count, y / count, square.Width, range.Start, range.End, 0, 0);
        if (count <= LeafPoints || level == MostLevels || square.Width == 0)
        {
            cells[cell] = leaf;
            return;
        }

        var parts = Partition(range, square).Where(part => part.End > part.Start).ToList();
        var firstChild = cells.Count;
        cells[cell] = leaf with { FirstChild = firstChild, Children = parts.Count };
        cells.AddRange(new Cell[parts.Count]);
        for (var child = 0; child < parts.Count; child++)
        {
            Divide(firstChild + child, (parts[child].Start, parts[child].End), square.Quarter(parts[child].Quadrant), level + 1);
        }
    }

    /// <summary>Brings the points of a range into the order of their quadrants.</summary>
    private List<(int Quadrant, int Start, int End)> Partition((int Start, int End) range, Square square)
    {
        var own = order.AsSpan(range.Start, range.End - range.Start).ToArray();
        var parts = new List<(int, int, int)>(4);
        var place = range.Start;
        for (var quadrant = 0; quadrant < 4; quadrant++)
        {
            var start = place;
            foreach (var point in own)
            {
                if (square.QuadrantOf(points[2 * point], points[(2 * point) + 1]) == quadrant)
                {
                    order[place++] = point;
                }
            }

            parts.Add((quadrant, start, place));
        }

        return parts;
    }

    private readonly record struct Square(double X, double Y, double Width)
    {
        public int QuadrantOf(double x, double y) => (x < X + (Width / 2) ? 0 : 1) + (y < Y + (Width / 2) ? 0 : 2);

        public Square Quarter(int quadrant) => new(X + (quadrant % 2 * Width / 2), Y + (quadrant / 2 * Width / 2), Width / 2);
    }

    private readonly record struct Cell(double X, double Y, double Width, int Start, int End, int FirstChild, int Children);
}
