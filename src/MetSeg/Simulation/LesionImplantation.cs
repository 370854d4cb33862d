using System.Numerics;
using MetSeg.Datasets;
using MetSeg.Files;
using MetSeg.Imaging;
using MetSeg.Nifti;

namespace MetSeg.Simulation;

/// <summary>
/// Puts simulated metastases into real contrast-enhanced T1 scans: brightness after the scan's own brain and vessels, blurred as by its voxels,
/// with its noise kept. Meant as augmentation: there are more small ones than any collection has.
/// </summary>
public static class LesionImplantation
{
    private const string RecordName = "implantation.json";
    private const double LargestMm3 = 4000;
    private const double EdgeBlurVoxels = 0.6;
    private const double MarginMm = 4;

    /// <summary>Implants into every scan of a folder and writes a data set in nnU-Net's raw layout whose labels are the implanted metastases.</summary>
    /// <param name="scanFolder">A folder of NIfTI files, one contrast-enhanced T1 each.</param>
    /// <param name="datasetFolder">Where the data set goes.</param>
    /// <param name="options">Seed, and the institution (the first) whose numbers and sizes are drawn.</param>
    /// <param name="progress">Told after every scan; may be null.</param>
    /// <param name="cancellation">Stops between scans.</param>
    /// <exception cref="MetSegException">The folder holds no scan, a scan has no brain to be found, or a file cannot be written.</exception>
    public static void ImplantAll(
        string scanFolder, string datasetFolder, SimulationOptions options, IProgress<Progress>? progress, CancellationToken cancellation)
    {
        OptionsException.ThrowIfAny("simulate", options.Problems());
        var institution = Institution.Named(options.Institutions[0]);
        var paths = Directory.EnumerateFiles(scanFolder).Where(path => path.EndsWith(".nii.gz", StringComparison.Ordinal) || path.EndsWith(".nii", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        if (paths.Count == 0)
        {
            throw new MetSegException($"'{scanFolder}' holds no .nii or .nii.gz file. Give a folder of contrast-enhanced T1 scans.");
        }

        FolderClaim.Take(datasetFolder, RecordName, new { Scans = paths.Select(Path.GetFileName), Institution = institution.Name, options.Seed });
        for (var i = 0; i < paths.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var id = Path.GetFileName(paths[i]).Replace(".nii.gz", "", StringComparison.Ordinal).Replace(".nii", "", StringComparison.Ordinal).Replace("_0000", "", StringComparison.Ordinal);
            var (image, label) = Implant(NiftiReader.ReadVolume(paths[i]), institution, i + 1, options.Seed);
            NiftiWriter.Write(NnUNetLayout.LabelPath(datasetFolder, id), label);
            NiftiWriter.Write(NnUNetLayout.ImagePath(datasetFolder, id), image);
            progress?.Report(new Progress("implant", i + 1, paths.Count, id));
        }

        NnUNetLayout.WriteDatasetJson(datasetFolder, ["T1CE"], Reference.Names(ReferenceLabels.Merged), paths.Count);
    }

    /// <summary>Implants one patient's metastases into a scan.</summary>
    /// <param name="scan">Contrast-enhanced T1, with or without skull.</param>
    /// <param name="institution">Whose numbers and sizes are drawn; none is larger than 4 cm³.</param>
    /// <param name="number">Number of the scan, from 1: each gets other metastases.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The scan with metastases, and 1 where they are.</returns>
    /// <exception cref="MetSegException">No brain is found.</exception>
    public static (Volume Image, LabelMap Label) Implant(Volume scan, Institution institution, int number, long seed)
    {
        var random = Seeds.Generator(seed, "implant", number);
        var mask = BrainMask.Find(scan);
        var levels = Percentiles.Compute(scan, mask, 25, 50, 75, 99.7);
        var places = Places(scan, mask, levels);
        var (voxels, label) = (scan.Voxels.ToArray(), new byte[scan.Voxels.Length]);
        foreach (var volume in LesionSizes.Of(institution, number, seed).Select(v => Math.Clamp(v, 1.5 * scan.Grid.Spacing.VoxelMm3, LargestMm3)).OrderDescending())
        {
            var lesion = Lesions.Shape(volume, institution.Lesions, random);
            for (var attempt = 0; attempt < 200 && places.Count > 0; attempt++)
            {
                var (x, y, z) = World(scan.Grid, places[random.Next(places.Count)]);
                var placed = lesion with { Center = new Vector3(x, y, z) };
                if (!Touches(placed, label, mask, scan.Grid))
                {
                    Paint(placed, voxels, label, scan.Grid, levels);
                    break;
                }
            }
        }

        return (new Volume(scan.Grid, voxels), new LabelMap(scan.Grid, label));
    }

    /// <summary>Voxels as bright as ordinary brain, away from the mask's border: no fluid, no vessel, no lesion.</summary>
    private static List<int> Places(Volume scan, LabelMap mask, double[] levels)
    {
        var toOutside = DistanceTransform.ToForeground(mask.Map(value => (byte)(value == 0 ? 1 : 0))).Voxels;
        return [.. Enumerable.Range(0, scan.Voxels.Length)
            .Where(i => toOutside[i] > MarginMm && scan.Voxels[i] >= levels[0] && scan.Voxels[i] <= levels[2])];
    }

    /// <summary>Whether a place is taken or reaches out of the brain.</summary>
    private static bool Touches(Lesion lesion, byte[] label, LabelMap mask, Grid grid)
    {
        var touches = false;
        ForEachNear(lesion, grid, (index, depth) => touches |= depth > -2 && (label[index] != 0 || mask.Labels[index] == 0));
        return touches;
    }

    /// <summary>
    /// Enhancing tissue lies between brain and the brightest vessels, a core below brain, edema a little below; the scan's own deviation from
    /// its median stays at a third, as noise. Borders are as wide as the voxel's point spread.
    /// </summary>
    private static void Paint(Lesion lesion, float[] voxels, byte[] label, Grid grid, double[] levels)
    {
        var width = EdgeBlurVoxels * Math.Cbrt(grid.Spacing.VoxelMm3);
        var (brain, spread) = (levels[1], levels[3] - levels[1]);
        var rim = brain + (0.75 * lesion.Uptake * spread);
        var core = lesion.Core == Tissue.Hemorrhage ? brain + (0.4 * spread) : brain - (0.6 * (levels[2] - levels[0])) - (0.15 * brain);
        var (best, bestDepth) = (-1, double.NegativeInfinity);
        ForEachNear(lesion, grid, (index, depth) =>
        {
            var share = Share(depth, width);
            var inCore = double.IsFinite(lesion.RimMm) ? Share(depth - lesion.RimMm, width) : 0;
            var noise = (voxels[index] - brain) / 3;
            var edema = lesion.EdemaMm > 0 && voxels[index] > levels[0] ? 0.12 * brain * Share(depth + (lesion.EdemaMm / 2), 2 * width) : 0;
            voxels[index] = (float)(((1 - share) * (voxels[index] - edema)) + (share * (rim + (inCore * (core - rim)) + noise)));
            label[index] = depth > 0 ? (byte)1 : label[index];
            (best, bestDepth) = depth > bestDepth ? (index, depth) : (best, bestDepth);
        });
        if (best >= 0)
        {
            label[best] = 1;
        }
    }

    /// <summary>Share of a voxel that a border at a depth leaves inside, by a logistic curve of about that width.</summary>
    private static double Share(double depth, double width) => 1 / (1 + Math.Exp(-1.7 * depth / width));

    private static void ForEachNear(Lesion lesion, Grid grid, Action<int, double> visit)
    {
        var (size, toVoxel) = (grid.Size, grid.ToWorld.Inverse());
        var reach = lesion.ReachMm + 3;
        var (cx, cy, cz) = toVoxel.Apply(lesion.Center.X, lesion.Center.Y, lesion.Center.Z);
        var (rx, ry, rz) = (reach / grid.Spacing.X, reach / grid.Spacing.Y, reach / grid.Spacing.Z);
        for (var z = Math.Max((int)(cz - rz), 0); z <= Math.Min((int)(cz + rz + 1), size.Z - 1); z++)
        {
            for (var y = Math.Max((int)(cy - ry), 0); y <= Math.Min((int)(cy + ry + 1), size.Y - 1); y++)
            {
                for (var x = Math.Max((int)(cx - rx), 0); x <= Math.Min((int)(cx + rx + 1), size.X - 1); x++)
                {
                    var (wx, wy, wz) = grid.ToWorld.Apply(x, y, z);
                    visit(size.Index(x, y, z), lesion.Depth(new Vector3((float)wx, (float)wy, (float)wz)));
                }
            }
        }
    }

    private static (float X, float Y, float Z) World(Grid grid, int index)
    {
        var (x, y, z) = grid.ToWorld.Apply(index % grid.Size.X, index / grid.Size.X % grid.Size.Y, index / (grid.Size.X * grid.Size.Y));
        return ((float)x, (float)y, (float)z);
    }
}
