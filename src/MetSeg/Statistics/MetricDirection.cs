using System.Text.RegularExpressions;

namespace MetSeg.Statistics;

/// <summary>Which way a metric is better, as far as its name tells.</summary>
public static partial class MetricDirection
{
    /// <summary>
    /// True for distances and errors, false for overlaps and detection scores, null for names that say neither: volumes, counts,
    /// and specificity, which is nearly 1 always and never ranks cases.
    /// </summary>
    /// <param name="column">A column such as hd95, DICE_et or lesionF1.</param>
    public static bool? LowerIsBetter(string column) =>
        Lower().IsMatch(column) ? true : Higher().IsMatch(column) ? false : null;

    [GeneratedRegex(@"hausdorff|(^|[^a-z])hd(95|100)?([^a-z]|$)|distance|(^|[^a-z])m?as?sd([^a-z]|$)|error|false|lesionf[pn]", RegexOptions.IgnoreCase)]
    private static partial Regex Lower();

    [GeneratedRegex(@"dice|dsc|(^|[^a-z])nsd([^a-z]|$)|sensitivity|recall|precision|(^|[^a-z]|lesion)f[12]([^a-z0-9]|$)|iou|jaccard", RegexOptions.IgnoreCase)]
    private static partial Regex Higher();
}
