using System.Collections.Immutable;
using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>Which lesions of the reference a prediction found, and which of its components are false, by the criterion of the options.</summary>
public sealed class LesionMatching
{
    private LesionMatching(Components reference, Components prediction, ImmutableArray<LesionMatch> lesions, Func<Component, bool> isFalse)
    {
        (Reference, Prediction, Lesions) = (reference, prediction, lesions);
        FalsePositives = [.. prediction.Items.Where(isFalse)];
        var counting = lesions.Where(lesion => lesion.Counts).ToList();
        var found = counting.Count(lesion => lesion.Detected);
        var detecting = counting.SelectMany(lesion => lesion.Prediction).Distinct().Count();
        Scores = new LesionScores(found, counting.Count - found, FalsePositives.Length) { DetectingComponents = detecting };
    }

    /// <summary>The reference's components.</summary>
    public Components Reference { get; }

    /// <summary>The predicted components.</summary>
    public Components Prediction { get; }

    /// <summary>The reference's lesions, in the order of their first components.</summary>
    public ImmutableArray<LesionMatch> Lesions { get; }

    /// <summary>The predicted components that found nothing. For any overlap: that touch no reference voxel.</summary>
    public ImmutableArray<Component> FalsePositives { get; }

    /// <summary>The counts and what follows from them.</summary>
    public LesionScores Scores { get; }

    /// <summary>Matches the connected components of everything that is not background.</summary>
    /// <param name="reference">The reference.</param>
    /// <param name="prediction">The prediction, on the same grid.</param>
    /// <param name="options">What a lesion is and when it is found.</param>
    /// <exception cref="GridMismatchException">The masks lie on different grids.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static LesionMatching Match(LabelMap reference, LabelMap prediction, LesionOptions options)
    {
        OptionsException.ThrowIfAny("Lesion options", options.Problems());
        return Match(MaskPair.Of(reference, prediction).Widen(options.MarginVoxels), options);
    }

    /// <summary>Matches the masks of a pair that is as wide as <see cref="LesionOptions.MarginVoxels"/> asks.</summary>
    internal static LesionMatching Match(MaskPair pair, LesionOptions options)
    {
        var voxelMm3 = pair.Grid.Spacing.VoxelMm3;
        var reference = Components.Find(pair.Reference, pair.Size, options.Connectivity);
        var prediction = Components.Find(pair.Prediction, pair.Size, options.Connectivity)
            .Where(component => component.Voxels * voxelMm3 >= options.MinPredictionMm3);
        return options.Criterion == LesionCriterion.Brats
            ? MatchZones(pair, reference, prediction, BratsChallenge.Known[options.Challenge])
            : MatchComponents(reference, prediction, options, component => component.Voxels * voxelMm3 >= options.MinReferenceMm3);
    }

    /// <summary>The BraTS challenges' matching.</summary>
    /// <remarks>
    /// Dilated zones of different lesions do not touch, so a component touches the dilation of one lesion where it touches that zone, and
    /// components that touch no zone are false, however small.
    /// </remarks>
    private static LesionMatching MatchZones(MaskPair pair, Components reference, Components prediction, BratsChallenge challenge)
    {
        var mask = new LabelMap(Grid.Axial(pair.Size, pair.Grid.Spacing), pair.Reference);
        var zones = Components.Find(Morphology.Dilate(mask, 18, challenge.Dilations));
        var (parts, touching, overlaps) = (ComponentOverlaps.Of(zones, reference), ComponentOverlaps.Of(zones, prediction), ComponentOverlaps.Of(reference, prediction));
        var lesions = zones.Items.Select(zone =>
        {
            ImmutableArray<int> ids = [.. parts.With(zone.Id).Keys];
            var mm3 = ids.Sum(id => reference.Items[id - 1].Voxels) * pair.Grid.Spacing.VoxelMm3;
            return new LesionMatch(ids, [.. touching.With(zone.Id).Keys], Largest(ids, overlaps), mm3 > challenge.IgnoredMm3);
        }).OrderBy(lesion => lesion.Reference[0]);
        var touched = zones.Items.SelectMany(zone => touching.With(zone.Id).Keys).ToHashSet();
        return new LesionMatching(reference, prediction, [.. lesions], component => !touched.Contains(component.Id));
    }

    private static LesionMatching MatchComponents(Components reference, Components prediction, LesionOptions options, Func<Component, bool> counts)
    {
        var overlaps = ComponentOverlaps.Of(reference, prediction);
        var touching = reference.Items.Select(lesion => overlaps.With(lesion.Id).Keys.ToImmutableArray()).ToArray();
        var touched = touching.SelectMany(ids => ids).ToHashSet();
        if (options.Criterion != LesionCriterion.AnyOverlap)
        {
            var candidates = OneToOneMatching.Candidates(reference, prediction, overlaps, options.MinIou);
            var pairs = options.Criterion == LesionCriterion.Greedy ? OneToOneMatching.Greedy(candidates) : OneToOneMatching.Hungarian(candidates);
            var componentOf = pairs.ToDictionary(pair => pair.Reference, pair => pair.Prediction);
            touching = [.. reference.Items.Select(lesion => componentOf.TryGetValue(lesion.Id, out var id) ? ImmutableArray.Create(id) : [])];
            touched = [.. componentOf.Values, .. reference.Items.Where(lesion => !counts(lesion)).SelectMany(lesion => overlaps.With(lesion.Id).Keys)];
        }

        return new LesionMatching(
            reference, prediction,
            [.. reference.Items.Select((lesion, i) => new LesionMatch([lesion.Id], touching[i], Largest([lesion.Id], overlaps), counts(lesion)))],
            component => !touched.Contains(component.Id));
    }

    private static int Largest(ImmutableArray<int> lesions, ComponentOverlaps overlaps)
    {
        var voxels = new SortedDictionary<int, int>();
        foreach (var (id, shared) in lesions.SelectMany(lesion => overlaps.With(lesion)))
        {
            voxels[id] = voxels.GetValueOrDefault(id) + shared;
        }

        return voxels.Count == 0 ? 0 : voxels.MaxBy(pair => pair.Value).Key;
    }
}
