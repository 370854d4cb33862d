namespace MetSeg.Simulation;

/// <summary>A simulated image with its reference segmentation.</summary>
/// <param name="Image">Contrast-enhanced T1, whole numbers from 0.</param>
/// <param name="Label">1 in metastases (enhancing part and core), else 0; on the image's grid.</param>
/// <param name="Metastases">The metastases, at least as large as a voxel each.</param>
public sealed record SimulatedScan(Volume Image, LabelMap Label, IReadOnlyList<Lesion> Metastases)
{
    /// <summary>Field of view in mm along x, y and z. Its center is 4 mm above the origin of the head.</summary>
    internal static readonly (double X, double Y, double Z) FieldOfViewMm = (168, 192, 156);

    private const double CenterZ = 4;

    /// <summary>Simulates one visit of one patient. The same arguments give the same voxels.</summary>
    /// <param name="institution">Number and sizes of the metastases, and the scanner.</param>
    /// <param name="patient">Number of the patient.</param>
    /// <param name="visit">1, or 2 for the second visit: the same head, changed metastases, new position and session.</param>
    /// <param name="options">Size, seed and whether to keep the skull.</param>
    /// <remarks>
    /// A metastasis smaller than a voxel is drawn as large as one, in image and reference alike, rather than left out: so number and share of
    /// small ones stay what they are at every size.
    /// </remarks>
    public static SimulatedScan Create(Institution institution, int patient, int visit, SimulationOptions options)
    {
        Random Generator(string what, int of) => Seeds.Generator(options.Seed, institution.Name, patient, what, of);
        var anatomy = Anatomy.Draw(Generator("anatomy", 1));
        var lesions = Lesions.Draw(anatomy, institution, Generator("lesions", 1));
        for (var later = 2; later <= visit; later++)
        {
            lesions = Lesions.FollowUp(lesions, anatomy, institution, Generator("lesions", later));
        }

        var grid = ImageGrid(options.Size, institution.Scanner.SliceRatio);
        var smallest = grid.Spacing.VoxelMm3;
        var visible = lesions.Take(byte.MaxValue).Select(lesion => lesion with { VolumeMm3 = Math.Max(lesion.VolumeMm3, smallest) }).ToList();
        var phantom = Phantom.Render(anatomy, visible, Pose.Draw(Generator("pose", visit)), FineGrid(grid));
        var image = institution.Scanner.Prepare(Generator("session", visit)).Acquire(phantom, grid, options.KeepSkull, Generator("noise", visit));
        return new SimulatedScan(image, Scan.Label(phantom, grid), visible);
    }

    /// <summary>The grid of an image: RAS, the field of view at 192 mm / size within a slice, slices thicker by a ratio.</summary>
    internal static Grid ImageGrid(int size, double sliceRatio)
    {
        var side = FieldOfViewMm.Y / size;
        return Centered(new Spacing(side, side, side * sliceRatio), Math.Round);
    }

    /// <summary>
    /// The grid on which the patient is drawn, isotropic with the same outer corner: half the image's voxel, but at least 1 mm (or the voxel,
    /// where that is smaller) and at most 2 mm.
    /// </summary>
    internal static Grid FineGrid(Grid image)
    {
        var side = Math.Clamp(image.Spacing.X / 2, Math.Min(image.Spacing.X, 1), 2);
        var fine = Grid.Axial(
            new Size(Count(image.Size.X, image.Spacing.X), Count(image.Size.Y, image.Spacing.Y), Count(image.Size.Z, image.Spacing.Z)),
            new Spacing(side, side, side));
        var (x, y, z) = image.ToWorld.Apply(-0.5, -0.5, -0.5);
        return new Grid(fine.Size, Affine.Scaling(fine.Spacing, x + (side / 2), y + (side / 2), z + (side / 2)));

        int Count(int count, double spacing) => (int)Math.Ceiling((count * spacing / side) - 1e-6);
    }

    private static Grid Centered(Spacing spacing, Func<double, double> round)
    {
        var size = new Size(
            (int)round(FieldOfViewMm.X / spacing.X), (int)round(FieldOfViewMm.Y / spacing.Y), (int)round(FieldOfViewMm.Z / spacing.Z));
        return new Grid(size, Affine.Scaling(
            spacing, -spacing.X * (size.X - 1) / 2, -spacing.Y * (size.Y - 1) / 2, CenterZ - (spacing.Z * (size.Z - 1) / 2)));
    }
}
