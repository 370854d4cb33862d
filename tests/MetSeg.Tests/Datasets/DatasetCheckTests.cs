using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Datasets;

public sealed class DatasetCheckTests : IDisposable
{
    private static readonly Grid grid = Grid.Axial(new Size(2, 2, 2), new Spacing(1, 1, 1));
    private readonly TemporaryFolder folder = new();

    public DatasetCheckTests()
    {
        NnUNetLayout.WriteDatasetJson(folder.Path, ["T1CE"], LabelScheme.Plain([new("background", 0), new("metastasis", 1)]), 2);
        Write("a", new Volume(grid, [1, 2, 3, 4, 5, 6, 7, 8]), new LabelMap(grid, [0, 0, 0, 0, 0, 0, 0, 1]));
        Write("b", new Volume(grid, [1, 2, 3, 4, 5, 6, 7, 8]), new LabelMap(grid, new byte[8]));
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Finds_nothing_in_a_sound_data_set_even_where_a_case_has_no_metastasis() => Assert.Empty(Problems());

    [Fact]
    public void Names_both_files_and_both_grids_where_they_differ()
    {
        Write("b", new Volume(Grid.Axial(new Size(2, 2, 2), new Spacing(1, 1, 3)), [1, 2, 3, 4, 5, 6, 7, 8]), new LabelMap(grid, new byte[8]));

        var problem = Assert.Single(Problems());

        Assert.All(["b_0000.nii.gz", "b.nii.gz", "1×1×3 mm", "1×1×1 mm"], part => Assert.Contains(part, problem, StringComparison.Ordinal));
    }

    [Fact]
    public void Reports_all_problems_in_the_order_of_the_cases()
    {
        Write("a", new Volume(grid, [1, float.NaN, 3, 4, 5, 6, 7, float.PositiveInfinity]), new LabelMap(grid, [0, 2, 0, 0, 0, 0, 0, 1]));
        Write("b", new Volume(grid, new float[8]), new LabelMap(grid, new byte[8]));

        var problems = Problems();

        Assert.Equal(3, problems.Count);
        Assert.Contains("2 voxels that are not finite", problems[0], StringComparison.Ordinal);
        Assert.Contains("label 2, which dataset.json does not declare", problems[1], StringComparison.Ordinal);
        Assert.Contains("is 0 everywhere", problems[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Reports_a_file_that_cannot_be_read_and_goes_on()
    {
        File.WriteAllText(folder.PathOf("imagesTr/a_0000.nii.gz"), "");
        Write("b", new Volume(grid, new float[8]), new LabelMap(grid, new byte[8]));

        Assert.Equal(2, Problems().Count);
    }

    [Fact]
    public void Reports_a_patient_in_training_and_test()
    {
        NiftiWriter.Write(folder.PathOf("imagesTs/t_0000.nii.gz"), new Volume(grid, [1, 2, 3, 4, 5, 6, 7, 8]));
        NnUNetLayout.WriteGroups(folder.Path, [new Case("a", [], null, "x", "p1"), new Case("t", [], null, "x", "p1")]);

        Assert.Contains("Patient p1 has training and test cases", Assert.Single(Problems()), StringComparison.Ordinal);
    }

    private IReadOnlyList<string> Problems() =>
        NnUNetLayout.Check(NnUNetLayout.Read(folder.Path), cancellation: TestContext.Current.CancellationToken);

    private void Write(string id, Volume image, LabelMap label)
    {
        NiftiWriter.Write(folder.PathOf($"imagesTr/{id}_0000.nii.gz"), image);
        NiftiWriter.Write(folder.PathOf($"labelsTr/{id}.nii.gz"), label);
    }
}
