namespace MetSeg.Evaluation;

/// <summary>Percentile bootstrap over patients: all cases of a patient are drawn together, so that intervals do not shrink by repeated scans.</summary>
/// <remarks>Efron 1979; for clusters Field and Welsh, J R Stat Soc B 2007;69:369.</remarks>
internal sealed class PatientResampling
{
    private readonly int[][] casesOfPatient;
    private readonly int resamples;

    /// <summary>Groups cases by patient, in the order of each patient's first case.</summary>
    /// <param name="patientOfCase">The patient of each case.</param>
    /// <param name="resamples">Number of resamples.</param>
    public PatientResampling(IReadOnlyList<string> patientOfCase, int resamples)
    {
        casesOfPatient = [.. Enumerable.Range(0, patientOfCase.Count).GroupBy(i => patientOfCase[i], StringComparer.Ordinal).Select(cases => cases.ToArray())];
        this.resamples = resamples;
    }

    /// <summary>The 95 % interval of a statistic over resampled patients; NaN for fewer than two patients.</summary>
    /// <param name="random">Draws patients.</param>
    /// <param name="statistic">The statistic of the cases drawn, given by their places; resamples where it is undefined are left out.</param>
    public (double Low, double High) Interval(Random random, Func<IReadOnlyList<int>, double> statistic)
    {
        if (casesOfPatient.Length < 2)
        {
            return (double.NaN, double.NaN);
        }

        var drawn = new List<int>();
        var values = new List<double>(resamples);
        for (var resample = 0; resample < resamples; resample++)
        {
            drawn.Clear();
            for (var i = 0; i < casesOfPatient.Length; i++)
            {
                drawn.AddRange(casesOfPatient[random.Next(casesOfPatient.Length)]);
            }

            values.Add(statistic(drawn));
        }

        var sorted = values.Where(double.IsFinite).Order().ToArray();
        return (Quantile.OfSorted(sorted, 0.025), Quantile.OfSorted(sorted, 0.975));
    }
}
