using MetSeg.Files;

namespace MetSeg.Datasets;

/// <summary>
/// Divides cases into cross-validation folds. Patients are never parted, and every institution is spread evenly. Where each case is a
/// patient of its own and all come from one institution, the folds are nnU-Net's: sklearn's KFold(5, shuffle, random_state 12345) over the
/// sorted ids.
/// </summary>
public static class Splits
{
    /// <summary>nnU-Net's seed.</summary>
    public const long DefaultSeed = 12345;

    /// <summary>Makes the folds.</summary>
    /// <param name="cases">The training cases, in any order.</param>
    /// <param name="folds">Number of folds, 2 or more; with fewer patients than that there is one fold a patient. The default is 5.</param>
    /// <param name="seed">Seed of the shuffle, 0 to 4,294,967,295.</param>
    /// <returns>The folds; over all of them every case is validated exactly once. Patients per institution and fold differ by one at most.</returns>
    /// <exception cref="DatasetException">There are fewer than two patients.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="folds"/> or <paramref name="seed"/> is out of range.</exception>
    public static IReadOnlyList<Fold> Create(IReadOnlyList<Case> cases, int folds = 5, long seed = DefaultSeed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(folds, 2);
        ArgumentOutOfRangeException.ThrowIfNegative(seed);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(seed, uint.MaxValue);
        var patients = cases.OrderBy(c => c.Id, StringComparer.Ordinal).GroupBy(c => c.Patient, StringComparer.Ordinal).ToList();
        if (patients.Count < 2)
        {
            throw new DatasetException(
                $"Cross-validation needs at least 2 patients, but the {cases.Count} case(s) are of {patients.Count}. Add patients.");
        }

        var foldOfPatient = Deal(patients, Math.Min(folds, patients.Count), (uint)seed);
        return [.. Enumerable.Range(0, Math.Min(folds, patients.Count)).Select(fold => new Fold(
            Ids(cases, c => foldOfPatient[c.Patient] != fold),
            Ids(cases, c => foldOfPatient[c.Patient] == fold)))];
    }

    /// <summary>Writes folds as nnU-Net's splits_final.json.</summary>
    /// <exception cref="MetSegException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<Fold> folds) => JsonFile.Write(path, folds, JsonFile.NnUNetStyle);

    /// <summary>Reads a splits_final.json and holds it against the cases it is for. It need not use all of them.</summary>
    /// <exception cref="MetSegException">The file is missing or not of this format.</exception>
    /// <exception cref="DatasetException">
    /// A fold is empty, names a case twice or one that does not exist, or has a patient on both sides; or there is no fold.
    /// </exception>
    public static IReadOnlyList<Fold> Read(string path, IReadOnlyList<Case> cases)
    {
        var folds = JsonFile.Read<List<Fold>>(path, JsonFile.NnUNetStyle);
        if (folds.Count == 0)
        {
            throw new DatasetException($"'{path}' holds no fold. Delete it to have the folds made anew.");
        }

        var patients = cases.ToDictionary(c => c.Id, c => c.Patient, StringComparer.Ordinal);
        for (var fold = 0; fold < folds.Count; fold++)
        {
            if (Problem(folds[fold], patients) is { } problem)
            {
                throw new DatasetException($"'{path}', fold {fold}: {problem}");
            }
        }

        return folds;
    }

    /// <summary>
    /// Institution by institution: shuffle its patients, cut them into as many runs as there are folds, the longer runs first (as KFold), and
    /// hand the runs out starting where the last institution's longer runs ended.
    /// </summary>
    private static Dictionary<string, int> Deal(List<IGrouping<string, Case>> patients, int folds, uint seed)
    {
        var foldOfPatient = new Dictionary<string, int>(StringComparer.Ordinal);
        var first = 0;
        foreach (var institution in patients.GroupBy(p => p.First().Institution, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            var members = institution.ToList();
            var order = new MersenneTwister(seed).Permutation(members.Count);
            var (shortRun, longRuns) = (members.Count / folds, members.Count % folds);
            for (var place = 0; place < order.Length; place++)
            {
                var inLongRuns = longRuns * (shortRun + 1);
                var run = place < inLongRuns ? place / (shortRun + 1) : longRuns + ((place - inLongRuns) / shortRun);
                foldOfPatient[members[order[place]].Key] = (first + run) % folds;
            }

            first = (first + longRuns) % folds;
        }

        return foldOfPatient;
    }

    private static string[] Ids(IReadOnlyList<Case> cases, Func<Case, bool> belongs) =>
        [.. cases.Where(belongs).Select(c => c.Id).Order(StringComparer.Ordinal)];

    private static string? Problem(Fold fold, Dictionary<string, string> patients)
    {
        if (fold.Train is not { Count: > 0 } || fold.Val is not { Count: > 0 })
        {
            return "\"train\" and \"val\" must both name cases.";
        }

        var all = fold.Train.Concat(fold.Val).ToList();
        if (all.Where(id => !patients.ContainsKey(id)).ToList() is { Count: > 0 } unknown)
        {
            return $"{Some(unknown)} not among the training cases. Delete the file to have the folds made anew.";
        }

        if (all.GroupBy(id => id).Where(g => g.Count() > 1).Select(g => g.Key).ToList() is { Count: > 0 } repeated)
        {
            return $"{Some(repeated)} named more than once.";
        }

        var parted = fold.Train.Select(id => patients[id]).Intersect(fold.Val.Select(id => patients[id])).ToList();
        return parted.Count > 0 ? $"patient {Some(parted)} on both sides, train and val. Delete the file to have the folds made anew." : null;
    }

    private static string Some(List<string> names) =>
        string.Join(", ", names.Take(5)) + (names.Count > 5 ? $" and {names.Count - 5} more are" : names.Count > 1 ? " are" : " is");
}
