using System.Collections.Immutable;

namespace MetSeg.Evaluation;

/// <summary>A lesion of the reference and what was predicted of it.</summary>
/// <param name="Reference">Ids of the reference's components: one, or for BraTS all that one dilated zone joins.</param>
/// <param name="Prediction">Ids of the predicted components that found it, ascending; none where it was missed.</param>
/// <param name="LargestOverlap">The one of them that overlaps most; 0 where none overlaps.</param>
/// <param name="Counts">Whether it counts: false where it is smaller than the options ask.</param>
public sealed record LesionMatch(ImmutableArray<int> Reference, ImmutableArray<int> Prediction, int LargestOverlap, bool Counts)
{
    /// <summary>Whether it was found.</summary>
    public bool Detected => !Prediction.IsEmpty;
}
