namespace MetSeg.Simulation;

/// <summary>The grids of images and of the phantoms that are drawn for them.</summary>
internal static class ScanGrids
{
    private const double CenterZ = 4;

    /// <summary>Field of view in mm along x, y and z. Its center is 4 mm above the origin of the head.</summary>
    private static readonly (double X, double Y, double Z) fieldOfViewMm = (168, 192, 156);

    /// <summary>The grid of an institution's images, before they are brought into its axis order.</summary>
    public static Grid Of(Scanner scanner, SimulationOptions options) => options.Grid switch
    {
        ScanGrid.Brats => Centered((240, 240, 155), new Spacing(1, 1, 1)),
        ScanGrid.Native => Centered((200, 230, 190), new Spacing(scanner.InPlaneMm, scanner.InPlaneMm, scanner.SliceMm)),
        _ => Common(options.Size, scanner.SliceMm),
    };

    /// <summary>192 mm / size within a slice; slices as thick as the institution's, where that is more.</summary>
    public static Grid Common(int size, double sliceMm)
    {
        var side = fieldOfViewMm.Y / size;
        return Centered(fieldOfViewMm, new Spacing(side, side, Math.Max(side, sliceMm)));
    }

    /// <summary>The grid on which a patient is drawn for an image.</summary>
    public static Grid Fine(Grid image, SimulationOptions options) => Fine(image, options switch
    {
        { Supersampling: > 0 } => image.Spacing.X / options.Supersampling,
        { Grid: ScanGrid.Common } => UsualSide(image),
        _ => image.Spacing.X / 2,
    });

    /// <summary>Half a voxel, but at least 1 mm (or the voxel, where that is smaller) and at most 2 mm.</summary>
    public static double UsualSide(Grid image) => Math.Clamp(image.Spacing.X / 2, Math.Min(image.Spacing.X, 1), 2);

    /// <summary>An isotropic grid of a voxel side with the same outer corner.</summary>
    public static Grid Fine(Grid image, double side)
    {
        var size = new Size(Count(image.Size.X, image.Spacing.X), Count(image.Size.Y, image.Spacing.Y), Count(image.Size.Z, image.Spacing.Z));
        var (x, y, z) = image.ToWorld.Apply(-0.5, -0.5, -0.5);
        return new Grid(size, Affine.Scaling(new Spacing(side, side, side), x + (side / 2), y + (side / 2), z + (side / 2)));

        int Count(int count, double spacing) => (int)Math.Ceiling((count * spacing / side) - 1e-6);
    }

    private static Grid Centered((double X, double Y, double Z) extent, Spacing spacing)
    {
        var size = new Size(
            (int)Math.Round(extent.X / spacing.X), (int)Math.Round(extent.Y / spacing.Y), (int)Math.Round(extent.Z / spacing.Z));
        return new Grid(size, Affine.Scaling(
            spacing, -spacing.X * (size.X - 1) / 2, -spacing.Y * (size.Y - 1) / 2, CenterZ - (spacing.Z * (size.Z - 1) / 2)));
    }
}
