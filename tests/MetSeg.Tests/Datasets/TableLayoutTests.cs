using System.IO.Compression;
using System.Text;
using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Datasets;

public sealed class TableLayoutTests : IDisposable
{
    private static readonly Grid grid = Grid.Axial(new Size(5, 1, 1), new Spacing(1, 2, 3));

    private readonly TemporaryFolder source = new();
    private readonly TemporaryFolder target = new();

    public TableLayoutTests()
    {
        NiftiWriter.Write(source.PathOf("a.nii"), new Volume(grid, [1, 2, 3, 4, 5]));
        NiftiWriter.Write(source.PathOf("a_label.nii"), new LabelMap(grid, [0, 1, 2, 3, 4]));
        NiftiWriter.Write(source.PathOf("b.nii.gz"), new Volume(grid, [6, 7, 8, 9, 10]));
    }

    private string Out => target.PathOf("dataset");

    public void Dispose()
    {
        source.Dispose();
        target.Dispose();
    }

    [Fact]
    public void Makes_a_data_set_with_institutions_patients_and_test_cases()
    {
        Import("case,institution,patient,split,image,label,label_values", "x1,ucsf,p1,train,a.nii,a_label.nii,4", "x2,pkg,,test,b.nii.gz,,");

        var dataset = NnUNetLayout.Read(Out);
        Assert.Equal(["T1CE"], dataset.ChannelNames);
        Assert.Equal("background = 0, lesion = 1", $"{dataset.Labels}");
        var (training, test) = (Assert.Single(dataset.TrainingCases), Assert.Single(dataset.TestCases));
        Assert.Equal(("x1", "ucsf", "p1"), (training.Id, training.Institution, training.Patient));
        Assert.Equal(("x2", "pkg", "x2", null), (test.Id, test.Institution, test.Patient, test.LabelPath));
        Assert.Equal([6, 7, 8, 9, 10], NiftiReader.ReadVolume(test.ImagePaths[0]).Voxels);
        Assert.True(grid.IsSameAs(NiftiReader.ReadLabelMap(training.LabelPath!).Grid));
        Assert.Empty(NnUNetLayout.Check(dataset, cancellation: TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("4", "0 0 0 0 1")]
    [InlineData("1+4", "0 1 0 0 1")]
    [InlineData("1=1+4;2=2", "0 1 2 0 1")]
    [InlineData("2=3", "0 0 0 2 0")]
    [InlineData("200", "0 0 0 0 0")]
    public void Stored_values_become_classes(string labelValues, string expected)
    {
        var options = new TableLayoutOptions { Labels = new OrderedDictionary<string, int> { ["core"] = 1, ["edema"] = 2 } };

        Import(options, "case,image,label,label_values", $"x,a.nii,a_label.nii,{labelValues}");

        Assert.Equal(expected, string.Join(' ', NiftiReader.ReadLabelMap(NnUNetLayout.LabelPath(Out, "x")).Labels));
    }

    [Fact]
    public void Without_label_values_every_value_is_kept_and_must_be_declared()
    {
        var declared = new TableLayoutOptions { Labels = new OrderedDictionary<string, int> { ["a"] = 1, ["b"] = 2, ["c"] = 3, ["d"] = 4 } };

        Import(declared, "case,image,label", "x,a.nii,a_label.nii");

        Assert.Equal([0, 1, 2, 3, 4], NiftiReader.ReadLabelMap(NnUNetLayout.LabelPath(Out, "x")).Labels);
        Assert.Contains(
            "a_label.nii' holds the values 2, 3, 4, which are not among the labels (lesion = 1)",
            Refusal(target.PathOf("other"), "case,image,label", "x,a.nii,a_label.nii"));
    }

    [Fact]
    public void Channels_have_a_column_each()
    {
        var options = new TableLayoutOptions { ChannelNames = ["T1CE", "FLAIR"] };

        Import(options, "case,image_0,image_1,label,label_values", "x,a.nii,b.nii.gz,a_label.nii,4");

        var dataset = NnUNetLayout.Read(Out);
        Assert.Equal(["T1CE", "FLAIR"], dataset.ChannelNames);
        var images = dataset.TrainingCases[0].ImagePaths.Select(path => NiftiReader.ReadVolume(path).Voxels.ToArray());
        Assert.Equal([[1f, 2, 3, 4, 5], [6f, 7, 8, 9, 10]], images);
    }

    [Fact]
    public void Outside_the_mask_an_image_is_0()
    {
        NiftiWriter.Write(source.PathOf("mask.nii"), new Volume(grid, [0, 0.4999f, 0.5f, 0.9999f, 255]));

        Import("case,image,label,label_values,mask", "x,a.nii,a_label.nii,4,mask.nii");

        Assert.Equal([0, 0, 3, 4, 5], NiftiReader.ReadVolume(NnUNetLayout.ImagePath(Out, "x")).Voxels);
    }

    [Fact]
    public void Nothing_of_a_header_but_geometry_comes_along()
    {
        var bytes = File.ReadAllBytes(source.PathOf("a.nii"));
        "Doe^Jane 1970-01-01"u8.CopyTo(bytes.AsSpan(148));
        File.WriteAllBytes(source.PathOf("a.nii"), bytes);

        Import("case,image,label,label_values", "x,a.nii,a_label.nii,4");

        var header = new byte[352];
        using var image = new GZipStream(File.OpenRead(NnUNetLayout.ImagePath(Out, "x")), CompressionMode.Decompress);
        image.ReadExactly(header);
        Assert.DoesNotContain("Doe", Encoding.ASCII.GetString(header));
        Assert.All(Directory.GetFiles(Out), file => Assert.DoesNotContain(source.Path, File.ReadAllText(file)));
    }

    [Fact]
    public void Done_cases_are_left_alone_and_changed_or_missing_ones_are_made()
    {
        string[] table = ["case,split,image,label,label_values", "x,,a.nii,a_label.nii,4", "y,,b.nii.gz,a_label.nii,1", "z,,b.nii.gz,a_label.nii,2"];
        Import(table);
        var (made, changed) = (DateTime.UnixEpoch.AddYears(130), DateTime.UnixEpoch.AddYears(131));
        foreach (var file in Directory.GetFiles(Out, "*.nii.gz", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, made);
        }

        File.Delete(NnUNetLayout.LabelPath(Out, "y"));
        NiftiWriter.Write(source.PathOf("a.nii"), new Volume(grid, [0, 0, 0, 0, 9]));
        File.SetLastWriteTimeUtc(source.PathOf("a.nii"), changed);

        Import(table);

        Assert.Equal(9, NiftiReader.ReadVolume(NnUNetLayout.ImagePath(Out, "x")).Voxels[4]);
        Assert.Equal([0, 1, 0, 0, 0], NiftiReader.ReadLabelMap(NnUNetLayout.LabelPath(Out, "y")).Labels);
        Assert.NotEqual(made, File.GetLastWriteTimeUtc(NnUNetLayout.LabelPath(Out, "y")));
        Assert.Equal(made, File.GetLastWriteTimeUtc(NnUNetLayout.LabelPath(Out, "z")));
    }

    [Fact]
    public void An_interrupted_import_is_gone_on_with()
    {
        string[] table = ["case,image,label,label_values", .. Enumerable.Range(0, 9).Select(i => $"x{i},a.nii,a_label.nii,4")];
        using var stop = new CancellationTokenSource();

        Assert.ThrowsAny<OperationCanceledException>(() => TableLayout.Import(Table(table), Out, null, new Stopping(stop), stop.Token));

        Assert.False(File.Exists(Path.Combine(Out, "dataset.json")));
        Assert.InRange(Directory.GetFiles(Path.Combine(Out, "imagesTr")).Length, 1, 8);
        Import(table);
        Assert.Equal(9, NnUNetLayout.Read(Out).TrainingCases.Count);
    }

    [Fact]
    public void A_folder_of_another_table_or_of_something_else_is_refused()
    {
        Import("case,image,label,label_values", "x,a.nii,a_label.nii,4");
        File.WriteAllText(target.PathOf("notes.txt"), "mine");

        Assert.Contains("was made with other options, from other input", Refusal(Out, "case,image,label,label_values", "x,a.nii,a_label.nii,3"));
        Assert.Contains("is not empty and has no import.json", Refusal(target.Path, "case,image,label,label_values", "x,a.nii,a_label.nii,4"));
        Assert.Contains("Cannot write", Refusal(target.PathOf("notes.txt/dataset"), "case,image,label,label_values", "x,a.nii,a_label.nii,4"));
    }

    private void Import(params string[] lines) => Import(new TableLayoutOptions(), lines);

    private void Import(TableLayoutOptions options, params string[] lines) => Import(Out, options, lines);

    private void Import(string folder, TableLayoutOptions options, string[] lines) =>
        TableLayout.Import(Table(lines), folder, options, progress: null, TestContext.Current.CancellationToken);

    private string Table(params string[] lines)
    {
        File.WriteAllLines(source.PathOf("table.csv"), lines);
        return source.PathOf("table.csv");
    }

    private string Refusal(string folder, params string[] lines) =>
        Assert.ThrowsAny<MetSegException>(() => Import(folder, new TableLayoutOptions(), lines)).Message;

    private sealed class Stopping(CancellationTokenSource source) : IProgress<Progress>
    {
        public void Report(Progress value) => source.Cancel();
    }
}
