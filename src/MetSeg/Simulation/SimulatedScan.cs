using MetSeg.Imaging;

namespace MetSeg.Simulation;

/// <summary>A simulated examination with its reference segmentation.</summary>
/// <param name="Images">One image per sequence asked for: whole numbers from 0, all on one grid.</param>
/// <param name="Label">The reference, on the images' grid.</param>
/// <param name="Metastases">The metastases, at least as large as a voxel each.</param>
public sealed record SimulatedScan(IReadOnlyList<Volume> Images, LabelMap Label, IReadOnlyList<Lesion> Metastases)
{
    /// <summary>The first image; by default the contrast-enhanced T1.</summary>
    public Volume Image => Images[0];

    /// <summary>What a second reader would have drawn, where asked for; else null.</summary>
    public LabelMap? SecondReading { get; init; }

    /// <summary>Simulates one visit of one patient. The same arguments give the same voxels.</summary>
    /// <param name="institution">Number and sizes of the metastases, and the scanner.</param>
    /// <param name="patient">Number of the patient, from 1.</param>
    /// <param name="visit">1, or 2 for the second visit: the same head, changed metastases, new position and session.</param>
    /// <param name="options">Size, seed, sequences and all else.</param>
    /// <remarks>
    /// A metastasis smaller than a voxel is drawn as large as one, in image and reference alike, rather than left out: so number and share of
    /// small ones stay what they are at every size.
    /// </remarks>
    public static SimulatedScan Create(Institution institution, int patient, int visit, SimulationOptions options)
    {
        Random Generator(string what, int of) => Seeds.Generator(options.Seed, institution.Name, patient, what, of);
        var anatomy = Anatomy.Draw(Generator("anatomy", 1), institution.Patients);
        var lesions = Lesions.Draw(anatomy, institution.Lesions, LesionSizes.Of(institution, patient, options.Seed), Generator("lesions", 1));
        for (var later = 2; later <= visit; later++)
        {
            lesions = Lesions.FollowUp(lesions, anatomy, institution, Generator("lesions", later));
        }

        var grid = ScanGrids.Of(institution.Scanner, options);
        var smallest = grid.Spacing.VoxelMm3;
        var visible = lesions.Take(byte.MaxValue).Select(lesion => lesion with { VolumeMm3 = Math.Max(lesion.VolumeMm3, smallest) }).ToList();
        var pose = Pose.Draw(Generator("pose", visit)) with { Distortion = options.Artifacts ? Generator("distortion", visit).Between(0, 0.02) : 0 };
        var phantom = Phantom.Render(anatomy, visible, pose, ScanGrids.Fine(grid, options));
        var session = Session.Draw(institution.Scanner, institution.Patients, Generator("session", visit));
        var images = options.Sequences.Select((weighting, i) =>
            Prepare(new Scan(session, weighting) { KeepSkull = options.KeepSkull }, i, options, Generator($"image {weighting}", visit))
                .Acquire(phantom, grid, Seeds.Derive(options.Seed, institution.Name, patient, "noise", weighting, visit)));
        var label = Reference.Draw(phantom, grid, options.Labels);
        var second = options.SecondReader ? SecondReader.Read(label, phantom, Generator("second reader", visit)) : null;
        var axes = options.Grid == ScanGrid.Native ? institution.Scanner.Orientation : options.Grid == ScanGrid.Brats ? "LPS" : Orientation.Ras;
        return new SimulatedScan([.. images.Select(image => Orientation.To(image, axes))], Orientation.To(label, axes), visible)
        {
            SecondReading = second is null ? null : Orientation.To(second, axes),
        };
    }

    /// <summary>Every image but the first is a little out of place, by a normal shift with a standard deviation of 0.3 mm along x and y.</summary>
    private static Scan Prepare(Scan scan, int place, SimulationOptions options, Random random) => scan with
    {
        ShiftMm = place == 0 ? (0, 0) : (0.3 * random.Normal(), 0.3 * random.Normal()),
        Ghosting = options.Artifacts ? random.Between(0, 0.08) : 0,
    };
}
