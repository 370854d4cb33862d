using System.Collections.Immutable;
using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>
/// Which lesions of the reference a prediction found, by overlap of at least one voxel: a reference lesion is found if any predicted voxel
/// lies in it, and a predicted component is false if it touches no reference voxel. A component that bridges two lesions finds both.
/// </summary>
public sealed class LesionMatching
{
    private LesionMatching(Components reference, Components prediction, ImmutableArray<ImmutableArray<int>> touching)
    {
        (Reference, Prediction, Touching) = (reference, prediction, touching);
        var touched = new bool[prediction.Count];
        foreach (var id in touching.SelectMany(ids => ids))
        {
            touched[id - 1] = true;
        }

        FalsePositives = [.. prediction.Items.Where(component => !touched[component.Id - 1])];
        var found = touching.Count(ids => !ids.IsEmpty);
        Scores = new LesionScores(found, reference.Count - found, FalsePositives.Length);
    }

    /// <summary>The reference's lesions.</summary>
    public Components Reference { get; }

    /// <summary>The predicted lesions.</summary>
    public Components Prediction { get; }

    /// <summary>For each reference lesion the ids of the predicted components that overlap it, ascending; none where it was missed.</summary>
    public ImmutableArray<ImmutableArray<int>> Touching { get; }

    /// <summary>The predicted components that touch no reference voxel.</summary>
    public ImmutableArray<Component> FalsePositives { get; }

    /// <summary>The counts and what follows from them.</summary>
    public LesionScores Scores { get; }

    /// <summary>Matches the connected components of everything that is not background.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="prediction">The prediction, on the same grid.</param>
    /// <param name="connectivity">Voxels join through 6, 18 or 26 neighbors; the default is 26.</param>
    /// <exception cref="GridMismatchException">The masks lie on different grids.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="connectivity"/> is none of 6, 18, 26.</exception>
    public static LesionMatching Match(LabelMap reference, LabelMap prediction, int connectivity = 26)
    {
        MaskPair.RequireSameGrid(("the reference", reference.Grid), ("the prediction", prediction.Grid));
        return Match(Components.Find(reference, connectivity), Components.Find(prediction, connectivity));
    }

    internal static LesionMatching Match(Components reference, Components prediction)
    {
        var touching = new SortedSet<int>?[reference.Count];
        var (a, b) = (0, 0);
        while (a < reference.Runs.Length && b < prediction.Runs.Length)
        {
            var (lesion, component) = (reference.Runs[a], prediction.Runs[b]);
            var (endA, endB) = (lesion.Start + lesion.Length, component.Start + component.Length);
            if (lesion.Start < endB && component.Start < endA)
            {
                (touching[lesion.Component - 1] ??= []).Add(component.Component);
            }

            (a, b) = endA < endB ? (a + 1, b) : (a, b + 1);
        }

        return new LesionMatching(reference, prediction, [.. touching.Select(ids => (ids ?? []).ToImmutableArray())]);
    }
}
