namespace MetSeg.Nifti;

/// <summary>
/// What a NIfTI header says about its image, checked. Free text (description, names, extensions) is left out: it may hold a patient's name.
/// </summary>
public sealed record NiftiHeader
{
    /// <summary>1 or 2: NIfTI-1 (348-byte header) or NIfTI-2 (540 bytes).</summary>
    public required int Version { get; init; }

    /// <summary>Whether the voxels are in a second file (.hdr and .img).</summary>
    public required bool IsPair { get; init; }

    /// <summary>Whether the file stores the most significant byte first.</summary>
    public required bool IsBigEndian { get; init; }

    /// <summary>How a voxel is stored.</summary>
    public required NiftiDatatype Datatype { get; init; }

    /// <summary>Size, spacing, orientation and origin, in mm.</summary>
    public required Grid Grid { get; init; }

    /// <summary>Where the first voxel lies, in bytes from the start of the file that holds the voxels.</summary>
    public required long VoxelOffset { get; init; }

    /// <summary>Factor from stored to real values; 1 where the file leaves its values unscaled (a slope of 0 or one that is not finite).</summary>
    public required double Slope { get; init; }

    /// <summary>Added after <see cref="Slope"/>; 0 where the file leaves its values unscaled.</summary>
    public required double Intercept { get; init; }

    /// <summary>Whether stored values must be scaled to be real ones.</summary>
    public bool IsScaled => Slope != 1 || Intercept != 0;

    /// <summary>Bytes of one stored voxel.</summary>
    public int BytesPerVoxel => Datatype switch
    {
        NiftiDatatype.UInt8 or NiftiDatatype.Int8 => 1,
        NiftiDatatype.Int16 or NiftiDatatype.UInt16 => 2,
        NiftiDatatype.Int32 or NiftiDatatype.UInt32 or NiftiDatatype.Float32 => 4,
        _ => 8,
    };

    /// <summary>Bytes of all stored voxels.</summary>
    public long VoxelBytes => (long)Grid.Size.Count * BytesPerVoxel;
}
