using ScottPlot;

namespace MetSeg.Reports;

/// <summary>Voxels, or lesions, whose predicted probability falls into one bin.</summary>
/// <param name="N">Their number, 0 or more.</param>
/// <param name="MeanProbability">Mean of their probabilities.</param>
/// <param name="ObservedShare">Share of them that the reference marks.</param>
public sealed record ReliabilityBin(long N, double MeanProbability, double ObservedShare);

/// <summary>The bins of one method.</summary>
/// <param name="Name">Name in the legend, to which the chart adds the expected calibration error.</param>
/// <param name="Bins">The bins by rising probability; empty ones are left out.</param>
public sealed record ReliabilitySeries(string Name, IReadOnlyList<ReliabilityBin> Bins)
{
    /// <summary>Expected calibration error: Σ n |share − probability| / Σ n; NaN where all bins are empty.</summary>
    /// <remarks>Naeini, Cooper and Hauskrecht, AAAI 2015; Guo et al., ICML 2017, equation 3.</remarks>
    public double ExpectedCalibrationError =>
        Filled.Sum(bin => bin.N * Math.Abs(bin.ObservedShare - bin.MeanProbability)) / Filled.Sum(bin => bin.N);

    /// <summary>The bins that hold anything.</summary>
    internal IReadOnlyList<ReliabilityBin> Filled => [.. Bins.Where(bin => bin.N > 0)];
}

/// <summary>
/// A reliability diagram: how often what was predicted with a probability is there, beside how many voxels have it. On the dashed diagonal
/// probabilities mean what they say; below it the method is overconfident.
/// </summary>
public sealed record ReliabilityChart
{
    /// <summary>The methods.</summary>
    public required IReadOnlyList<ReliabilitySeries> Series { get; init; }

    /// <summary>What is counted. The default is "voxels".</summary>
    public string Counted { get; init; } = "voxels";

    /// <summary>Title above the chart. The default is none.</summary>
    public string? Title { get; init; }

    /// <summary>Width of each of the two panels in CSS pixels. The default is 520.</summary>
    public int PanelWidth { get; init; } = 520;

    /// <summary>Height in CSS pixels. The default is 440.</summary>
    public int Height { get; init; } = 440;

    /// <summary>Draws the chart.</summary>
    /// <exception cref="ArgumentException">There is no method, or a filled bin's values are not shares, or a count is negative.</exception>
    public Figure Draw()
    {
        if (Series.Count == 0 || Series.SelectMany(series => series.Bins).Any(bin => bin.N < 0
            || (bin.N > 0 && !(bin.MeanProbability is >= 0 and <= 1 && bin.ObservedShare is >= 0 and <= 1))))
        {
            throw new ArgumentException("A reliability chart needs methods whose bins hold counts and shares from 0 to 1.");
        }

        using var reliability = Reliability();
        using var counts = Counts();
        return ChartCanvas.Render([reliability, counts], 2 * PanelWidth, Height);
    }

    private Plot Reliability()
    {
        var plot = ChartCanvas.Create(Title, "predicted probability", $"observed share of {Counted}");
        plot.Add.Line(0, 0, 1, 1).LineStyle = new LineStyle { Color = ChartCanvas.Ink.WithAlpha(0.6), Width = 1.5f, Pattern = LinePattern.Dashed };
        for (var i = 0; i < Series.Count; i++)
        {
            var bins = Series[i].Filled;
            var line = plot.Add.Scatter(bins.Select(bin => bin.MeanProbability).ToArray(), bins.Select(bin => bin.ObservedShare).ToArray());
            (line.Color, line.LineWidth, line.MarkerSize) = (Color.FromHex(Palette.ColorOf(i)), 2, 7);
        }

        plot.Axes.SetLimits(-0.02, 1.02, -0.02, 1.02);
        ChartCanvas.SetUnitTicks(plot.Axes.Left);
        ChartCanvas.SetUnitTicks(plot.Axes.Bottom);
        ChartCanvas.ShowLegendAbove(plot, Series.Select((series, i) => new LegendItem
        {
            LabelText = $"{series.Name} (ECE {series.ExpectedCalibrationError:0.000})", LineColor = Color.FromHex(Palette.ColorOf(i)), LineWidth = 3,
        }));
        return plot;
    }

    private Plot Counts()
    {
        var plot = ChartCanvas.Create(null, "predicted probability", $"number of {Counted} in the bin");
        for (var i = 0; i < Series.Count; i++)
        {
            var bins = Series[i].Filled;
            var line = plot.Add.Scatter(bins.Select(bin => bin.MeanProbability).ToArray(), bins.Select(bin => Math.Log10(bin.N)).ToArray());
            (line.Color, line.LineWidth, line.MarkerSize) = (Color.FromHex(Palette.ColorOf(i)), 2, 7);
        }

        var most = Series.SelectMany(series => series.Filled).Select(bin => Math.Log10(bin.N)).Append(1).Max();
        plot.Axes.SetLimits(-0.02, 1.02, -0.1, most * 1.05);
        ChartCanvas.SetUnitTicks(plot.Axes.Bottom);
        ChartCanvas.SetLogarithmicTicks(plot.Axes.Left, 0, most);
        ChartCanvas.ShowLegendAbove(plot, Series.Select((series, i) => new LegendItem
        {
            LabelText = $"{series.Name} (n = {series.Bins.Sum(bin => bin.N):#,0})", LineColor = Color.FromHex(Palette.ColorOf(i)), LineWidth = 3,
        }));
        return plot;
    }
}
