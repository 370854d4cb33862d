using MathNet.Numerics.IntegralTransforms;
using MetSeg.Evaluation;
using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

/// <summary>The domain gap is real: a linear classifier on histogram and power spectrum names the hospital of an unseen patient.</summary>
public class HospitalGapTests
{
    private const int Patients = 6;
    private static readonly SimulationOptions options = new() { Size = 40 };

    private static readonly Lazy<List<(string Name, Volume Image)>> scans = new(() =>
        [.. options.Institutions.SelectMany(name => Enumerable.Range(1, Patients).Select(patient => (name, patient))).AsParallel().AsOrdered()
            .Select(scan => (scan.name, SimulatedScan.Create(Institution.Named(scan.name), scan.patient, 1, options).Image))]);

    [Fact]
    public void As_stored_at_least_nine_of_ten_are_told_apart() => Assert.InRange(Accuracy(isZScored: false), 0.9, 1);

    [Fact]
    public void After_z_score_at_least_seven_of_ten_are_told_apart() => Assert.InRange(Accuracy(isZScored: true), 0.7, 1);

    private static double Accuracy(bool isZScored) => DomainGap.Assess(
        [.. scans.Value.Select(scan => Features(scan.Image, isZScored))], [.. scans.Value.Select(scan => scan.Name)]).Accuracy;

    private static double[] Features(Volume image, bool isZScored)
    {
        var brain = image.Voxels.Where(value => value > 0).Select(value => (double)value).ToList();
        var mean = brain.Average();
        var deviation = Math.Sqrt(brain.Average(value => (value - mean) * (value - mean)));
        var histogram = new double[16];
        foreach (var value in brain)
        {
            histogram[(int)Math.Clamp(6 + (2 * (value - mean) / deviation), 0, 15)] += 1.0 / brain.Count;
        }

        double[] scaleFree = [.. histogram, .. Spectrum(image, mean, deviation)];
        return isZScored ? scaleFree : [.. scaleFree, Math.Log(mean), Math.Log(deviation)];
    }

    /// <summary>Logarithm of the mean power along x in four bands.</summary>
    private static double[] Spectrum(Volume image, double mean, double deviation)
    {
        var (size, power) = (image.Grid.Size, new double[4]);
        for (var row = 0; row < size.Y * size.Z; row++)
        {
            var line = Enumerable.Range(0, size.X).Select(x => image.Voxels[(row * size.X) + x])
                .Select(value => new System.Numerics.Complex(value > 0 ? (value - mean) / deviation : 0, 0)).ToArray();
            Fourier.Forward(line);
            for (var k = 1; k <= size.X / 2; k++)
            {
                power[Math.Min(8 * k / size.X, 3)] += (line[k].Real * line[k].Real) + (line[k].Imaginary * line[k].Imaginary);
            }
        }

        return [.. power.Select(value => Math.Log(value + 1e-9))];
    }
}
