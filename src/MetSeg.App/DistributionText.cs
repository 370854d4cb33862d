using MetSeg.Learning.Harmonization;

namespace MetSeg.App;

/// <summary>Says how unlike a harmonizer's own scans a scan is.</summary>
internal static class DistributionText
{
    /// <summary>Writes one line, and a second one to warn of a scan that is unlike all others; nothing where there is no score.</summary>
    public static void Write(string id, DistributionScore? score, TextWriter text)
    {
        if (score is not null)
        {
            text.WriteLine($"{id}: {score.Text}");
        }

        if (score?.Warning is { } warning)
        {
            text.WriteLine($"  warning: {id} is {warning}");
        }
    }
}
