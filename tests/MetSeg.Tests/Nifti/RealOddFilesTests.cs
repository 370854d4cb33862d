using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>Odd files of other projects. Digests, orientations and spacings are what nibabel 5.0.0 reads.</summary>
public class RealOddFilesTests
{
    [Theory]
    [InlineData("S0_10slices.nii.gz", "RAS", 2, 2, 53.1413, "4ac75a34dec85f1e")]
    [InlineData("air.hdr.gz", "AIR", 2.3898, 2.3665, 2.3852, "96e0bda0d888736f")]
    [InlineData("air.img.gz", "AIR", 2.3898, 2.3665, 2.3852, "96e0bda0d888736f")]
    [InlineData("anatomical.nii", "LAS", 2, 2, 2, "a30adcd615b9289f")]
    [InlineData("avg152T1_LR_nifti.nii.gz", "LAS", 2, 2, 2, "1d0889515a1ba6b9")]
    [InlineData("avg152T1_LR_nifti2.nii.gz", "LAS", 2, 2, 2, "1d0889515a1ba6b9")]
    [InlineData("big.nii.gz", "LAS", 4, 4, 6, "7c1d23c32f704fca")]
    [InlineData("little.nii.gz", "LAS", 4, 4, 6, "7c1d23c32f704fca")]
    [InlineData("minimal.nii.gz", "RAS", 3, 3, 3, "a9e91a3ee8245d28")] // no form: RAS by the standard, where nibabel mirrors x
    [InlineData("ras.hdr", "RAS", 2.3852, 2.3898, 2.3665, "c27d04b50bb60abb")]
    [InlineData("reoriented_anat_moved.nii", "RAS", 4, 4, 4, "eb44bfa9c00d851f")]
    [InlineData("shear.nii.gz", "RAS", 0.4824, 0.4824, 2.3708, "fc82cabd42f6c3db")]
    [InlineData("someones_anatomy.nii.gz", "RAS", 2.75, 2.75, 2.75, "5a0e778d1933e8e1")]
    [InlineData("someones_epi.nii.gz", "RAS", 3, 3, 3, "d2c9abbc65d5fbeb")]
    [InlineData("spmMotor.nii.gz", "LAS", 2, 2, 2, "66db5792f81cd72a")]
    [InlineData("standard.nii.gz", "RAS", 1, 3, 2, "63c5454014c0c724")]
    [InlineData("with_extension.nii.gz", "LPI", 1, 1, 1, "83569fd896c28bff")]
    public void Reads_as_nibabel_does(string name, string orientation, double x, double y, double z, string digest)
    {
        var volume = NiftiReader.ReadVolume(SharedData.PathOf($"data/nifti-odd/{name}"));

        Assert.Equal(digest, VoxelDigest.Of(volume.Voxels.AsSpan())[..16]);
        Assert.Equal(orientation, volume.Grid.Orientation);
        Assert.All(new[] { x, y, z }.Zip(volume.Grid.Spacing.ToArray()), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-4));
    }

    [Theory]
    [InlineData("5D_small.nii", ImageFault.Unsupported, "several volumes")]
    [InlineData("example4d.nii.gz", ImageFault.Unsupported, "several volumes")]
    [InlineData("example_nifti2.nii.gz", ImageFault.Unsupported, "several volumes")]
    [InlineData("functional.nii", ImageFault.Unsupported, "several volumes")]
    [InlineData("complex_image.nii.gz", ImageFault.Unsupported, "complex64")]
    [InlineData("ct_perfusion.nii.gz", ImageFault.Unsupported, "RGB24")]
    [InlineData("r16slice-2d.nii.gz", ImageFault.Unsupported, "single slice")]
    [InlineData("analyze75-avg152T1.hdr.gz", ImageFault.NotNifti, "not a NIfTI")]
    [InlineData("not-nifti.nii", ImageFault.NotNifti, "not a NIfTI")]
    [InlineData("orientations", ImageFault.NotAFile, "folder")]
    public void Refuses_by_name_what_is_no_single_intensity_volume(string name, ImageFault fault, string reason)
    {
        var refusal = Assert.Throws<ImageFileException>(() => NiftiReader.ReadVolume(SharedData.PathOf($"data/nifti-odd/{name}")));

        Assert.Equal(fault, refusal.Fault);
        Assert.Contains(reason, refusal.Message);
        Assert.Contains(name, refusal.Message);
    }
}
