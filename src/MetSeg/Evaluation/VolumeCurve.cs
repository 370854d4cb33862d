namespace MetSeg.Evaluation;

/// <summary>How values become a smooth function of volume.</summary>
public sealed record VolumeCurveOptions
{
    /// <summary>Standard deviation of the Gaussian kernel, in decades of volume. The default is 0.25, a factor of 1.8.</summary>
    public double BandwidthDecades { get; init; } = 0.25;

    /// <summary>Number of volumes at which the curve is computed, evenly spaced in log volume. The default is 61.</summary>
    public int Points { get; init; } = 61;

    /// <summary>Least effective number of lesions at a volume; the curve has a gap where there are fewer. The default is 3.</summary>
    public double LeastEffective { get; init; } = 3;

    /// <summary>Confidence of the band. The default is 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Resamples of the patients behind the band. The default is 1000.</summary>
    public int Resamples { get; init; } = 1000;

    /// <summary>Seed of the resamples. The default is 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Everything that is wrong, one sentence a fault.</summary>
    public IEnumerable<string> Problems()
    {
        if (!(BandwidthDecades is > 0 and <= 10))
        {
            yield return $"bandwidth must be above 0 and at most 10 decades, not {BandwidthDecades}.";
        }

        if (Points is < 2 or > 10_000)
        {
            yield return $"points must be from 2 to 10000, not {Points}.";
        }

        if (!(LeastEffective >= 1 && double.IsFinite(LeastEffective)))
        {
            yield return $"leastEffective must be 1 or more, not {LeastEffective}.";
        }

        if (!(Confidence is > 0 and < 1))
        {
            yield return $"confidence must be between 0 and 1, not {Confidence}.";
        }

        if (Resamples is < 1 or > 1_000_000)
        {
            yield return $"resamples must be from 1 to 1000000, not {Resamples}.";
        }
    }
}

/// <summary>A value at a volume: whether a lesion was found (1 or 0), its Dice, its distance.</summary>
/// <param name="Patient">Whose lesion it is.</param>
/// <param name="VolumeCm3">The lesion's volume in cm³, positive.</param>
/// <param name="Value">The value; NaN where undefined.</param>
public sealed record VolumeValue(string Patient, double VolumeCm3, double Value);

/// <summary>A point of a curve.</summary>
/// <param name="VolumeCm3">Where it is, in cm³.</param>
/// <param name="Value">The mean around there; NaN in a gap.</param>
/// <param name="Low">Lower end of the band; NaN in a gap and where fewer than two patients have values.</param>
/// <param name="High">Upper end of the band, likewise.</param>
/// <param name="Effective">Effective number of values there: Σ exp(−u²/2), one for each value at just this volume.</param>
public sealed record VolumeCurvePoint(double VolumeCm3, double Value, double Low, double High, double Effective);

/// <summary>
/// The mean of values as a smooth function of lesion volume: a local constant with Gaussian weights in log₁₀ volume. Its band is a percentile
/// bootstrap over patients, because lesions of one patient are not independent.
/// </summary>
/// <param name="Points">From the smallest volume to the largest; empty where there is no value.</param>
/// <param name="N">Number of values.</param>
/// <param name="Patients">Number of patients who have any.</param>
/// <remarks>
/// Nadaraya, Theory Probab Appl 1964;9:141 and Watson, Sankhyā A 1964;26:359. Paper P3 shows sensitivity, precision, Dice and HD95 so.
/// </remarks>
public sealed record VolumeCurve(IReadOnlyList<VolumeCurvePoint> Points, int N, int Patients)
{
    private const double LeastOfResample = 1;

    /// <summary>Smooths values.</summary>
    /// <param name="values">The values; those that are not finite are left out.</param>
    /// <param name="patients">All patients that were examined, also those without a lesion: the bootstrap draws from them.</param>
    /// <param name="options">Bandwidth, band and seed; null for the defaults.</param>
    /// <exception cref="ArgumentException">A volume is not positive and finite, or a value's patient is not among the patients.</exception>
    /// <exception cref="OptionsException">The options cannot work.</exception>
    public static VolumeCurve Of(IReadOnlyList<VolumeValue> values, IReadOnlyList<string> patients, VolumeCurveOptions? options = null)
    {
        options ??= new VolumeCurveOptions();
        OptionsException.ThrowIfAny("Volume curve", options.Problems());
        if (values.FirstOrDefault(value => !(value.VolumeCm3 > 0 && double.IsFinite(value.VolumeCm3))) is { } bad)
        {
            throw new ArgumentException($"The volume of a lesion of patient '{bad.Patient}' must be positive and finite, not {bad.VolumeCm3} cm³.", nameof(values));
        }

        var known = values.Where(value => double.IsFinite(value.Value)).ToList();
        if (known.Count == 0)
        {
            return new VolumeCurve([], 0, 0);
        }

        var sums = KernelSums.Of(known, patients, options);
        var band = sums.Owners.Count < 2 ? null : sums.Band(patients.Count, options);
        var points = sums.Places.Select((place, i) =>
        {
            var (weight, sum) = sums.Total(i);
            var isGap = weight < options.LeastEffective;
            var (low, high) = isGap || band is null ? (double.NaN, double.NaN) : band[i];
            return new VolumeCurvePoint(Math.Pow(10, place), isGap ? double.NaN : sum / weight, low, high, weight);
        });
        return new VolumeCurve([.. points], known.Count, sums.Owners.Count);
    }

    /// <summary>For each patient with values and each place the sum of kernel weights and of weighted values: resampling only adds them up.</summary>
    /// <param name="Places">Log₁₀ of the volumes.</param>
    /// <param name="Owners">Number in the list of all patients of each patient with values.</param>
    /// <param name="Weights">Sums of weights: owner by owner, place by place.</param>
    /// <param name="Sums">Sums of weighted values likewise.</param>
    private sealed record KernelSums(double[] Places, IReadOnlyList<int> Owners, double[][] Weights, double[][] Sums)
    {
        public static KernelSums Of(List<VolumeValue> values, IReadOnlyList<string> patients, VolumeCurveOptions options)
        {
            var places = PlacesBetween(values.Min(value => value.VolumeCm3), values.Max(value => value.VolumeCm3), options.Points);
            var owners = values.GroupBy(value => value.Patient, StringComparer.Ordinal)
                .Select(group => (Number: NumberOf(group.Key, patients), Values: group.ToList())).OrderBy(owner => owner.Number).ToList();
            double[][] weights = [.. owners.Select(_ => new double[places.Length])];
            double[][] sums = [.. owners.Select(_ => new double[places.Length])];
            for (var owner = 0; owner < owners.Count; owner++)
            {
                foreach (var value in owners[owner].Values)
                {
                    Add(value, places, options.BandwidthDecades, weights[owner], sums[owner]);
                }
            }

            return new KernelSums(places, [.. owners.Select(owner => owner.Number)], weights, sums);
        }

        public (double Weight, double Sum) Total(int place) => (Weights.Sum(weight => weight[place]), Sums.Sum(sum => sum[place]));

        /// <summary>
        /// Percentile interval at each place. Resamples that leave a place with less than one effective value are left out there.
        /// </summary>
        public (double Low, double High)[] Band(int patients, VolumeCurveOptions options)
        {
            var random = Seeds.Generator(options.Seed, "volume-curve");
            var values = Places.Select(_ => new List<double>(options.Resamples)).ToArray();
            var times = new int[patients];
            for (var resample = 0; resample < options.Resamples; resample++)
            {
                Array.Clear(times);
                for (var draw = 0; draw < patients; draw++)
                {
                    times[random.Next(patients)]++;
                }

                AddResample(times, values);
            }

            var tail = (1 - options.Confidence) / 2;
            return [.. values.Select(drawn =>
            {
                double[] sorted = [.. drawn.Order()];
                return (Quantile.OfSorted(sorted, tail), Quantile.OfSorted(sorted, 1 - tail));
            })];
        }

        private static double[] PlacesBetween(double least, double most, int count)
        {
            var (first, last) = (Math.Log10(least), Math.Log10(most));
            return first == last ? [first] : [.. Enumerable.Range(0, count).Select(i => first + ((last - first) * i / (count - 1)))];
        }

        private static int NumberOf(string patient, IReadOnlyList<string> patients)
        {
            for (var i = 0; i < patients.Count; i++)
            {
                if (patients[i] == patient)
                {
                    return i;
                }
            }

            throw new ArgumentException($"Patient '{patient}' has a lesion but is not among the patients.", nameof(patients));
        }

        private static void Add(VolumeValue value, double[] places, double bandwidth, double[] weights, double[] sums)
        {
            var at = Math.Log10(value.VolumeCm3);
            for (var i = 0; i < places.Length; i++)
            {
                var u = (places[i] - at) / bandwidth;
                var weight = Math.Exp(-u * u / 2);
                weights[i] += weight;
                sums[i] += weight * value.Value;
            }
        }

        private void AddResample(int[] times, List<double>[] values)
        {
            for (var i = 0; i < Places.Length; i++)
            {
                var (weight, sum) = (0.0, 0.0);
                for (var owner = 0; owner < Owners.Count; owner++)
                {
                    weight += times[Owners[owner]] * Weights[owner][i];
                    sum += times[Owners[owner]] * Sums[owner][i];
                }

                if (weight >= LeastOfResample)
                {
                    values[i].Add(sum / weight);
                }
            }
        }
    }
}
