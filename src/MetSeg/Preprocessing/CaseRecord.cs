using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.Preprocessing;

/// <summary>
/// CASE.json of a preprocessed case. It is written after the case's volumes, so it stands for the whole case; it holds no file path.
/// </summary>
/// <param name="Id">The case.</param>
/// <param name="Institution">The hospital it comes from.</param>
/// <param name="Patient">The patient's pseudonym.</param>
/// <param name="HasLabel">Whether there is a label map.</param>
/// <param name="Plans">Digest of the plans.</param>
/// <param name="Source">Digest of what the case was made from: see <see cref="SourceOf"/>.</param>
/// <param name="Original">Grid of the scan's file.</param>
/// <param name="Reoriented">Grid of the same voxels with axes in the plans' order.</param>
/// <param name="Crop">First voxel (x, y, z) and number of voxels (x, y, z) of the block that was kept.</param>
/// <param name="Preprocessed">Grid of the volumes.</param>
/// <param name="ForegroundLocations">Flat indices of voxels of each class.</param>
internal sealed record CaseRecord(
    string Id,
    string Institution,
    string Patient,
    bool HasLabel,
    string Plans,
    string Source,
    GridRecord Original,
    GridRecord Reoriented,
    int[] Crop,
    GridRecord Preprocessed,
    IReadOnlyDictionary<int, int[]> ForegroundLocations)
{
    /// <summary>As our other files, but on one line: the foreground locations are many.</summary>
    private static readonly JsonSerializerOptions Compact = new(JsonFile.OwnStyle) { WriteIndented = false };

    /// <summary>The record of a case that has been preprocessed.</summary>
    public static CaseRecord Of(Case source, PreprocessedCase result, string plansDigest) => new(
        source.Id, source.Institution, source.Patient, result.Label is not null, plansDigest, SourceOf(source),
        GridRecord.Of(result.Geometry.Original), GridRecord.Of(result.Geometry.Reoriented),
        [result.Geometry.Crop.X, result.Geometry.Crop.Y, result.Geometry.Crop.Z, .. result.Geometry.Crop.Size.ToArray()],
        GridRecord.Of(result.Geometry.Preprocessed), result.ForegroundLocations);

    /// <summary>A digest that changes when a file of the case is replaced or the case moves to another patient or institution.</summary>
    public static string SourceOf(Case one)
    {
        var files = one.ImagePaths.Append(one.LabelPath).Select(path => path is null ? "none" : Stamp(new FileInfo(path)));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', [one.Id, one.Institution, one.Patient, .. files]))));
    }

    public static CaseRecord Read(string path) => JsonFile.Read<CaseRecord>(path, Compact);

    public void Write(string path) => JsonFile.Write(path, this, Compact);

    public CaseGeometry Geometry() => new(
        Original.ToGrid(), Reoriented.ToGrid(), new CropBox(Crop[0], Crop[1], Crop[2], new Size(Crop[3], Crop[4], Crop[5])), Preprocessed.ToGrid());

    private static string Stamp(FileInfo file) => file.Exists ? $"{file.Length} {file.LastWriteTimeUtc.Ticks}" : "missing";
}

/// <summary>A grid in a JSON file.</summary>
/// <param name="Size">Number of voxels along x, y, z.</param>
/// <param name="ToWorld">Upper three rows of the voxel-to-world map, mm, RAS+.</param>
internal sealed record GridRecord(int[] Size, double[] ToWorld)
{
    public static GridRecord Of(Grid grid) => new(grid.Size.ToArray(), grid.ToWorld.ToArray());

    public Grid ToGrid() => new(new Size(Size[0], Size[1], Size[2]), new Affine(ToWorld));
}
