namespace MetSeg.Tests.Preprocessing;

/// <summary>A made-up scan: a ball of tissue with a brighter lesion off its center, on a grid of any orientation.</summary>
internal sealed record Phantom(Volume Image, LabelMap Label)
{
    public static Phantom On(Grid grid, float background = 0, double lesionRadius = 4)
    {
        var (image, labels) = (new float[grid.Size.Count], new byte[grid.Size.Count]);
        var (centerX, centerY, centerZ) = grid.ToWorld.Apply((grid.Size.X - 1) / 2.0, (grid.Size.Y - 1) / 2.0, (grid.Size.Z - 1) / 2.0);
        for (var i = 0; i < image.Length; i++)
        {
            var (x, y, z) = grid.ToWorld.Apply(i % grid.Size.X, i / grid.Size.X % grid.Size.Y, i / (grid.Size.X * grid.Size.Y));
            (x, y, z) = (x - centerX, y - centerY, z - centerZ);
            labels[i] = Length(x - 2, y + 1, z - 1) <= lesionRadius ? (byte)1 : (byte)0;
            image[i] = Length(x, y, z) > 9 ? background : (float)(100 + x + (50 * labels[i]));
        }

        return new Phantom(new Volume(grid, image), new LabelMap(grid, labels));
    }

    /// <summary>A grid of 24×22×26 voxels of 1 mm (along its own axes) whose axes point as the code says, turned by an angle about z.</summary>
    public static Grid GridOf(string orientation, double degrees = 0)
    {
        var rows = new double[12];
        for (var axis = 0; axis < 3; axis++)
        {
            var world = "RL AP SI".Replace(" ", "").IndexOf(orientation[axis]) / 2;
            rows[(4 * world) + axis] = "RAS".Contains(orientation[axis]) ? 1 : -1;
        }

        var (sine, cosine) = Math.SinCos(degrees * Math.PI / 180);
        var turned = new Affine(cosine, -sine, 0, 30, sine, cosine, 0, -20, 0, 0, 1, 5).After(new Affine(rows));
        return new Grid(new Size(24, 22, 26), turned);
    }

    private static double Length(double x, double y, double z) => Math.Sqrt((x * x) + (y * y) + (z * z));
}
