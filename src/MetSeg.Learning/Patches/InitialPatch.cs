namespace MetSeg.Learning.Patches;

/// <summary>
/// The part of an image that a patch may need once it is turned and scaled. It decides how near to the border patches are drawn, so that
/// they are drawn where nnU-Net draws them.
/// </summary>
/// <remarks>nnU-Net v2, get_patch_size: the patch turned by the largest angle about each axis alone, divided by 0.85.</remarks>
public static class InitialPatch
{
    private const double LargestAngle = 30, LargestShrinkage = 0.85, FlatRatio = 3, LongRatio = 1.5, LongAngle = 15;

    /// <summary>Whether z is so coarse that patches are turned and scaled in the plane alone.</summary>
    public static bool IsFlat(IReadOnlyList<int> patch) => patch.Max() > FlatRatio * patch[0];

    /// <summary>Largest rotation of a flat patch, in degrees: any, but 15° where it is a slice of a 2-D network and longer than wide.</summary>
    public static double PlaneAngle(IReadOnlyList<int> patch) =>
        patch[0] == 1 && Math.Max(patch[1], patch[2]) > LongRatio * Math.Min(patch[1], patch[2]) ? LongAngle : 180;

    /// <summary>Its size along z, y, x.</summary>
    /// <param name="patch">The network's patch along z, y, x.</param>
    public static int[] For(IReadOnlyList<int> patch)
    {
        double[] largest = [.. patch];
        void Include(params double[] turned)
        {
            for (var axis = 0; axis < 3; axis++)
            {
                largest[axis] = Math.Max(largest[axis], Math.Abs(turned[axis]));
            }
        }

        var (z, y, x) = ((double)patch[0], (double)patch[1], (double)patch[2]);
        if (IsFlat(patch))
        {
            // A rotation by 90° is the largest that matters.
            var (s, c) = Math.SinCos(Math.Min(90, PlaneAngle(patch)) * Math.PI / 180);
            Include(z, (y * c) + (x * s), (x * c) - (y * s));
        }
        else
        {
            var (c, s) = (Math.Cos(LargestAngle * Math.PI / 180), Math.Sin(LargestAngle * Math.PI / 180));
            Include(z, (y * c) + (x * s), (x * c) - (y * s));
            Include((z * c) - (x * s), y, (z * s) + (x * c));
            Include((z * c) + (y * s), (y * c) - (z * s), x);
        }

        int[] initial = [.. largest.Select(edge => (int)(edge / LargestShrinkage))];
        initial[0] = IsFlat(patch) ? patch[0] : initial[0];
        return initial;
    }
}
