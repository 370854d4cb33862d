namespace MetSeg.Simulation;

/// <summary>Which patients are scanned, how often, and which of them are test patients.</summary>
internal static class CohortPlan
{
    private const double SecondVisitShare = 1.0 / 6;

    /// <summary>All scans, institution by institution.</summary>
    public static IReadOnlyList<PlannedScan> Create(SimulationOptions options) =>
        [.. options.Institutions.SelectMany(name => OfInstitution(Institution.Named(name), options))];

    private static List<PlannedScan> OfInstitution(Institution institution, SimulationOptions options)
    {
        var visits = Visits(institution, options);
        var test = TestPatients(visits, institution, options);
        var scans = new List<PlannedScan>();
        for (var patient = 1; patient <= visits.Count; patient++)
        {
            for (var visit = 1; visit <= visits[patient - 1]; visit++)
            {
                scans.Add(new PlannedScan($"{institution.Name}_{scans.Count + 1:0000}", institution, patient, visit, test.Contains(patient)));
            }
        }

        return scans;
    }

    /// <summary>Number of scans of each patient; two scans in all are of two patients, so that they can be split.</summary>
    private static List<int> Visits(Institution institution, SimulationOptions options)
    {
        var visits = new List<int>();
        for (var left = options.CasesPerInstitution; left > 0; left -= visits[^1])
        {
            var returns = Seeds.Generator(options.Seed, institution.Name, visits.Count + 1, "visits").NextDouble() < SecondVisitShare;
            visits.Add(returns && left >= 2 && options.CasesPerInstitution > 2 ? 2 : 1);
        }

        return visits;
    }

    /// <summary>Patients in random order whose scans fit into the test share; at least one, unless none is wanted or there is but one.</summary>
    private static HashSet<int> TestPatients(List<int> visits, Institution institution, SimulationOptions options)
    {
        var wanted = options.TestShare > 0 && visits.Count > 1 ? Math.Max(1, (int)Math.Round(options.TestShare * options.CasesPerInstitution)) : 0;
        var order = Enumerable.Range(1, visits.Count).ToArray();
        Seeds.Generator(options.Seed, institution.Name, "test").Shuffle(order);
        var test = new HashSet<int>();
        foreach (var patient in order.Where(_ => test.Count < visits.Count - 1))
        {
            if (visits[patient - 1] <= wanted)
            {
                test.Add(patient);
                wanted -= visits[patient - 1];
            }
        }

        return test.Count == 0 && wanted > 0 ? [order[0]] : test;
    }
}
