using MetSeg.Imaging;

namespace MetSeg.Evaluation;

/// <summary>What a lesion of the table is.</summary>
public enum LesionKind
{
    /// <summary>A lesion of the reference, found or missed.</summary>
    Reference,

    /// <summary>A predicted component that touches no lesion of the reference.</summary>
    FalsePositive,
}

/// <summary>One lesion of the reference, or one false positive, and how well the prediction drew it.</summary>
public sealed record LesionEvaluation
{
    /// <summary>Which of the two it is.</summary>
    public required LesionKind Kind { get; init; }

    /// <summary>The component, in voxels of the whole grid.</summary>
    public required Component Component { get; init; }

    /// <summary>Its volume in cm³: of the reference's lesion, or of the predicted one for a false positive.</summary>
    public required double VolumeCm3 { get; init; }

    /// <summary>Its centroid in world millimeters (RAS+).</summary>
    public required (double X, double Y, double Z) CentroidMm { get; init; }

    /// <summary>Whether any predicted voxel lies in it; false for a false positive.</summary>
    public bool Detected { get; init; }

    /// <summary>Dice against the union of the predicted components that touch it; NaN where it was not found.</summary>
    public double Dice { get; init; } = double.NaN;

    /// <summary>Hausdorff distance at the options' percentile (95) against that union, in mm; NaN where it was not found.</summary>
    public double Hd95 { get; init; } = double.NaN;

    /// <summary>Surface Dice at the options' tolerance against that union; NaN where it was not found.</summary>
    public double SurfaceDice { get; init; } = double.NaN;

    /// <summary>Evaluates every reference lesion, in the order of their ids, then lists the false positives.</summary>
    internal static IReadOnlyList<LesionEvaluation> All(MaskPair pair, LesionMatching matching, EvaluationOptions options)
    {
        var (reference, prediction) = (new ComponentMasks(matching.Reference), new ComponentMasks(matching.Prediction));
        var lesions = matching.Reference.Items.Select(lesion =>
        {
            var row = Row(LesionKind.Reference, lesion, pair);
            var ids = matching.Touching[lesion.Id - 1];
            if (ids.IsEmpty)
            {
                return row;
            }

            var box = ids.Aggregate(lesion.Box, (around, id) => around.Around(matching.Prediction.Items[id - 1].Box));
            var drawn = new MaskPair(pair.Grid, box, reference.Draw(box, [lesion.Id]), prediction.Draw(box, ids.AsSpan()));
            var distances = SurfaceDistances.Compute(drawn, options.Surface);
            return row with
            {
                Detected = true,
                Dice = Evaluation.Dice.Compute(VoxelCounts.Of(drawn)),
                Hd95 = HausdorffDistance.Compute(distances, options.Percentile),
                SurfaceDice = Evaluation.SurfaceDice.Compute(distances, options.ToleranceMm),
            };
        });
        return [.. lesions, .. matching.FalsePositives.Select(component => Row(LesionKind.FalsePositive, component, pair))];
    }

    private static LesionEvaluation Row(LesionKind kind, Component inBox, MaskPair pair)
    {
        var component = inBox.Shift(pair.Box.MinX, pair.Box.MinY, pair.Box.MinZ);
        return new LesionEvaluation
        {
            Kind = kind,
            Component = component,
            VolumeCm3 = component.VolumeCm3(pair.Grid.Spacing),
            CentroidMm = component.CentroidMm(pair.Grid),
        };
    }

    /// <summary>Draws chosen components into a box, touching no voxel but theirs.</summary>
    private sealed class ComponentMasks
    {
        private readonly Components components;
        private readonly int[] order;
        private readonly int[] firstOf;

        public ComponentMasks(Components components)
        {
            this.components = components;
            firstOf = new int[components.Count + 2];
            foreach (var run in components.Runs)
            {
                firstOf[run.Component + 1]++;
            }

            for (var id = 1; id < firstOf.Length; id++)
            {
                firstOf[id] += firstOf[id - 1];
            }

            order = new int[components.Runs.Length];
            var next = firstOf.ToArray();
            for (var i = 0; i < order.Length; i++)
            {
                order[next[components.Runs[i].Component]++] = i;
            }
        }

        public byte[] Draw(VoxelBox box, ReadOnlySpan<int> ids)
        {
            var size = box.Size;
            var mask = new byte[size.Count];
            foreach (var id in ids)
            {
                for (var i = firstOf[id]; i < firstOf[id + 1]; i++)
                {
                    var run = components.Runs[order[i]];
                    var (z, y) = Math.DivRem(run.Row, components.Size.Y);
                    mask.AsSpan(size.Index(run.X - box.MinX, y - box.MinY, z - box.MinZ), run.Length).Fill(1);
                }
            }

            return mask;
        }
    }
}
