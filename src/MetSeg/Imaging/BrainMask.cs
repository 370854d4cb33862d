using System.Numerics;
using System.Runtime.InteropServices;

namespace MetSeg.Imaging;

/// <summary>
/// Finds the brain in a T1-weighted head, with or without contrast agent. A first guess from intensity and thickness of the tissue
/// (<see cref="BrainCore"/>) keeps a growing surface (<see cref="BrainSurface"/>) from leaving the skull.
/// </summary>
/// <remarks>docs/brain-mask.md says what it is good for and what not.</remarks>
public static class BrainMask
{
    /// <summary>How deep a space must be to count as a pool, in mm: deeper than the fluid over the convexity.</summary>
    private const double PoolDepthMm = 3;

    /// <summary>Share of the foreground that is brain in images without a skull.</summary>
    private const double StrippedShare = 0.9;

    /// <summary>The brain with its fluid spaces: 1 inside, 0 outside, on the image's grid.</summary>
    /// <param name="image">A T1-weighted head in any orientation; its header must say the orientation rightly.</param>
    /// <param name="options">How to look; null is the defaults.</param>
    /// <exception cref="OptionsException">An option cannot work.</exception>
    /// <exception cref="MetSegException">There is no brain to be found.</exception>
    public static LabelMap Find(Volume image, BrainMaskOptions? options = null)
    {
        options ??= new BrainMaskOptions();
        OptionsException.ThrowIfAny("Brain mask", options.Problems());
        var head = HeadImage.From(image, options.WorkingSpacingMm);
        var core = head is null ? null : BrainCore.Find(head, options);
        var found = head is null || core is null ? null : ToGrid(Surround(head, core, options), image.Grid);
        if (options.KeepStripped && found is not null && Foreground.Find(image) is var foreground && IsStripped(foreground, found))
        {
            return WithMargin(Morphology.FillHoles(foreground), options.MarginMm);
        }

        return found is not null && found.Labels.AsSpan().Contains((byte)1)
            ? WithMargin(found, options.MarginMm)
            : throw new MetSegException("No brain was found in the image: it must be a T1-weighted head. Give a mask file or a brain mask model instead.");
    }

    /// <summary>Whether nearly all that is not background is brain: then there is no skull to remove. In whole heads at most two thirds are.</summary>
    private static bool IsStripped(LabelMap foreground, LabelMap brain)
    {
        var (visible, inside) = (0L, 0L);
        for (var i = 0; i < brain.Labels.Length; i++)
        {
            visible += foreground.Labels[i];
            inside += foreground.Labels[i] & brain.Labels[i];
        }

        return inside > StrippedShare * visible;
    }

    /// <summary>The image with 0 outside the mask.</summary>
    /// <exception cref="GridMismatchException">The mask is on another grid.</exception>
    public static Volume Apply(Volume image, LabelMap mask)
    {
        SameGrid.ThrowIfNot(image.Grid, mask.Grid, "brain mask");
        var voxels = image.Voxels.ToArray();
        for (var i = 0; i < voxels.Length; i++)
        {
            voxels[i] = mask.Labels[i] != 0 ? voxels[i] : 0;
        }

        return new Volume(image.Grid, voxels);
    }

    /// <summary>The mask with a layer more, or less where the margin is negative.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="marginMm">Thickness of the layer in mm.</param>
    public static LabelMap WithMargin(LabelMap mask, double marginMm) => marginMm switch
    {
        > 0 => Morphology.DilateByBall(mask, marginMm),
        < 0 => Morphology.ErodeByBall(mask, -marginMm),
        _ => mask,
    };

    private static LabelMap Surround(HeadImage head, BrainCore core, BrainMaskOptions options)
    {
        var grid = head.Volume.Grid;
        var pools = Pools(core, grid, options);
        var inside = new float[core.Shares.Length];
        for (var i = 0; i < inside.Length; i++)
        {
            inside[i] = pools.Labels[i] != 0 ? 1 : core.Zone.Labels[i] != 0 ? core.Shares[i] : 0;
        }

        var (center, radius) = Ball(core.Tissue);
        var surface = BrainSurface.Grow(center, radius / 2, new ImageField(new Volume(grid, inside), outside: 0), (float)options.SurfaceThreshold);
        return BrainRefinement.Refine(surface.Fill(grid), core);
    }

    /// <summary>Thick spaces near the brain as dark as fluid, but not as bone: cysts, necrotic lesions and cavities, ventricles, cisterns.</summary>
    private static LabelMap Pools(BrainCore core, Grid grid, BrainMaskOptions options)
    {
        var fluid = new byte[core.Shares.Length];
        for (var i = 0; i < fluid.Length; i++)
        {
            var isFluid = core.Shares[i] > BrainRefinement.DarkestFluid && core.Shares[i] <= options.DarkestTissue;
            fluid[i] = isFluid && core.Zone.Labels[i] != 0 ? (byte)1 : (byte)0;
        }

        return Morphology.Open(new LabelMap(grid, fluid), connectivity: 18, (int)Math.Ceiling(PoolDepthMm / grid.Spacing.X));
    }

    /// <summary>Center of gravity of a mask and the radius of a ball of its volume, in mm.</summary>
    private static (Vector3 Center, float Radius) Ball(LabelMap mask)
    {
        var pieces = Components.Find(mask).Items;
        var spacing = mask.Grid.Spacing;
        var voxels = pieces.Sum(piece => (double)piece.Voxels);
        var center = new Vector3(
            (float)(spacing.X * pieces.Sum(piece => piece.Voxels * piece.CentroidX) / voxels),
            (float)(spacing.Y * pieces.Sum(piece => piece.Voxels * piece.CentroidY) / voxels),
            (float)(spacing.Z * pieces.Sum(piece => piece.Voxels * piece.CentroidZ) / voxels));
        return (center, (float)Math.Cbrt(voxels * spacing.VoxelMm3 * 3 / (4 * Math.PI)));
    }

    private static LabelMap ToGrid(LabelMap mask, Grid grid)
    {
        var smooth = Resampler.Resample(new Volume(mask.Grid, Array.ConvertAll(ImmutableCollectionsMarshal.AsArray(mask.Labels)!, label => (float)label)), grid);
        return MaskBits.Above(smooth.Voxels.AsMemory(), grid.Size, 0.5f).ToLabelMap(grid);
    }
}
