using MetSeg.Imaging;
using Xunit;

namespace MetSeg.Tests.Imaging;

public class BiasFieldOptionsTests
{
    [Fact]
    public void Defaults_are_those_of_the_paper()
    {
        var options = new BiasFieldOptions();

        Assert.Equal((4, 50, 0.001, 4), (options.Levels, options.Iterations, options.Convergence, options.ShrinkFactor));
        Assert.Equal((200, 0.15, 0.01, 10.0), (options.HistogramBins, options.FullWidth, options.WienerNoise, options.ShortestSpanMm));
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void All_faults_are_reported_together()
    {
        var options = new BiasFieldOptions
        {
            Levels = 0, Iterations = 0, Convergence = -1, ShrinkFactor = 0, HistogramBins = 1, FullWidth = 0, WienerNoise = double.NaN,
            ShortestSpanMm = double.PositiveInfinity,
        };

        string[] keys = ["levels", "iterations", "convergence", "shrinkFactor", "histogramBins", "fullWidth", "wienerNoise", "shortestSpanMm"];
        Assert.Equal(keys, options.Problems().Select(problem => problem.Split(' ')[0]));
    }
}
