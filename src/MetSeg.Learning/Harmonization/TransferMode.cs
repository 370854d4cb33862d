namespace MetSeg.Learning.Harmonization;

/// <summary>How what the autoencoder reconstructs gets into the volume.</summary>
public enum TransferMode
{
    /// <summary>
    /// The whole volume is resized, reconstructed and resized back: paper P1. At 128³ a metastasis of two or three voxels is lost twice.
    /// </summary>
    Volume,

    /// <summary>
    /// The volume keeps its voxels; the difference between the reconstruction and its input is resized back and added. Trained as
    /// <see cref="Volume"/>.
    /// </summary>
    Residual,

    /// <summary>
    /// Overlapping patches at the volume's own resolution are reconstructed and blended, all with the latent code of the whole resized volume:
    /// see <see cref="Networks.PatchCode"/>. It learns from such patches.
    /// </summary>
    Patches,
}
