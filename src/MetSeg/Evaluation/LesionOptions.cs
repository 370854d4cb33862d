namespace MetSeg.Evaluation;

/// <summary>When a lesion of the reference counts as found.</summary>
public enum LesionCriterion
{
    /// <summary>Any predicted voxel lies in it; a component is false if it touches no reference voxel (papers P1, P2, P3).</summary>
    AnyOverlap,

    /// <summary>Pairs of one lesion and one component with an IoU of at least the options', so chosen that the sum of IoUs is largest.</summary>
    Hungarian,

    /// <summary>The same pairs, chosen by falling IoU (panoptica's default matching).</summary>
    Greedy,

    /// <summary>The BraTS challenges': lesions near each other are one, and a component that lies beside a lesion finds it.</summary>
    Brats,
}

/// <summary>Against what the contour of a lesion that was found is compared.</summary>
public enum LesionContour
{
    /// <summary>The union of the components that found it.</summary>
    Union,

    /// <summary>That one of them that overlaps most; the one that comes first among equals.</summary>
    LargestOverlap,
}

/// <summary>What a lesion is and when it counts as found.</summary>
public sealed record LesionOptions
{
    /// <summary>Neighbors through which voxels join to a lesion: 6, 18 or 26. The default is 26.</summary>
    public int Connectivity { get; init; } = 26;

    /// <summary>When a lesion counts as found. The default is any overlap.</summary>
    public LesionCriterion Criterion { get; init; } = LesionCriterion.AnyOverlap;

    /// <summary>Smallest intersection over union of a pair for the one-to-one criteria. The default is 0.5; at 0 any overlap will do.</summary>
    public double MinIou { get; init; } = 0.5;

    /// <summary>The challenge of the criterion <see cref="LesionCriterion.Brats"/>. The default is met.</summary>
    public string Challenge { get; init; } = "met";

    /// <summary>
    /// Lesions of the reference below this volume in mm³ neither count nor make what touches them false. The default is 0. The criterion
    /// <see cref="LesionCriterion.Brats"/> has its own.
    /// </summary>
    public double MinReferenceMm3 { get; init; }

    /// <summary>Predicted components below this volume in mm³ are passed over in everything that concerns lesions. The default is 0.</summary>
    public double MinPredictionMm3 { get; init; }

    /// <summary>Against what the contour of a lesion is compared. The default is the union.</summary>
    public LesionContour Contour { get; init; } = LesionContour.Union;

    /// <summary>The BraTS challenges' lesion-wise scores that are given beside; null for none. The default is met.</summary>
    public string? BratsBeside { get; init; } = "met";

    /// <summary>Voxels of background that the criterion needs around both masks, where the grid has them.</summary>
    internal int MarginVoxels => Criterion == LesionCriterion.Brats ? BratsChallenge.Known[Challenge].Dilations : 0;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (Connectivity is not (6 or 18 or 26))
        {
            yield return $"connectivity must be 6, 18 or 26, not {Connectivity}.";
        }

        if (!(MinIou is >= 0 and <= 1))
        {
            yield return $"minIou must be from 0 to 1, not {MinIou}.";
        }

        if (!(MinReferenceMm3 >= 0 && MinPredictionMm3 >= 0 && double.IsFinite(MinReferenceMm3 + MinPredictionMm3)))
        {
            yield return "minReferenceMm3 and minPredictionMm3 must be 0 or more.";
        }

        foreach (var name in new[] { Challenge, BratsBeside }.Where(name => name is not null && !BratsChallenge.Known.ContainsKey(name)))
        {
            yield return $"there is no BraTS challenge '{name}'; choose {string.Join(", ", BratsChallenge.Known.Keys)}.";
        }
    }
}
