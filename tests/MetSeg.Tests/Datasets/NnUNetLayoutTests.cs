using MetSeg.Datasets;
using Xunit;

namespace MetSeg.Tests.Datasets;

public sealed class NnUNetLayoutTests : IDisposable
{
    private readonly TemporaryFolder temporary = new();
    private readonly string folder;

    public NnUNetLayoutTests()
    {
        folder = temporary.Path;
        NnUNetLayout.WriteDatasetJson(folder, ["T1CE"], LabelScheme.Plain([new("background", 0), new("metastasis", 1)]), 2);
        Touch("imagesTr/b_1_0000.nii.gz", "imagesTr/a_0000.nii.gz", "imagesTr/._a_0000.nii.gz", "labelsTr/a.nii.gz", "labelsTr/b_1.nii.gz");
        Touch("imagesTs/t_0000.nii.gz", "imagesTs/u_0000.nii.gz", "labelsTs/u.nii.gz");
        File.WriteAllText(Path.Combine(folder, "groups.csv"), "case,institution,patient\na,ucsf,p1\nu,pkg,p2\n");
    }

    public void Dispose() => temporary.Dispose();

    [Fact]
    public void Finds_cases_sorted_with_their_files_institution_and_patient()
    {
        var dataset = NnUNetLayout.Read(folder);

        Assert.Equal(["T1CE"], dataset.ChannelNames);
        Assert.Equal(["background", "metastasis"], dataset.Labels.Entries.Select(entry => entry.Name));
        Assert.Equal(["a", "b_1"], dataset.TrainingCases.Select(c => c.Id));
        Assert.Equal(("ucsf", "p1"), (dataset.TrainingCases[0].Institution, dataset.TrainingCases[0].Patient));
        Assert.Equal(("unknown", "b_1"), (dataset.TrainingCases[1].Institution, dataset.TrainingCases[1].Patient));
        Assert.Equal([Path.Combine(folder, "imagesTr", "b_1_0000.nii.gz")], dataset.TrainingCases[1].ImagePaths);
        Assert.Equal([null, Path.Combine(folder, "labelsTs", "u.nii.gz")], dataset.TestCases.Select(c => c.LabelPath));
        Assert.Equal(["pkg", "ucsf", "unknown"], dataset.Institutions);
    }

    [Fact]
    public void Every_case_is_its_own_patient_without_groups()
    {
        File.Delete(Path.Combine(folder, "groups.csv"));

        Assert.All(NnUNetLayout.Read(folder).TrainingCases, c => Assert.Equal(("unknown", c.Id), (c.Institution, c.Patient)));
    }

    [Theory]
    [InlineData("""{"modality": {"0": "T1"}, "labels": {"0": "background", "1": "lesion"}, "numTraining": 2}""")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1}, "file_ending": ".nii.gz", "name": "x"}""")]
    public void Reads_old_and_new_files(string json)
    {
        Describe(json);

        var dataset = NnUNetLayout.Read(folder);

        Assert.Equal(["T1"], dataset.ChannelNames);
        Assert.Equal("background = 0, lesion = 1", $"{dataset.Labels}");
    }

    [Theory]
    [InlineData("""{"labels": {"background": 0}, "numTraining": 2}""", "needs \"channel_names\"")]
    [InlineData("""{"channel_names": {"1": "T1"}, "labels": {"background": 0}}""", "consecutive numbers from 0")]
    [InlineData("""{"channel_names": {"0": "T1"}}""", "needs \"labels\"")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"lesion": 1}}""", "\"background\": 0")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0}}""", "must name something besides background")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "all": [1, 2]}}""", "\"regions_class_order\" must hold one label value for each of the 1 regions (all)")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1.5}}""", "label \"lesion\" is 1.5")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1}, "file_ending": ".nrrd"}""", ".nrrd")]
    [InlineData("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1}, "numTraining": 7}""", "numTraining 7, but imagesTr has 2 cases")]
    [InlineData("""{"channel_names": {"0": "T1", "1": "FLAIR"}, "labels": {"background": 0, "lesion": 1}}""", "case a has a_0000, but dataset.json declares 2")]
    public void Names_what_is_wrong_in_the_description(string json, string expected)
    {
        Describe(json);

        AssertRefused(expected);
    }

    [Fact]
    public void Reads_regions_and_writes_them_again()
    {
        Describe("""{"channel_names": {"0": "T1"}, "labels": {"background": 0, "all": [1, 2], "core": 2, "ignore": 3}, "regions_class_order": [1, 2], "numTraining": 2}""");

        var labels = NnUNetLayout.Read(folder).Labels;
        NnUNetLayout.WriteDatasetJson(folder, ["T1"], labels, 2);

        Assert.Equal(("background = 0, all = 1+2, core = 2, ignore = 3", 2), ($"{labels}", labels.Outputs));
        Assert.Equal([1, 2], labels.RegionsClassOrder);
        Assert.Equal($"{labels}", $"{NnUNetLayout.Read(folder).Labels}");
        Assert.Equal([1, 2], NnUNetLayout.Read(folder).Labels.Written);
    }

    [Theory]
    [InlineData("imagesTr/c_0000.nii.gz", "imagesTr has c without a label")]
    [InlineData("imagesTr/a_0001.nii.gz", "case a has a_0000, a_0001")]
    [InlineData("imagesTr/c.nii.gz", "has no channel number. Name it c_0000.nii.gz")]
    [InlineData("labelsTr/c.nii.gz", "labels of c without an image in imagesTr")]
    [InlineData("imagesTs/a_0000.nii.gz", "a both in imagesTr and in imagesTs")]
    public void Names_the_file_that_does_not_belong(string file, string expected)
    {
        Touch(file);

        AssertRefused(expected);
    }

    [Theory]
    [InlineData("case,institution,patient\na,x,p\nz,x,p\n", "groups.csv' lists z, of which there is no image")]
    [InlineData("case,institution,patient\na,x,p\na,x,p\n", "lists case a twice")]
    [InlineData("case,patient\na,p\n", "has no column \"institution\"")]
    public void Names_what_is_wrong_in_the_groups(string csv, string expected)
    {
        File.WriteAllText(Path.Combine(folder, "groups.csv"), csv);

        AssertRefused(expected);
    }

    [Fact]
    public void Refuses_a_folder_that_is_missing_or_empty()
    {
        var empty = Directory.CreateDirectory(Path.Combine(folder, "empty")).FullName;

        Assert.Contains("There is no folder", Refusal(Path.Combine(folder, "nowhere")), StringComparison.Ordinal);
        Assert.Contains("has no dataset.json", Refusal(empty), StringComparison.Ordinal);
        File.Copy(Path.Combine(folder, "dataset.json"), Path.Combine(empty, "dataset.json"));
        Assert.Contains("has no training case", Refusal(empty), StringComparison.Ordinal);
    }

    [Fact]
    public void Writes_what_nnUNet_expects()
    {
        Assert.Equal(
            """
            {
              "channel_names": {
                "0": "T1CE"
              },
              "labels": {
                "background": 0,
                "metastasis": 1
              },
              "numTraining": 2,
              "file_ending": ".nii.gz"
            }

            """,
            File.ReadAllText(Path.Combine(folder, "dataset.json")));
        NnUNetLayout.WriteGroups(folder, [new Case("b", [], null, "x", "p,1"), new Case("a", [], null, "y", "q")]);
        Assert.Equal("case,institution,patient\na,y,q\nb,x,\"p,1\"\n", File.ReadAllText(Path.Combine(folder, "groups.csv")));
    }

    private void Describe(string json) => File.WriteAllText(Path.Combine(folder, "dataset.json"), json);

    private void Touch(params string[] files)
    {
        foreach (var path in files.Select(file => Path.Combine(folder, file)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, "");
        }
    }

    private void AssertRefused(string expected) => Assert.Contains(expected, Refusal(folder), StringComparison.Ordinal);

    private static string Refusal(string path)
    {
        var message = Assert.ThrowsAny<DatasetException>(() => NnUNetLayout.Read(path)).Message;
        Assert.DoesNotContain('\n', message);
        return message;
    }
}
