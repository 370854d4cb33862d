using System.Text;
using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>Data sets that cannot be used: exit code 2, one line, and everything on disk as it was.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly WorkFolder work = new();
    private readonly string dataset;

    public BadInputTests()
    {
        dataset = work.Dataset("tumors", cases: 2);
    }

    private string Image => NnUNetLayout.ImagePath(dataset, "c1");

    private string Label => NnUNetLayout.LabelPath(dataset, "c1");

    public void Dispose() => work.Dispose();

    [Fact]
    public void Missing_folder() => IsRefused(["preprocess", work.PathOf("none")], "DATASET: there is no folder");

    [Fact]
    public void Empty_folder()
    {
        Directory.CreateDirectory(work.PathOf("empty"));

        IsRefused(["preprocess", work.PathOf("empty")], "empty' has no dataset.json");
        IsRefused(["dataset", "check", work.PathOf("empty")], "empty' has no dataset.json");
        IsRefused(["dataset", "split", work.PathOf("empty")], "empty' has no dataset.json");
        IsRefused(["plan", work.PathOf("empty"), "--out", work.PathOf("plans.json")], "empty' has no dataset.json");
        IsRefused(["evaluate", "-p", work.PathOf("empty"), "-r", work.PathOf("empty"), "-o", work.PathOf("out")], "holds no .nii.gz or .nii file");
    }

    [Fact]
    public void Data_set_without_cases() => IsRefused(["preprocess", work.Dataset("bare", cases: 0)], "bare' has no training case");

    [Fact]
    public void Missing_image()
    {
        File.Delete(Image);

        IsRefused(["preprocess", dataset], "has labels of c1 without an image in imagesTr");
    }

    [Fact]
    public void Missing_label()
    {
        File.Delete(Label);

        IsRefused(["preprocess", dataset], "has c1 without a label in labelsTr");
    }

    [Fact]
    public void Not_a_nifti()
    {
        File.WriteAllBytes(Image, Encoding.UTF8.GetBytes(new string('x', 2000)));

        IsRefused(["preprocess", dataset], Image);
        IsRefused(["plan", dataset, "--out", work.PathOf("plans.json")], Image);
    }

    [Fact]
    public void Truncated_gzip()
    {
        var bytes = File.ReadAllBytes(Image);
        File.WriteAllBytes(Image, bytes[..(bytes.Length / 2)]);

        IsRefused(["preprocess", dataset], Image);
    }

    [Fact]
    public void Label_of_another_shape()
    {
        NiftiWriter.Write(Label, new LabelMap(Grid.Axial(new Size(24, 24, 1), new Spacing(1, 1, 1)), new byte[24 * 24]));

        IsRefused(["preprocess", dataset], "c1_0000.nii.gz' is on 24×24×24 voxels", "c1.nii.gz' is on 24×24×1 voxels");
    }

    [Fact]
    public void Label_of_another_affine()
    {
        NiftiWriter.Write(Label, WorkFolder.Lesion(1, new Grid(WorkFolder.Grid.Size, new Affine(-1, 0, 0, 23, 0, 1, 0, 0, 0, 0, 1, 0))));

        IsRefused(["preprocess", dataset], "RAS", "LAS", "Resample one onto the other first.");
    }

    [Fact]
    public void Label_maps_without_foreground()
    {
        foreach (var id in new[] { "c0", "c1" })
        {
            NiftiWriter.Write(NnUNetLayout.LabelPath(dataset, id), WorkFolder.Lesion(0));
        }

        IsRefused(["preprocess", dataset], "every voxel is background");
    }

    [Fact]
    public void Undeclared_label()
    {
        NiftiWriter.Write(Label, WorkFolder.Lesion(3));

        IsRefused(["preprocess", dataset], Label, "3");
    }

    [Theory]
    [InlineData("FILE/out")]
    [InlineData("FILE")]
    [InlineData("/proc/metseg/out")]
    public void Output_that_cannot_be_written(string place)
    {
        Assert.SkipWhen(place.StartsWith('/') && !OperatingSystem.IsLinux(), "Only Linux has /proc.");
        var output = place.Replace("FILE", Path.Combine(dataset, "dataset.json"), StringComparison.Ordinal);
        var labels = Path.Combine(dataset, "labelsTr");

        IsRefused(["simulate", "--cases", "1", "--out", output], "option '--out': ", "place");
        IsRefused(["preprocess", dataset, "--out", output], "option '--out': ", "place");
        IsRefused(["plan", dataset, "--out", Path.Combine(output, "plans.json")], "option '--out': ", "place");
        IsRefused(["evaluate", "-p", labels, "-r", labels, "-o", output], "option '--out': ", "place");
        IsRefused(["dataset", "import", "--layout", "table", Path.Combine(dataset, "groups.csv"), "--out", output], "option '--out': ", "place");
    }

    [Fact]
    public void A_file_where_the_preprocessed_cases_should_go()
    {
        File.WriteAllText(Path.Combine(dataset, "preprocessed"), "mine");

        IsRefused(["preprocess", dataset], "preprocessed' is a file");
    }

    private void IsRefused(string[] arguments, params string[] parts) => work.IsRefused([.. arguments, "--quiet"], parts);
}
