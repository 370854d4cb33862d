using MetSeg.Evaluation;
using Xunit;

namespace MetSeg.Tests.Evaluation;

/// <summary>Folds that keep a patient's scans together.</summary>
public class PatientFoldsTests
{
    private static readonly string[] domains = [.. Enumerable.Range(0, 90).Select(i => i < 30 ? "a" : "b")];
    private static readonly string[] patients = [.. Enumerable.Range(0, 90).Select(i => $"p{i / 3}")];

    [Fact]
    public void One_patient_is_in_one_fold_and_every_fold_has_its_share_of_each_domain()
    {
        var folds = Samples(domains, patients).PatientFolds(5, seed: 1);

        Assert.All(folds.Zip(patients).GroupBy(pair => pair.Second), scans => Assert.Single(scans.Select(scan => scan.First).Distinct()));
        Assert.All(Enumerable.Range(0, 5), fold => Assert.Equal((6, 12), (Count(fold, "a"), Count(fold, "b"))));

        int Count(int fold, string domain) => folds.Zip(domains).Count(pair => pair == (fold, domain));
    }

    [Fact]
    public void Patients_with_many_scans_are_evened_out()
    {
        string[] one = [.. Enumerable.Repeat("a", 20)];
        string[] uneven = [.. one.Select((_, i) => i < 8 ? "many" : $"p{i}")];

        var folds = Samples([.. one, "b", "b"], [.. uneven, "q", "r"]).PatientFolds(3, seed: 1);

        Assert.Equal([6, 6, 8], folds.Take(20).GroupBy(fold => fold).Select(group => group.Count()).Order());
    }

    /// <summary>The folds that the versions before had, patient or not.</summary>
    [Fact]
    public void Without_patients_samples_are_dealt_out_in_turn()
    {
        var random = Seeds.Generator(4, "domain gap", "folds");
        var expected = new int[90];
        var next = 0;
        foreach (var domain in new[] { "a", "b" })
        {
            var own = Enumerable.Range(0, 90).Where(i => domains[i] == domain).ToArray();
            random.Shuffle(own);
            foreach (var sample in own)
            {
                expected[sample] = next++ % 7;
            }
        }

        Assert.Equal(expected, Samples(domains, null).PatientFolds(7, seed: 4));
        Assert.Equal(expected, Samples(domains, [.. domains.Select((_, i) => $"patient {i}")]).PatientFolds(7, seed: 4));
    }

    /// <summary>Each patient has features of their own and nothing else: scans of the same patient give the domain away, other patients do not.</summary>
    [Fact]
    public void What_only_names_the_patient_is_no_domain_gap()
    {
        var random = new Random(6);
        double[][] faces = [.. Enumerable.Range(0, 30).Select(_ => Enumerable.Range(0, 40).Select(_ => random.NextDouble()).ToArray())];
        double[][] features = [.. Enumerable.Range(0, 90).Select(i => faces[i / 3])];

        Assert.True(DomainGap.Assess(features, domains).BalancedAccuracy > 0.9);
        Assert.InRange(DomainGap.Assess(features, domains, patients: patients).BalancedAccuracy, 0.2, 0.75);
    }

    [Fact]
    public void The_smallest_number_of_patients_bounds_the_folds_and_one_patient_is_refused()
    {
        double[][] features = [.. domains.Select((_, i) => new[] { (double)i })];
        string[] two = [.. patients.Select((patient, i) => i < 30 ? $"p{i % 2}" : patient)];

        Assert.Equal(2, DomainGap.Assess(features, domains, patients: two).Folds);
        var error = Assert.Throws<MetSegException>(() => DomainGap.Assess(features, domains, patients: [.. patients.Select((patient, i) => i < 30 ? "p" : patient)]));
        Assert.Contains("'a' are of one patient", error.Message);
    }

    [Fact]
    public void A_patient_of_two_domains_stays_in_one_fold()
    {
        string[] traveling = [.. Enumerable.Range(0, 90).Select(i => $"p{i % 30}")];

        var folds = Samples(domains, traveling).PatientFolds(5, seed: 1);

        Assert.All(folds.Zip(traveling).GroupBy(pair => pair.Second), scans => Assert.Single(scans.Select(scan => scan.First).Distinct()));
        Assert.Equal(5, folds.Distinct().Count());
    }

    private static DomainSamples Samples(string[] domains, string[]? patients) => DomainSamples.Of([.. domains.Select(_ => new[] { 0.0 })], domains, patients);
}
