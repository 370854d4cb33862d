namespace MetSeg.Learning.Patches;

/// <summary>
/// Rotation and scaling of a patch about its center. A patch is cut out of its case already turned: nothing larger is copied, and its corners
/// hold the image where nnU-Net's would hold 0.
/// </summary>
/// <param name="AngleZ">Rotation about z (in the plane of y and x), in radians.</param>
/// <param name="AngleY">Rotation about y.</param>
/// <param name="AngleX">Rotation about x.</param>
/// <param name="ScaleZ">Factor on distances along z: above 1 objects become smaller.</param>
/// <param name="Scale">The same along y and x.</param>
public sealed record SpatialTransform(double AngleZ, double AngleY, double AngleX, double ScaleZ, double Scale)
{
    /// <summary>Cuts a patch out of a case: the image linearly, 0 outside; of labels the one with the largest share.</summary>
    /// <param name="source">The case.</param>
    /// <param name="center">The patch's center (z, y, x) in voxels of the case.</param>
    /// <param name="patch">The patch's size along z, y, x.</param>
    public PatchArrays Cut(TrainingCase source, double[] center, IReadOnlyList<int> patch)
    {
        var (depth, height, width) = (patch[0], patch[1], patch[2]);
        var result = PatchArrays.Outside(source, patch);
        var matrix = Matrix();
        var channels = source.Channels.Select(channel => channel.Voxels.AsMemory()).ToArray();
        for (var (z, target) = (0, 0); z < depth; z++)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++, target++)
                {
                    var (oz, oy, ox) = (z - ((depth - 1) / 2.0), y - ((height - 1) / 2.0), x - ((width - 1) / 2.0));
                    var corner = Cell.At(
                        center[0] + (matrix[0] * oz) + (matrix[1] * oy) + (matrix[2] * ox),
                        center[1] + (matrix[3] * oz) + (matrix[4] * oy) + (matrix[5] * ox),
                        center[2] + (matrix[6] * oz) + (matrix[7] * oy) + (matrix[8] * ox));
                    Read(source, channels, corner, (result, target));
                }
            }
        }

        return result;
    }

    private static void Read(TrainingCase source, ReadOnlyMemory<float>[] channels, Cell cell, (PatchArrays Patch, int Target) result)
    {
        var (patch, target) = result;
        var size = source.Label.Grid.Size;
        Span<int> places = stackalloc int[8];
        Span<float> weights = stackalloc float[8];
        var count = cell.Corners(size, places, weights);
        places = places[..count];
        weights = weights[..count];
        for (var c = 0; c < channels.Length; c++)
        {
            var voxels = channels[c].Span;
            var sum = 0f;
            for (var i = 0; i < places.Length; i++)
            {
                sum += weights[i] * voxels[places[i]];
            }

            patch.Image[(c * patch.Label.Length) + target] = sum;
        }

        patch.Label[target] = LargestShare(source.Label.Labels.AsSpan(), places, weights, source.Beyond);
        if (source.Previous is not null)
        {
            patch.Previous![target] = LargestShare(source.Previous.Labels.AsSpan(), places, weights, 0);
        }
    }

    /// <summary>The label with the largest share; the lowest of equal ones. What lies outside has the label <paramref name="beyond"/>.</summary>
    private static byte LargestShare(ReadOnlySpan<byte> labels, ReadOnlySpan<int> places, ReadOnlySpan<float> weights, byte beyond)
    {
        var outside = 1f;
        foreach (var weight in weights)
        {
            outside -= weight;
        }

        var (best, bestShare) = (beyond, outside);
        for (var i = 0; i < places.Length; i++)
        {
            var label = labels[places[i]];
            var share = label == beyond ? outside : 0;
            for (var j = 0; j < places.Length; j++)
            {
                share += labels[places[j]] == label ? weights[j] : 0;
            }

            if (share > bestShare || (share == bestShare && label < best))
            {
                (best, bestShare) = (label, share);
            }
        }

        return best;
    }

    /// <summary>Rows z, y, x of the map from a patch's offsets to the case's: scaling after rotation about x, y, then z.</summary>
    private double[] Matrix()
    {
        var (cz, sz) = (Math.Cos(AngleZ), Math.Sin(AngleZ));
        var (cy, sy) = (Math.Cos(AngleY), Math.Sin(AngleY));
        var (cx, sx) = (Math.Cos(AngleX), Math.Sin(AngleX));

        // In the order z, y, x: about x turns (z, y), about y turns (z, x), about z turns (y, x).
        double[] aboutX = [cx, -sx, 0, sx, cx, 0, 0, 0, 1];
        double[] aboutY = [cy, 0, sy, 0, 1, 0, -sy, 0, cy];
        double[] aboutZ = [1, 0, 0, 0, cz, -sz, 0, sz, cz];
        var rotation = Product(aboutZ, Product(aboutY, aboutX));
        double[] scales = [ScaleZ, Scale, Scale];
        return [.. rotation.Select((value, i) => value * scales[i / 3])];
    }

    private static double[] Product(double[] a, double[] b) =>
        [.. Enumerable.Range(0, 9).Select(i => Enumerable.Range(0, 3).Sum(k => a[(3 * (i / 3)) + k] * b[(3 * k) + (i % 3)]))];

    /// <summary>The cell of eight voxels around a place.</summary>
    private readonly record struct Cell(int Z, int Y, int X, float WeightZ, float WeightY, float WeightX)
    {
        public static Cell At(double z, double y, double x)
        {
            var (k, j, i) = (Math.Floor(z), Math.Floor(y), Math.Floor(x));
            return new Cell((int)k, (int)j, (int)i, (float)(z - k), (float)(y - j), (float)(x - i));
        }

        /// <summary>Places and weights of those corners that lie inside and weigh anything.</summary>
        public int Corners(Size size, Span<int> places, Span<float> weights)
        {
            var count = 0;
            for (var corner = 0; corner < 8; corner++)
            {
                var (dz, dy, dx) = (corner >> 2, (corner >> 1) & 1, corner & 1);
                var weight = (dz == 1 ? WeightZ : 1 - WeightZ) * (dy == 1 ? WeightY : 1 - WeightY) * (dx == 1 ? WeightX : 1 - WeightX);
                if (weight > 0 && size.Contains(X + dx, Y + dy, Z + dz))
                {
                    (places[count], weights[count]) = (size.Index(X + dx, Y + dy, Z + dz), weight);
                    count++;
                }
            }

            return count;
        }
    }
}
