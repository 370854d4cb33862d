using MetSeg.Evaluation;

namespace MetSeg.Reports;

/// <summary>Results by lesion volume: smooth curves with bands over patients, and a table of bins.</summary>
/// <remarks>Paper P3 (medRxiv 2025.08.22.25334255) argues that scores over all lesions hide what happens to small ones.</remarks>
internal static class VolumeSection
{
    public static void AddTo(ReportSection section, EvaluationReport report)
    {
        foreach (var region in report.First.Regions)
        {
            var lesions = report.Methods.Select(method => method.Evaluation.Lesions.Where(lesion => lesion.Region == region).ToList()).ToList();
            if (lesions.All(list => list.Count == 0))
            {
                section.Paragraph($"There is no lesion{report.InRegion(region)}.");
                continue;
            }

            AddCurves(section, report, lesions, region);
            section.Table(Table(report, lesions, region));
        }
    }

    private static void AddCurves(ReportSection section, EvaluationReport report, List<List<ListedLesion>> lesions, string region)
    {
        var curves = lesions.Select(list => VolumeCurves.Of(list, report.PatientOfCase, report.Options.Curves)).ToList();
        double[] rug = [.. lesions[0].Where(lesion => lesion.Kind == LesionKind.Reference).Select(lesion => lesion.VolumeCm3)];
        var place = report.InRegion(region);
        var how = Explanation(report);
        const string reference = "reference lesion volume (cm³)";
        var volumes = lesions.SelectMany(list => list).Select(lesion => lesion.VolumeCm3).ToList();
        section.Figure(new ReportFigure(
            new CurveChart
            {
                Panels =
                [
                    Panel("lesion sensitivity", reference, curve => curve.Sensitivity, rug) with { UnitRange = true },
                    Panel("Dice of found lesions", reference, curve => curve.Dice, rug) with { UnitRange = true },
                ],
            }.Draw(),
            $"Sensitivity and Dice by volume{place}. {how} Short ticks on the axis: reference lesions.",
            $"Lesion sensitivity and Dice over lesion volume{place}"));
        var byPredicted = curves.All(one => one.PrecisionIsByPredictedVolume);
        section.Figure(new ReportFigure(
            new CurveChart
            {
                Panels =
                [
                    Panel("HD95 of found lesions (mm)", reference, curve => curve.Hd95, rug) with { FromZero = true },
                    Panel("precision", byPredicted ? "predicted volume (cm³)" : "lesion volume (cm³; false positives: predicted)", curve => curve.Precision, []) with { UnitRange = true },
                ],
            }.Draw(),
            $"HD95 and precision by volume{place}. {how} A false positive stands at its predicted volume, a found lesion "
            + (byPredicted ? "at that of what was predicted of it." : "at its reference volume, because the tables do not say what was predicted of it."),
            $"HD95 and precision over lesion volume{place}"));

        CurvePanel Panel(string label, string xLabel, Func<VolumeCurves, VolumeCurve> of, double[] ticks) => new(
            label, [.. curves.Select((one, i) => Curve(report.Methods[i].Name, of(one)))]) 
        {
            XLabel = xLabel, LogarithmicX = true, Rug = ticks, XRange = volumes.Min() < volumes.Max() ? (volumes.Min(), volumes.Max()) : null,
        };
    }

    private static Curve Curve(string name, VolumeCurve curve) =>
        new($"{name} (n = {curve.N})", [.. curve.Points.Select(point => (point.VolumeCm3, point.Value))])
        {
            Band = [.. curve.Points.Select(point => (point.Low, point.High))],
        };

    private static string Explanation(EvaluationReport report)
    {
        var options = report.Options.Curves;
        var factor = Math.Pow(10, options.BandwidthDecades);
        return $"n: lesions. Mean weighted by a Gaussian kernel of {options.BandwidthDecades} decades (a factor of {factor:0.0}) in log volume; bands: {100 * options.Confidence:0.#} %, "
            + $"bootstrap over {report.Patients} patients, {options.Resamples} resamples. Gaps: fewer than {options.LeastEffective} effective lesions.";
    }

    private static ReportTable Table(EvaluationReport report, List<List<ListedLesion>> lesions, string region)
    {
        var curves = report.Options.Curves;
        var bins = lesions.Select(list => VolumeBin.Of(list, report.PatientOfCase, report.Options.BinEdges, curves.Resamples, curves.Seed)).ToList();
        return new ReportTable(
            $"Lesions by volume{report.InRegion(region)}" + (report.Methods.Count > 1 ? "; the best method of a row in bold" : ""),
            ["Volume (cm³)", "Score", "n", .. report.Methods.Select(method => method.Name)],
            [.. bins[0].SelectMany((bin, i) => Rows(bin, [.. bins.Select(method => method[i])]))])
        {
            Notes =
            [
                "Volume of the reference lesion; of the predicted component for false positives. Brackets: 95 % bootstrap interval over patients.",
                "Dice and HD95 are of found lesions alone: methods that find other lesions do not compare by them, so none is in bold.",
            ],
        };
    }

    private static IEnumerable<ReportRow> Rows(VolumeBin bin, VolumeBin[] methods)
    {
        var found = string.Join(" / ", methods.Select(method => method.Found).Distinct().Count() == 1 ? [methods[0].Found] : methods.Select(method => method.Found));
        yield return Row("Sensitivity", $"{bin.Lesions} lesions, {bin.Patients} patients", method =>
            ReportCell.Interval(method.Sensitivity, method.SensitivityInterval.Low, method.SensitivityInterval.High), BestValue.Highest);
        yield return Row("Dice, mean", $"{found} found", method => ReportCell.Interval(method.MeanDice, method.DiceInterval.Low, method.DiceInterval.High), BestValue.None);
        yield return Row("HD95 (mm), median", $"{found} found", method => ReportCell.Number(method.MedianHd95, "0.0"), BestValue.None);
        yield return Row("False positives", "", method => ReportCell.Number(method.FalsePositives, "0"), BestValue.Lowest);

        ReportRow Row(string score, string n, Func<VolumeBin, ReportCell> cell, BestValue best) =>
            new([bin.Name, score, ReportCell.NumberText(n), .. methods.Select(cell)], best) { BeginsGroup = bin.AboveCm3 > 0 && score == "Sensitivity" };
    }
}
