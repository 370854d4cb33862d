namespace MetSeg.Imaging;

/// <summary>
/// Binary morphology. Foreground is every label but 0; results hold 0 and 1. What lies beyond the border of the grid counts as background
/// in every step: an erosion eats into foreground at the border, and so a closing can remove foreground there.
/// </summary>
/// <remarks>Equal to <c>scipy.ndimage.binary_*</c> with its default <c>border_value=0</c>.</remarks>
public static class Morphology
{
    /// <summary>Adds the neighbors of the foreground, as often as asked.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="connectivity">6 (faces), 18 (faces, edges) or 26 (faces, edges, corners) neighbors.</param>
    /// <param name="iterations">How often; 0 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="connectivity"/> is none of 6, 18, 26 or <paramref name="iterations"/> is negative.</exception>
    public static LabelMap Dilate(LabelMap mask, int connectivity = 6, int iterations = 1) =>
        NeighborSteps.Dilate(MaskBits.From(mask), connectivity, iterations).ToLabelMap(mask.Grid);

    /// <summary>Removes foreground that has a background neighbor, as often as asked.</summary>
    /// <inheritdoc cref="Dilate" path="/param|/exception"/>
    public static LabelMap Erode(LabelMap mask, int connectivity = 6, int iterations = 1) =>
        NeighborSteps.Erode(MaskBits.From(mask), connectivity, iterations).ToLabelMap(mask.Grid);

    /// <summary>Erosions, then as many dilations: removes what is thin.</summary>
    /// <inheritdoc cref="Dilate" path="/param|/exception"/>
    public static LabelMap Open(LabelMap mask, int connectivity = 6, int iterations = 1)
    {
        var eroded = NeighborSteps.Erode(MaskBits.From(mask), connectivity, iterations);
        return NeighborSteps.Dilate(eroded, connectivity, iterations).ToLabelMap(mask.Grid);
    }

    /// <summary>Dilations, then as many erosions: closes what is narrow.</summary>
    /// <inheritdoc cref="Dilate" path="/param|/exception"/>
    public static LabelMap Close(LabelMap mask, int connectivity = 6, int iterations = 1)
    {
        var dilated = NeighborSteps.Dilate(MaskBits.From(mask), connectivity, iterations);
        return NeighborSteps.Erode(dilated, connectivity, iterations).ToLabelMap(mask.Grid);
    }

    /// <summary>Adds every voxel whose center is within a distance of a foreground voxel's center, whatever the spacing.</summary>
    /// <param name="mask">The mask.</param>
    /// <param name="radiusMm">The distance in mm; 0 changes nothing.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="radiusMm"/> is negative or not finite.</exception>
    public static LabelMap DilateByBall(LabelMap mask, double radiusMm) => BallSteps.Dilate(mask, radiusMm);

    /// <summary>Removes every voxel whose center is within a distance of a background voxel's center, whatever the spacing.</summary>
    /// <inheritdoc cref="DilateByBall" path="/param|/exception"/>
    public static LabelMap ErodeByBall(LabelMap mask, double radiusMm) => BallSteps.Erode(mask, radiusMm);

    /// <summary>Erosion by a ball, then dilation by it.</summary>
    /// <inheritdoc cref="DilateByBall" path="/param|/exception"/>
    public static LabelMap OpenByBall(LabelMap mask, double radiusMm) => DilateByBall(ErodeByBall(mask, radiusMm), radiusMm);

    /// <summary>Dilation by a ball, then erosion by it.</summary>
    /// <inheritdoc cref="DilateByBall" path="/param|/exception"/>
    public static LabelMap CloseByBall(LabelMap mask, double radiusMm) => ErodeByBall(DilateByBall(mask, radiusMm), radiusMm);

    /// <summary>Adds every hole: background from which no path of face-neighbors leads to the border of the grid.</summary>
    public static LabelMap FillHoles(LabelMap mask)
    {
        var labels = Binary(mask);
        Holes.Fill(labels, mask.Grid.Size);
        return new LabelMap(mask.Grid, labels);
    }

    /// <summary>
    /// Fills holes slice by slice: background from which no path of edge-neighbors within its slice leads to the slice's border. A space that
    /// is open only across slices is filled, too.
    /// </summary>
    /// <param name="mask">The mask.</param>
    /// <param name="axis">The axis across the slices: 0, 1 or 2 (the default: slices of x and y).</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="axis"/> is none of 0, 1, 2.</exception>
    public static LabelMap FillHolesInSlices(LabelMap mask, int axis = 2)
    {
        var labels = Binary(mask);
        Holes.FillInSlices(labels, mask.Grid.Size, axis);
        return new LabelMap(mask.Grid, labels);
    }

    private static byte[] Binary(LabelMap mask)
    {
        var labels = mask.Labels.ToArray();
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = Math.Min(labels[i], (byte)1);
        }

        return labels;
    }
}
