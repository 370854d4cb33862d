using MetSeg.Imaging;

namespace MetSeg.Learning.Patches;

/// <summary>
/// Spoils the segmentation of a cascade's first stage, so that the second does not trust it blindly: at random its classes are dilated, eroded,
/// opened or closed, and small components are removed.
/// </summary>
/// <remarks>
/// nnU-Net v2, the last transforms of its cascade trainer: morphology with probability 0.4 and a ball of radius 1–8, removal with
/// probability 0.2 of a component that covers less than 15 % of the patch; each label takes part with probability 0.5.
/// </remarks>
public sealed record PreviousStageNoise
{
    private const int LargestRadius = 8;
    private const double LargestRemoved = 0.15, OfLabel = 0.5;

    /// <summary>Probability of morphology. The default is 0.4.</summary>
    public double Morphology { get; init; } = 0.4;

    /// <summary>Probability of removal. The default is 0.2.</summary>
    public double Removal { get; init; } = 0.2;

    /// <summary>Spoils a patch.</summary>
    /// <param name="labels">The segmentation, [Z·Y·X], x fastest; changed.</param>
    /// <param name="size">Size of the patch.</param>
    /// <param name="classes">Highest label.</param>
    /// <param name="random">Where the draws come from.</param>
    public void Apply(byte[] labels, Size size, int classes, Random random)
    {
        var (changes, removes) = (random.NextDouble() < Morphology, random.NextDouble() < Removal);
        for (var label = 1; changes && label <= classes; label++)
        {
            if (random.NextDouble() < OfLabel)
            {
                Change(labels, size, (byte)label, random);
            }
        }

        for (var label = 1; removes && label <= classes; label++)
        {
            if (random.NextDouble() < OfLabel)
            {
                Remove(labels, size, (byte)label, random);
            }
        }
    }

    /// <summary>What a class gains is taken from the others, what it loses becomes background.</summary>
    private static void Change(byte[] labels, Size size, byte label, Random random)
    {
        var (operation, radius) = (random.Next(4), random.Next(1, LargestRadius + 1));
        var before = Mask(labels, size, label);
        var after = operation switch
        {
            0 => Imaging.Morphology.DilateByBall(before, radius),
            1 => Imaging.Morphology.ErodeByBall(before, radius),
            2 => Imaging.Morphology.OpenByBall(before, radius),
            _ => Imaging.Morphology.CloseByBall(before, radius),
        };
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = after.Labels[i] != 0 ? label : labels[i] == label ? (byte)0 : labels[i];
        }
    }

    private static void Remove(byte[] labels, Size size, byte label, Random random)
    {
        var mask = Mask(labels, size, label);
        var components = Components.Find(mask);
        var small = components.Items.Where(item => item.Voxels < LargestRemoved * labels.Length).ToList();
        if (small.Count == 0)
        {
            return;
        }

        var chosen = small[random.Next(small.Count)];
        var kept = components.Keep(mask.Grid, item => item.Id != chosen.Id);
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = labels[i] == label && kept.Labels[i] == 0 ? (byte)0 : labels[i];
        }
    }

    private static LabelMap Mask(byte[] labels, Size size, byte label) =>
        new(Grid.Axial(size, new Spacing(1, 1, 1)), Array.ConvertAll(labels, value => value == label ? (byte)1 : (byte)0));
}
