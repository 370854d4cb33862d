using MetSeg.Datasets;
using MetSeg.Files;
using Xunit;

namespace MetSeg.Tests.Datasets;

public class SplitsTests
{
    [Fact]
    public void Twister_gives_numpys_first_numbers_for_seed_12345()
    {
        var twister = new MersenneTwister(12345);

        Assert.Equal([3992670690u, 3823185381u, 1358822685u, 561383553u, 789925284u], Enumerable.Range(0, 5).Select(_ => twister.Next()));
    }

    [Theory]
    [InlineData(10, "0,7 3,9 4,6 1,8 2,5")]
    [InlineData(20, "3,8,13,16 0,10,12,15 6,7,11,17 9,14,18,19 1,2,4,5")]
    [InlineData(23, "3,8,10,17,19 0,7,12,15,16 6,11,14,18,20 9,13,21,22 1,2,4,5")]
    public void Equals_sklearns_KFold_when_each_case_is_its_own_patient(int count, string expected)
    {
        var folds = Splits.Create(Cases("one", Enumerable.Range(0, count).Select(i => (Id(i), Id(i)))));

        Assert.Equal(expected, string.Join(' ', folds.Select(f => string.Join(',', f.Val.Select(id => int.Parse(id[1..]))))));
        Assert.All(folds, fold => Assert.Equal(count, fold.Train.Count + fold.Val.Count));
    }

    [Fact]
    public void Equals_nnUNets_own_file_for_63_lung_scans()
    {
        var path = SharedData.PathOf("golden/plans/lung-ct/splits_final.json");
        var golden = JsonFile.Read<List<Fold>>(path, JsonFile.NnUNetStyle);
        var cases = Cases("one", golden[0].Train.Concat(golden[0].Val).Reverse().Select(id => (id, id)));

        var folds = Splits.Create(cases);

        Assert.Equal(golden.Select(f => f.Train), folds.Select(f => f.Train));
        Assert.Equal(golden.Select(f => f.Val), folds.Select(f => f.Val));
        Assert.Equal(folds.Select(f => f.Val), Splits.Read(path, cases).Select(f => f.Val));
    }

    [Fact]
    public void Never_parts_a_patient_and_validates_every_case_once()
    {
        var cases = Cases("one", Enumerable.Range(0, 40).Select(i => (Id(i), $"p{i / 3}")));
        var patients = cases.ToDictionary(c => c.Id, c => c.Patient);

        var folds = Splits.Create(cases);

        Assert.All(folds, fold => Assert.Empty(fold.Train.Select(id => patients[id]).Intersect(fold.Val.Select(id => patients[id]))));
        Assert.Equal(cases.Select(c => c.Id), folds.SelectMany(f => f.Val).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Spreads_each_institution_and_the_whole_evenly()
    {
        var cases = new[] { ("a", 11), ("b", 7), ("c", 3) }
            .SelectMany(site => Cases(site.Item1, Enumerable.Range(0, site.Item2).Select(i => (site.Item1 + Id(i), site.Item1 + Id(i))))).ToList();

        var folds = Splits.Create(cases);

        foreach (var site in new[] { "a", "b", "c", "" })
        {
            var counts = folds.Select(f => f.Val.Count(id => id.StartsWith(site, StringComparison.Ordinal))).ToList();
            Assert.True(counts.Max() - counts.Min() <= 1, $"'{site}' has {string.Join(", ", counts)} cases per fold.");
        }
    }

    [Fact]
    public void Gives_one_fold_a_patient_when_there_are_fewer_than_folds() =>
        Assert.Equal(3, Splits.Create(Cases("one", Enumerable.Range(0, 3).Select(i => (Id(i), Id(i))))).Count);

    [Fact]
    public void Refuses_a_single_patient()
    {
        var exception = Assert.Throws<DatasetException>(() => Splits.Create(Cases("one", [("c1", "p"), ("c2", "p")])));

        Assert.Contains("at least 2 patients", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""[{"train": ["c1"], "val": ["c9"]}]""", "c9 is not among the training cases")]
    [InlineData("""[{"train": ["c1", "c3"], "val": ["c2"]}]""", "patient p is on both sides")]
    [InlineData("""[{"train": ["c1", "c3"], "val": ["c3"]}]""", "c3 is named more than once")]
    [InlineData("""[{"train": ["c1"], "val": []}]""", "must both name cases")]
    [InlineData("""[{"train": ["c1"]}]""", "must both name cases")]
    [InlineData("[]", "holds no fold")]
    public void Refuses_a_file_that_does_not_fit_the_cases(string json, string expected)
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("splits_final.json");
        File.WriteAllText(path, json);

        var message = Assert.Throws<DatasetException>(() => Splits.Read(path, Cases("one", [("c1", "p"), ("c2", "p"), ("c3", "q")]))).Message;

        Assert.Contains(expected, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Reads_back_what_it_writes()
    {
        using var folder = new TemporaryFolder();
        var path = folder.PathOf("splits_final.json");
        var cases = Cases("one", Enumerable.Range(0, 10).Select(i => (Id(i), Id(i))));
        var folds = Splits.Create(cases);

        Splits.Write(path, folds);

        Assert.Equal(folds.Select(f => f.Train), Splits.Read(path, cases).Select(f => f.Train));
        Assert.Contains("\"train\"", File.ReadAllText(path), StringComparison.Ordinal);
    }

    private static string Id(int i) => $"c{i:000}";

    private static List<Case> Cases(string institution, IEnumerable<(string Id, string Patient)> cases) =>
        [.. cases.Select(c => new Case(c.Id, [], null, institution, c.Patient))];
}
