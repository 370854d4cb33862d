using MetSeg.Evaluation;
using MetSeg.Reports;

namespace MetSeg.Learning.Experiments;

/// <summary>The part of a report that says how far the hospitals lie apart before and after harmonization, and what that did to the images.</summary>
internal static class DomainGapSection
{
    /// <summary>Adds tables and figures.</summary>
    public static void Add(ReportSection section, DomainAssessmentResult gap)
    {
        section.Paragraph(
            $"A logistic regression is asked, by cross-validation over {gap.Cases} scans of {gap.Patients} patients, which hospital a scan comes from; scans of a patient "
            + "are never parted. The less it can tell, the smaller the gap. Image rows compare like with like; paper P1 compares the first row with the third.");
        section.Table(Measures(gap));
        if (gap.LesionContrast.Count > 0)
        {
            section.Table(Contrast(gap));
        }

        var measures = Enumerable.Range(0, gap.Measures.Count).ToList();
        section.Figures(
        [
            .. measures.Select(i => new ReportFigure(
                DomainFigures.Confusion(gap, i), $"True (rows) and recognized (columns) hospital by {gap.Measures[i].Features}.", "Confusion matrix of the domain classifier")),
            .. measures.Select(i => new ReportFigure(
                DomainFigures.Neighborhoods(gap, i),
                $"All scans by t-SNE of: {gap.Measures[i].Features}. Distances between groups and their sizes mean nothing.", "Scatter plot of scans by hospital")),
            new ReportFigure(DomainFigures.LatentMap(gap), "Latent codes of all scans in their first two principal components.", "Scatter plot of latent codes by hospital"),
        ]);
    }

    private static ReportTable Measures(DomainAssessmentResult gap) => new(
        "Domain gap by features",
        ["Features", "Accuracy", "Balanced accuracy", "Macro F1", "Chance", "Majority", "MMD²", "p of MMD²", "A-distance"],
        [.. gap.Measures.Select(m => new ReportRow(
        [
            m.Features, ReportCell.Number(m.Accuracy), ReportCell.Number(m.BalancedAccuracy), ReportCell.Number(m.MacroF1),
            ReportCell.Number(m.ChanceRate), ReportCell.Number(m.MajorityRate), ReportCell.Number(m.Discrepancy.Mean.Unbiased),
            ReportCell.Number(m.Discrepancy.Mean.P), ReportCell.Number(m.ProxyDistance.Mean, "0.00"),
        ]))])
    {
        Notes =
        [
            "MMD²: unbiased, Gaussian kernels as wide as ½, 1 and 2 times the median distance, mean over pairs of hospitals; p by permutation of patients. Each row has kernels of its "
            + "own width, so MMD² compares hospitals within a row. A-distance: 2(1 − 2ε) from the balanced cross-validated error, mean over pairs; 0 is no better than guessing, 2 is always right.",
            $"Active latent units (variance of the mean over scans above 0.01): {gap.ActiveUnits} of {gap.LatentUnits}; few would mean that the latent code is not used.",
            $"Harmonized against original scans, medians: PSNR {ReportCell.Number(gap.MedianPsnr, "0.0").Text} dB, SSIM {ReportCell.Number(gap.MedianSsim).Text}.",
        ],
    };

    private static ReportTable Contrast(DomainAssessmentResult gap) => new(
        $"Contrast of lesions on {gap.LabelledCases} labelled scans, before and after harmonization",
        ["Lesion volume", "Lesions", "Left out", "Contrast before", "after", "Mean change (%)", "Peak before", "after", "Mean change (%)"],
        [.. gap.LesionContrast.Select(bin => new ReportRow(
            [bin.Name, ReportCell.NumberText($"{bin.N}"), ReportCell.NumberText($"{bin.LeftOut}"), .. Cells(bin.ContrastToNoise), .. Cells(bin.Peak)]))])
    {
        Notes =
        [
            "Contrast-to-noise ratio: (mean, or maximum for the peak, of the lesion − mean of a shell of 3 mm around it) / standard deviation of the shell, on the preprocessed grid. "
            + "Left out: lesions without a shell, and those not brighter than their surroundings before.",
        ],
    };

    private static ReportCell[] Cells(ContrastChangeValue change) =>
    [
        ReportCell.Number(change.Before, "0.00"), ReportCell.Number(change.After, "0.00"), ReportCell.Number(100 * change.MeanRelativeChange, "+0.0;−0.0;0.0"),
    ];
}
