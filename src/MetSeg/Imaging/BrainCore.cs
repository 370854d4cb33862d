using System.Numerics;

namespace MetSeg.Imaging;

/// <summary>
/// A first guess of the brain: the one thick piece of tissue of the brain's intensity. Scalp, muscle, orbits and neck hang together with it
/// only through bridges that are thinner than the brain, so a growth from thick to thin tissue hardly passes them.
/// </summary>
/// <param name="Shares">Intensities as shares of the brain's level nearby.</param>
/// <param name="Tissue">The brain's tissue as far as the guess goes, without fluid and bright lesions.</param>
/// <param name="Zone">Where the brain's surface may lie: the tissue with its gaps bridged, and a margin.</param>
internal sealed record BrainCore(float[] Shares, LabelMap Tissue, LabelMap Zone)
{
    /// <summary>By how much thinner tissue is admitted with every step of the growth, in mm.</summary>
    private const double DepthStepMm = 0.5;

    /// <summary>How far a step goes, in mm.</summary>
    private const double GrowthMm = 1.2;

    /// <summary>Depth of the thinnest tissue that the growth follows, in mm; a last step takes what is left.</summary>
    private const double ThinnestMm = 2;

    /// <summary>A piece of at least this share of the largest one is brain, too, if it is near: a hemisphere or the cerebellum on its own.</summary>
    private const double PieceShare = 0.05;

    private const float PieceDistanceMm = 75;

    private const double ZoneSpacingMm = 2.4;

    /// <summary>A hull that its mirror image covers less is no whole brain; it is left as it is.</summary>
    private const float LeastOverlap = 0.8f;

    /// <summary>Finds the guess; null where no tissue is thick enough.</summary>
    public static BrainCore? Find(HeadImage head, BrainMaskOptions options)
    {
        var near = 0.75f * head.Radius;
        var shares = BrainLevel.Normalize(head, i => Vector3.Distance(head.Place(i), head.Center) < near);
        var first = Thick(Depth(head, shares, options), options.CoreDepthMm);
        if (first is null)
        {
            return null;
        }

        shares = BrainLevel.Normalize(head, i => first.Labels[i] != 0);
        var depth = Depth(head, shares, options);
        var core = Thick(depth, options.CoreDepthMm);
        if (core is null)
        {
            return null;
        }

        var tissue = Grow(core, depth, options.CoreDepthMm);
        return new BrainCore(shares, tissue, Envelop(tissue, options));
    }

    /// <summary>How deep each voxel lies in tissue, in mm; 0 outside.</summary>
    private static Volume Depth(HeadImage head, float[] shares, BrainMaskOptions options)
    {
        var other = new byte[shares.Length];
        var (darkest, brightest) = ((float)options.DarkestTissue, (float)options.BrightestTissue);
        for (var i = 0; i < other.Length; i++)
        {
            other[i] = shares[i] > darkest && shares[i] < brightest ? (byte)0 : (byte)1;
        }

        return other.AsSpan().Contains((byte)1)
            ? DistanceTransform.ToForeground(new LabelMap(head.Volume.Grid, other))
            : head.Volume.Map(_ => float.MaxValue);
    }

    /// <summary>The largest piece of what lies deep, and pieces near it that are not much smaller.</summary>
    private static LabelMap? Thick(Volume depth, double depthMm)
    {
        var grid = depth.Grid;
        var components = Components.Find(MaskBits.Above(depth.Voxels.AsMemory(), grid.Size, (float)depthMm).ToLabelMap(grid), connectivity: 6);
        if (components.Count == 0)
        {
            return null;
        }

        var largest = components.Items.MaxBy(component => component.Voxels)!;
        return components.Keep(grid, component =>
            component.Voxels >= PieceShare * largest.Voxels && DistanceMm(component, largest, grid.Spacing) < PieceDistanceMm);
    }

    private static double DistanceMm(Component a, Component b, Spacing spacing)
    {
        var (x, y, z) = (spacing.X * (a.CentroidX - b.CentroidX), spacing.Y * (a.CentroidY - b.CentroidY), spacing.Z * (a.CentroidZ - b.CentroidZ));
        return Math.Sqrt((x * x) + (y * y) + (z * z));
    }

    private static LabelMap Grow(LabelMap core, Volume depth, double coreDepthMm)
    {
        var grid = core.Grid;
        var grown = MaskBits.From(core);
        var steps = (int)Math.Ceiling(GrowthMm / grid.Spacing.X);
        void Step(double leastDepth)
        {
            var allowed = MaskBits.Above(depth.Voxels.AsMemory(), grid.Size, (float)leastDepth);
            for (var i = 0; i < steps; i++)
            {
                grown = NeighborSteps.Dilate(grown, i % 2 == 0 ? 18 : 6, iterations: 1);
                grown.IntersectWith(allowed);
            }
        }

        for (var least = coreDepthMm - DepthStepMm; least >= ThinnestMm; least -= DepthStepMm)
        {
            Step(least);
        }

        Step(0);
        return grown.ToLabelMap(grid);
    }

    private static LabelMap Envelop(LabelMap tissue, BrainMaskOptions options)
    {
        var coarse = Resampler.Regrid(tissue.Grid, new Spacing(ZoneSpacingMm, ZoneSpacingMm, ZoneSpacingMm));
        var frame = (int)Math.Ceiling((Math.Max(options.BridgeMm, options.DomeBridgeMm) + options.ReachMm) / ZoneSpacingMm) + 1;
        var framed = Resampler.Resample(tissue, Frame(coarse, frame));
        var hull = WithDome(Morphology.CloseByBall(framed, options.BridgeMm), Morphology.CloseByBall(framed, options.DomeBridgeMm), framed);
        var plane = MidsagittalPlane.Find(hull);
        hull = plane.Overlap >= LeastOverlap ? plane.Symmetrize(hull) : hull;
        var zone = Morphology.DilateByBall(hull, options.ReachMm);
        return Resampler.Resample(zone, tissue.Grid);
    }

    /// <summary>The first mask below the tissue's center of gravity, both above it, where the skull bulges everywhere.</summary>
    private static LabelMap WithDome(LabelMap whole, LabelMap dome, LabelMap tissue)
    {
        var pieces = Components.Find(tissue).Items;
        var height = pieces.Sum(piece => piece.Voxels * piece.CentroidZ) / pieces.Sum(piece => (double)piece.Voxels);
        var labels = whole.Labels.ToArray();
        for (var i = tissue.Grid.Size.Index(0, 0, (int)Math.Ceiling(height)); i < labels.Length; i++)
        {
            labels[i] |= dome.Labels[i];
        }

        return new LabelMap(whole.Grid, labels);
    }

    /// <summary>The grid with more voxels on every side.</summary>
    public static Grid Frame(Grid grid, int voxels) => new(
        new Size(grid.Size.X + (2 * voxels), grid.Size.Y + (2 * voxels), grid.Size.Z + (2 * voxels)),
        grid.ToWorld.After(new Affine(1, 0, 0, -voxels, 0, 1, 0, -voxels, 0, 0, 1, -voxels)));
}
