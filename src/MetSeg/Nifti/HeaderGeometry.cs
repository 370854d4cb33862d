namespace MetSeg.Nifti;

/// <summary>
/// The map from voxels to world mm that a header describes: its sform if there is one, else its qform, else its voxel sizes along RAS axes
/// from the origin ("method 1"). Nothing is invented: a form that is in use must be usable.
/// </summary>
/// <remarks>nifti1.h, section "3D image (volume) orientation and location in space". nifti_clib: quaternion to rotation.</remarks>
internal static class HeaderGeometry
{
    /// <summary>Smallest share of its columns' product that the determinant of an affine may have; less is singular for all purposes.</summary>
    private const double LeastDeterminant = 1e-6;

    /// <summary>Voxel sizes in mm beyond which a header is damaged: a nanometer and a kilometer.</summary>
    private const double LeastSpacing = 1e-6, LargestSpacing = 1e6;

    /// <summary>How far b² + c² + d² may exceed 1 by rounding.</summary>
    private const double QuaternionTolerance = 1e-4;

    /// <summary>Reads the affine.</summary>
    /// <exception cref="ImageFileException">Voxel sizes, form or units cannot be used.</exception>
    public static Affine ToWorld(HeaderBytes header, string path)
    {
        var layout = header.Layout;
        var (rows, source) =
            header.FormCode(layout.SformCode) > 0 ? (SformRows(header), "sform")
            : header.FormCode(layout.QformCode) > 0 ? (QformRows(header, path), "qform")
            : (PixelRows(header, path), "voxel sizes");
        var millimeters = MillimetersPerUnit(header, path);
        var scaled = Array.ConvertAll(rows, value => value * millimeters);
        return IsUsable(scaled)
            ? new Affine(scaled)
            : throw Bad(path, $"its {source} is not finite, squeezes space flat or has impossible voxel sizes. Convert the image again");
    }

    private static double[] SformRows(HeaderBytes header)
    {
        var rows = new double[12];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = header.Real(header.Layout.SformRows, i);
        }

        return rows;
    }

    private static double[] QformRows(HeaderBytes header, string path)
    {
        var layout = header.Layout;
        var (b, c, d) = (header.Real(layout.Quaternion), header.Real(layout.Quaternion, 1), header.Real(layout.Quaternion, 2));
        var squares = (b * b) + (c * c) + (d * d);
        if (!(squares <= 1 + QuaternionTolerance))
        {
            throw Bad(path, "its qform holds a quaternion that is no rotation. Convert the image again");
        }

        var spacing = PixelDimensions(header, path);
        spacing[2] *= header.Real(layout.PixelDimensions) < 0 ? -1 : 1;
        var rotation = Quaternion.ToRotation(b, c, d);
        var rows = new double[12];
        for (var i = 0; i < rows.Length; i++)
        {
            var (row, column) = (i / 4, i % 4);
            rows[i] = column == 3 ? header.Real(layout.QuaternionOffset, row) : rotation[(3 * row) + column] * spacing[column];
        }

        return rows;
    }

    private static double[] PixelRows(HeaderBytes header, string path)
    {
        var spacing = PixelDimensions(header, path);
        return [spacing[0], 0, 0, 0, 0, spacing[1], 0, 0, 0, 0, spacing[2], 0];
    }

    private static double[] PixelDimensions(HeaderBytes header, string path)
    {
        var spacing = new double[3];
        for (var axis = 0; axis < 3; axis++)
        {
            spacing[axis] = Math.Abs(header.Real(header.Layout.PixelDimensions, axis + 1));
            if (!double.IsFinite(spacing[axis]) || spacing[axis] == 0)
            {
                throw Bad(path, "its header gives no usable voxel size (pixdim). Convert the image again from its source");
            }
        }

        return spacing;
    }

    private static double MillimetersPerUnit(HeaderBytes header, string path) => (header.Units & 7) switch
    {
        0 or 2 => 1,
        1 => 1000,
        3 => 0.001,
        _ => throw Bad(path, "its header gives an unknown unit of length (xyzt_units). Repair the header"),
    };

    private static bool IsUsable(double[] rows)
    {
        if (!rows.All(double.IsFinite))
        {
            return false;
        }

        var lengths = Enumerable.Range(0, 3).Select(column =>
            Math.Sqrt((rows[column] * rows[column]) + (rows[4 + column] * rows[4 + column]) + (rows[8 + column] * rows[8 + column]))).ToArray();
        if (!lengths.All(length => length is >= LeastSpacing and <= LargestSpacing))
        {
            return false;
        }

        double Cosine(int row, int column) => rows[(4 * row) + column] / lengths[column];
        var share = (Cosine(0, 0) * ((Cosine(1, 1) * Cosine(2, 2)) - (Cosine(1, 2) * Cosine(2, 1))))
            - (Cosine(0, 1) * ((Cosine(1, 0) * Cosine(2, 2)) - (Cosine(1, 2) * Cosine(2, 0))))
            + (Cosine(0, 2) * ((Cosine(1, 0) * Cosine(2, 1)) - (Cosine(1, 1) * Cosine(2, 0))));
        return Math.Abs(share) > LeastDeterminant;
    }

    private static ImageFileException Bad(string path, string problem) => Refusal.Of(ImageFault.BadGeometry, path, $"{problem}.");
}
