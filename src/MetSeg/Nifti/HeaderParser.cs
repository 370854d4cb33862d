namespace MetSeg.Nifti;

/// <summary>Turns the bytes of a header into checked facts, or says what is wrong with it.</summary>
internal static class HeaderParser
{
    /// <summary>Reads and checks the header at the start of a file; the source then stands behind it.</summary>
    /// <exception cref="ImageFileException">The file is not NIfTI, or its header is damaged or asks for what this program cannot do.</exception>
    public static NiftiHeader Read(ByteSource source)
    {
        Span<byte> bytes = stackalloc byte[HeaderLayout.Nifti2.Length];
        var count = source.Read(bytes[..sizeof(int)]);
        if (count < sizeof(int) || HeaderLayout.Recognize(bytes) is not var (layout, isBigEndian))
        {
            throw NotNifti(source.Path);
        }

        bytes = bytes[..layout.Length];
        if (source.Read(bytes[count..]) < bytes.Length - count)
        {
            throw Refusal.Of(ImageFault.Truncated, source.Path, "it ends within its header. Copy it again.");
        }

        return Parse(new HeaderBytes(bytes, layout, isBigEndian), source.Path);
    }

    private static NiftiHeader Parse(HeaderBytes header, string path)
    {
        var isPair = IsPair(header.Magic, path);
        var size = ParseSize(header, path);
        var datatype = ParseDatatype(header.Datatype, path);
        var (slope, intercept) = ParseScaling(header, path);
        return new NiftiHeader
        {
            Version = header.Layout.Version,
            IsPair = isPair,
            IsBigEndian = header.IsBigEndian,
            Datatype = datatype,
            Grid = new Grid(size, HeaderGeometry.ToWorld(header, path)),
            VoxelOffset = ParseVoxelOffset(header, isPair, path),
            Slope = slope,
            Intercept = intercept,
        };
    }

    private static bool IsPair(ReadOnlySpan<byte> magic, string path)
    {
        if (magic.SequenceEqual("n+1\0"u8) || magic.SequenceEqual("n+2\0\r\n\x1a\n"u8))
        {
            return false;
        }

        return magic.SequenceEqual("ni1\0"u8) || magic.SequenceEqual("ni2\0\r\n\x1a\n"u8) ? true : throw NotNifti(path);
    }

    private static Size ParseSize(HeaderBytes header, string path)
    {
        var axes = header.Dimension(0);
        if (axes is < 1 or > 7)
        {
            throw BadHeader(path, "a number of axes (dim[0]) outside 1 to 7");
        }

        var voxels = (Int128)1;
        for (var axis = 1; axis <= axes; axis++)
        {
            var length = header.Dimension(axis);
            if (length < 1)
            {
                throw BadHeader(path, $"an axis without voxels (dim[{axis}])");
            }

            if (axis > 3 && length > 1)
            {
                throw Refusal.Of(ImageFault.Unsupported, path, "it holds several volumes (4-D or more). Split it and give one volume.");
            }

            voxels *= length;
            if (voxels > Array.MaxLength)
            {
                var problem = $"its header promises more than the {Array.MaxLength} voxels of the largest volume. Crop or resample it.";
                throw Refusal.Of(ImageFault.TooLarge, path, problem);
            }
        }

        if (axes < 3)
        {
            throw Refusal.Of(ImageFault.Unsupported, path, "it is a single slice or line. A volume with three axes is needed.");
        }

        return new Size((int)header.Dimension(1), (int)header.Dimension(2), (int)header.Dimension(3));
    }

    private static NiftiDatatype ParseDatatype(int code, string path)
    {
        if (Enum.IsDefined((NiftiDatatype)code))
        {
            return (NiftiDatatype)code;
        }

        var name = code switch
        {
            1 => "binary",
            32 => "complex64",
            128 => "RGB24 color",
            1536 => "float128",
            1792 => "complex128",
            2048 => "complex256",
            2304 => "RGBA32 color",
            _ => throw BadHeader(path, $"an unknown datatype ({code})"),
        };
        throw Refusal.Of(ImageFault.Unsupported, path, $"its voxels are {name}. Convert the image to integer or float32/float64 intensities.");
    }

    private static (double Slope, double Intercept) ParseScaling(HeaderBytes header, string path)
    {
        var (slope, intercept) = (header.Real(header.Layout.Slope), header.Real(header.Layout.Intercept));
        if (!double.IsFinite(slope) || slope == 0)
        {
            return (1, 0);
        }

        return double.IsFinite(intercept) ? (slope, intercept) : throw BadHeader(path, "an intercept (scl_inter) that is not finite");
    }

    private static long ParseVoxelOffset(HeaderBytes header, bool isPair, string path)
    {
        var offset = header.VoxelOffset;
        if (!double.IsInteger(offset) || offset < 0)
        {
            throw BadHeader(path, "a start of its voxels (vox_offset) that is no place in the file");
        }

        if (offset >= long.MaxValue)
        {
            throw Refusal.Of(ImageFault.Truncated, path, "its voxels start behind its end. Copy it again.");
        }

        // nifti1.h: in a single file, less than the end of the header means the end of the header.
        return Math.Max((long)offset, isPair ? 0 : header.Layout.Length + HeaderLayout.ExtensionFlagBytes);
    }

    private static ImageFileException NotNifti(string path) =>
        Refusal.Of(ImageFault.NotNifti, path, "it is not a NIfTI-1 or NIfTI-2 image. Convert it first, for example with dcm2niix or nibabel.");

    private static ImageFileException BadHeader(string path, string found) =>
        Refusal.Of(ImageFault.BadHeader, path, $"its header holds {found}. The file is damaged: convert the image again.");
}
