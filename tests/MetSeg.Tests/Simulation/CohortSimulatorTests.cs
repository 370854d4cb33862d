using MetSeg.Datasets;
using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public sealed class CohortSimulatorTests : IDisposable
{
    private static readonly SimulationOptions small = new() { Institutions = ["ucsf", "pkg"], CasesPerInstitution = 2, Size = 32 };
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Documented_defaults_hold()
    {
        var options = new SimulationOptions();

        Assert.Equal(["stanford", "ucsf", "uclm", "pkg"], options.Institutions);
        Assert.Equal((10, 0.2, 128, 1, false), (options.CasesPerInstitution, options.TestShare, options.Size, (int)options.Seed, options.KeepSkull));
        Assert.Equal([ImageWeighting.T1CE], options.Sequences);
        Assert.Equal((ReferenceLabels.Merged, ScanGrid.Common, 0), (options.Labels, options.Grid, options.Supersampling));
        Assert.False(options.Artifacts || options.SecondReader);
        Assert.Empty(options.Problems());
    }

    [Fact]
    public void Writes_a_data_set_that_reads_back_without_a_problem()
    {
        var reports = new List<Progress>();
        CohortSimulator.Simulate(small, folder.Path, new Listener(reports.Add), TestContext.Current.CancellationToken);

        var dataset = NnUNetLayout.Read(folder.Path);

        Assert.Equal(["pkg", "ucsf"], dataset.Institutions);
        Assert.Equal((2, 2), (dataset.TrainingCases.Count, dataset.TestCases.Count));
        Assert.All(dataset.TestCases, c => Assert.NotNull(c.LabelPath));
        Assert.Matches("^(ucsf|pkg)-p00[12]$", dataset.TrainingCases[0].Patient);
        Assert.Empty(NnUNetLayout.Check(dataset, cancellation: TestContext.Current.CancellationToken));
        Assert.Equal(4, reports.Count);
        Assert.Equal(4, reports[^1].Done);
    }

    [Fact]
    public void Goes_on_where_it_was_interrupted_and_makes_the_same_bytes()
    {
        var three = small with { Institutions = ["pkg"], CasesPerInstitution = 3 };
        Simulate(three);
        var kept = NnUNetLayout.Read(folder.Path).TrainingCases[0].ImagePaths[0];
        var lost = NnUNetLayout.Read(folder.Path).TrainingCases[1].ImagePaths[0];
        var (keptTime, lostBytes) = (File.GetLastWriteTimeUtc(kept), File.ReadAllBytes(lost));
        File.Delete(lost);
        File.Delete(Path.Combine(folder.Path, "dataset.json"));

        Simulate(three);

        Assert.Equal(keptTime, File.GetLastWriteTimeUtc(kept));
        Assert.Equal(lostBytes, File.ReadAllBytes(lost));
        Assert.Equal(2, NnUNetLayout.Read(folder.Path).TrainingCases.Count);
    }

    [Fact]
    public void Refuses_a_folder_of_other_options_or_other_files()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => CohortSimulator.Simulate(small, folder.Path, null, canceled.Token));

        Assert.Contains("was made with other options", Refusal(small with { Seed = 2 }), StringComparison.Ordinal);

        File.Delete(folder.PathOf(CohortSimulator.RecordName));
        Assert.Contains("is not empty", Refusal(small), StringComparison.Ordinal);
    }

    [Fact]
    public void Says_in_one_line_where_it_cannot_write()
    {
        using var canceled = new CancellationTokenSource();
        canceled.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => CohortSimulator.Simulate(small, folder.PathOf("cohort"), null, canceled.Token));
        foreach (var scan in CohortPlan.Create(small))
        {
            Directory.CreateDirectory(NnUNetLayout.LabelPath(folder.PathOf("cohort"), scan.Id, scan.IsTest));
        }

        var exception = Assert.ThrowsAny<MetSegException>(
            () => CohortSimulator.Simulate(small, folder.PathOf("cohort"), null, TestContext.Current.CancellationToken));

        Assert.Contains("labelsT", exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.PathOf("cohort/dataset.json")));
    }

    [Fact]
    public void Lists_the_institutions_there_are_when_one_is_unknown()
    {
        var message = Refusal(small with { Institutions = ["ucsf", "harvard"] });

        Assert.Contains("There is no institution 'harvard'. Known are stanford, ucsf, uclm, pkg, uker, usz, nyu, brats, bcm, tcia-gk, glioma-adult, glioma-pediatric.", message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Names_all_options_that_cannot_work()
    {
        var message = Refusal(new SimulationOptions { Institutions = [], CasesPerInstitution = 0, TestShare = 1, Size = 5, Sequences = [], Supersampling = 9 });

        Assert.All(["institutions", "casesPerInstitution", "testShare", "size", "sequences", "supersampling"], key => Assert.Contains(key, message, StringComparison.Ordinal));
    }

    [Fact]
    public void One_patient_in_six_comes_twice_and_stays_on_one_side()
    {
        var plan = CohortPlan.Create(new SimulationOptions { CasesPerInstitution = 300 });
        var patients = plan.GroupBy(scan => scan.PatientId).ToList();

        Assert.Equal(1200, plan.Select(scan => scan.Id).Distinct().Count());
        Assert.InRange(patients.Count(visits => visits.Count() == 2) / (double)patients.Count, 0.12, 0.21);
        Assert.All(patients, visits => Assert.Single(visits.Select(scan => scan.IsTest).Distinct()));
        Assert.All(plan.GroupBy(scan => scan.Institution), site => Assert.Equal(60, site.Count(scan => scan.IsTest)));
        Assert.Equal(("ucsf_0007", "ucsf-p005"), (plan[306].Id, $"{plan[306].Institution.Name}-p{5:000}"));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(10, 2)]
    public void There_is_a_test_case_wherever_there_are_two_patients(int cases, int expected)
    {
        foreach (var seed in Enumerable.Range(1, 20))
        {
            var plan = CohortPlan.Create(new SimulationOptions { Institutions = ["pkg"], CasesPerInstitution = cases, Seed = seed });

            Assert.InRange(plan.Count(scan => scan.IsTest), expected, Math.Min(expected + 1, Math.Max(cases - 1, 0)));
        }
    }

    private void Simulate(SimulationOptions options) => CohortSimulator.Simulate(options, folder.Path, null, TestContext.Current.CancellationToken);

    private string Refusal(SimulationOptions options)
    {
        var message = Assert.ThrowsAny<MetSegException>(() => Simulate(options)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }

    private sealed class Listener(Action<Progress> listen) : IProgress<Progress>
    {
        public void Report(Progress value) => listen(value);
    }
}
