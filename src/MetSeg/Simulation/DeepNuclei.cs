using System.Numerics;

namespace MetSeg.Simulation;

/// <summary>The gray matter inside the hemispheres: caudate, putamen, pallidum, thalamus, hippocampus and amygdala. Both sides are alike.</summary>
internal static class DeepNuclei
{
    private static readonly Ellipsoid box = new(new(24, -4, -4), new(24, 44, 36));
    private static readonly Tube caudate = new(
        [new(12, 25, 2), new(14, 18, 8), new(16, 4, 15), new(19, -12, 18), new(25, -27, 12), new(30, -26, 0)], [4.5f, 5.5f, 3.8f, 2.6f, 1.8f, 1.2f]);

    private static readonly Ellipsoid putamen = new(new(26.5f, 4, 1), new(4.8f, 16, 10));
    private static readonly Ellipsoid pallidum = new(new(19.5f, 0, -1), new(4, 10, 6));
    private static readonly Ellipsoid thalamus = new(new(11, -14, 4), new(9, 15, 9));
    private static readonly Tube hippocampus = new([new(25, 0, -23), new(28, -12, -20), new(26, -25, -11), new(20, -33, -2)], [5, 4, 3, 1.5f]);
    private static readonly Ellipsoid amygdala = new(new(22, 9, -20), new(7, 7, 7));

    /// <summary>Distance to the nearest in mm, negative inside.</summary>
    /// <param name="folded">A place, with the left side turned over to the right.</param>
    public static float Distance(Vector3 folded)
    {
        var far = box.Distance(folded);
        if (far > 3)
        {
            return far;
        }

        var nuclei = MathF.Min(putamen.Distance(folded), MathF.Min(pallidum.Distance(folded), thalamus.Distance(folded)));
        return MathF.Min(MathF.Min(nuclei, caudate.Distance(folded)), MathF.Min(hippocampus.Distance(folded), amygdala.Distance(folded)));
    }
}
