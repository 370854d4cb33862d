using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class DistanceTransformTests
{
    [Fact]
    public void One_voxel_gives_its_distance_in_millimeters()
    {
        var grid = Grid.Axial(new Size(5, 4, 3), new Spacing(0.5, 2, 3));
        var labels = new byte[grid.Size.Count];
        labels[grid.Size.Index(1, 1, 1)] = 7;

        var distances = DistanceTransform.ToForeground(new LabelMap(grid, labels));

        Assert.Equal(0, distances[1, 1, 1]);
        Assert.Equal(1.5f, distances[4, 1, 1]);
        Assert.Equal(5f, distances[1, 3, 2]);
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(0.5, 0.5, 3)]
    [InlineData(1.25, 0.7, 2.1)]
    public void Transform_and_nearest_points_agree_with_brute_force(double x, double y, double z)
    {
        var random = new Random(3);
        for (var trial = 0; trial < 20; trial++)
        {
            var size = new Size(random.Next(1, 24), random.Next(1, 14), random.Next(1, 14));
            var density = trial % 2 == 0 ? 0.005 : 0.2;
            var targets = Enumerable.Range(0, size.Count).Select(_ => (byte)(random.NextDouble() < density ? 1 : 0)).ToArray();
            targets[random.Next(targets.Length)] = 1;
            var expected = BruteForce(targets, size, new Spacing(x, y, z));
            var places = Enumerable.Range(0, size.Count).Where(_ => random.Next(3) == 0).ToArray();

            var map = DistanceTransform.ToForeground(new LabelMap(Grid.Axial(size, new Spacing(x, y, z)), targets));
            int[] points = [.. Enumerable.Range(0, size.Count).Where(i => targets[i] != 0)];
            var some = new NearestPoints(points, size, new Spacing(x, y, z)).DistancesFrom(places);

            Assert.All(expected.Zip(map.Voxels), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-5));
            Assert.All(places.Zip(some), pair => Assert.Equal(expected[pair.First], pair.Second, tolerance: 1e-12));
        }
    }

    [Fact]
    public void A_distance_to_nothing_is_refused()
    {
        var grid = Grid.Axial(new Size(3, 3, 3), new Spacing(1, 1, 1));

        Assert.Throws<ArgumentException>(() => DistanceTransform.ToForeground(new LabelMap(grid, new byte[27])));
        Assert.Throws<ArgumentException>(() => new NearestPoints([], grid.Size, grid.Spacing));
    }

    private static double[] BruteForce(byte[] targets, Size size, Spacing spacing)
    {
        var distances = new double[targets.Length];
        for (var a = 0; a < targets.Length; a++)
        {
            distances[a] = double.PositiveInfinity;
            for (var b = 0; b < targets.Length; b++)
            {
                if (targets[b] != 0)
                {
                    var dx = spacing.X * ((a % size.X) - (b % size.X));
                    var dy = spacing.Y * ((a / size.X % size.Y) - (b / size.X % size.Y));
                    var dz = spacing.Z * ((a / size.X / size.Y) - (b / size.X / size.Y));
                    distances[a] = Math.Min(distances[a], Math.Sqrt((dx * dx) + (dy * dy) + (dz * dz)));
                }
            }
        }

        return distances;
    }
}
