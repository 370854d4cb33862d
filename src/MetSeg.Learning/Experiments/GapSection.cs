using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>The domain gap before and after harmonization as a section of a report.</summary>
internal static class GapSection
{
    public static void AddTo(ReportSection section, DomainAssessmentResult gap)
    {
        section.Paragraph(
            $"A logistic regression is asked, by cross-validation over all {gap.Cases} scans, which hospital a scan comes from. The less it can "
                + "tell, the smaller the gap. "
            + "Image rows compare like with like; paper P1 compares the first row with the third.");
        section.Table(new ReportTable(
            $"Domain classifier, {gap.Cases} scans of {gap.Institutions.Count} hospitals",
            ["Features", "Accuracy", "Balanced accuracy", "Macro F1", "Chance", "Majority"],
            [.. gap.Measures.Select(m => new ReportRow(
            [
                m.Features, ReportCell.Number(m.Accuracy), ReportCell.Number(m.BalancedAccuracy), ReportCell.Number(m.MacroF1),
                ReportCell.Number(m.ChanceRate), ReportCell.Number(m.MajorityRate),
            ]))])
        {
            Notes =
            [
                $"Active latent units (variance of the mean over scans above 0.01): {gap.ActiveUnits} of {gap.LatentUnits}; few would mean that "
                    + "the latent code is not used.",
                $"Median PSNR of harmonized against original scans: {gap.MedianPsnr:0.0} dB.",
            ],
        });
        section.Figures(
        [
            .. Enumerable.Range(0, gap.Measures.Count).Select(i => new ReportFigure(
                DomainAssessment.Confusion(gap, i), $"True (rows) and recognized (columns) hospital by {gap.Measures[i].Features}; n = "
                    + $"{gap.Cases} scans.", "Confusion matrix of the domain classifier")),
            new ReportFigure(DomainAssessment.LatentMap(gap), $"Latent codes of all {gap.Cases} scans in their first two "
                + "principal components.", "Scatter plot of latent codes by hospital"),
        ]);
    }
}
