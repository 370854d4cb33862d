using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>What a lesion of the table is.</summary>
public enum LesionKind
{
    /// <summary>A lesion of the reference, found or missed.</summary>
    Reference,

    /// <summary>A predicted component that found nothing.</summary>
    FalsePositive,
}

/// <summary>One lesion of the reference, or one false positive, and how well the prediction drew it.</summary>
public sealed record LesionEvaluation
{
    /// <summary>Which of the two it is.</summary>
    public required LesionKind Kind { get; init; }

    /// <summary>The component, in voxels of the whole grid; of a lesion of several parts all of them.</summary>
    public required Component Component { get; init; }

    /// <summary>Its volume in cm³: of the reference's lesion, or of the predicted one for a false positive.</summary>
    public required double VolumeCm3 { get; init; }

    /// <summary>Its centroid in world millimeters (RAS+).</summary>
    public required (double X, double Y, double Z) CentroidMm { get; init; }

    /// <summary>Its longest diameter within an axial slice in mm, from outer face to outer face of its voxels (RANO-BM).</summary>
    public required double LongestAxialDiameterMm { get; init; }

    /// <summary>Whether it was found; false for a false positive.</summary>
    public bool Detected { get; init; }

    /// <summary>Whether it counts; false for a lesion of the reference that is smaller than the options ask.</summary>
    public bool Counts { get; init; } = true;

    /// <summary>Volume in cm³ of the components that found it, or of a false positive itself; 0 where it was missed.</summary>
    public double PredictedVolumeCm3 { get; init; }

    /// <summary>Dice against the union of the predicted components that found it, or the largest of them; NaN where it was not found.</summary>
    public double Dice { get; init; } = double.NaN;

    /// <summary>Hausdorff distance at the options' percentile (95) against these, in mm; NaN where it was not found.</summary>
    public double Hd95 { get; init; } = double.NaN;

    /// <summary>Surface Dice at the options' tolerance against these; NaN where it was not found.</summary>
    public double SurfaceDice { get; init; } = double.NaN;

    /// <summary>Evaluates every reference lesion, in the order of their ids, then lists the false positives.</summary>
    internal static IReadOnlyList<LesionEvaluation> All(MaskPair pair, LesionMatching matching, EvaluationOptions options)
    {
        var (reference, prediction) = (new ComponentMasks(matching.Reference), new ComponentMasks(matching.Prediction));
        var (diameters, falseDiameters) = (LesionDiameter.LongestAxial(matching.Reference, pair.Grid), LesionDiameter.LongestAxial(matching.Prediction, pair.Grid));
        var lesions = matching.Lesions.Select(lesion =>
        {
            var parts = lesion.Reference.Select(id => matching.Reference.Items[id - 1]).ToList();
            var row = Row(LesionKind.Reference, Component.Join(parts), pair, lesion.Reference.Max(id => diameters[id - 1])) with { Counts = lesion.Counts };
            if (!lesion.Detected)
            {
                return row;
            }

            var single = options.Lesions.Contour == LesionContour.LargestOverlap && lesion.LargestOverlap > 0;
            int[] ids = single ? [lesion.LargestOverlap] : [.. lesion.Prediction];
            var box = ids.Aggregate(Component.Join(parts).Box, (around, id) => around.Around(matching.Prediction.Items[id - 1].Box));
            var drawn = new MaskPair(pair.Grid, box, reference.Draw(box, lesion.Reference.AsSpan()), prediction.Draw(box, ids));
            var distances = SurfaceDistances.Compute(drawn, options.Surface.Kind);
            return row with
            {
                Detected = true,
                PredictedVolumeCm3 = ids.Sum(id => matching.Prediction.Items[id - 1].VolumeCm3(pair.Grid.Spacing)),
                Dice = Evaluation.Dice.Compute(VoxelCounts.Of(drawn)),
                Hd95 = HausdorffDistance.Compute(distances, options.Surface),
                SurfaceDice = Evaluation.SurfaceDice.Compute(distances, options.Surface.ToleranceMm),
            };
        });
        return
        [
            .. lesions,
            .. matching.FalsePositives.Select(component => Row(LesionKind.FalsePositive, component, pair, falseDiameters[component.Id - 1]) with
            {
                PredictedVolumeCm3 = component.VolumeCm3(pair.Grid.Spacing),
            }),
        ];
    }

    private static LesionEvaluation Row(LesionKind kind, Component inBox, MaskPair pair, double diameter)
    {
        var component = inBox.Shift(pair.Box.MinX, pair.Box.MinY, pair.Box.MinZ);
        return new LesionEvaluation
        {
            Kind = kind,
            Component = component,
            VolumeCm3 = component.VolumeCm3(pair.Grid.Spacing),
            CentroidMm = component.CentroidMm(pair.Grid),
            LongestAxialDiameterMm = diameter,
        };
    }
}
