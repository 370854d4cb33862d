using MetSeg.Datasets;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Datasets;

/// <summary>Tables that cannot be imported: refused before anything is written.</summary>
public sealed class CaseTableTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public CaseTableTests()
    {
        var grid = Grid.Axial(new Size(5, 4, 3), new Spacing(1, 2, 3));
        Write("a", grid);
        Write("other_shape", Grid.Axial(new Size(5, 4, 2), new Spacing(1, 2, 3)));
        Write("other_affine", new Grid(grid.Size, new Affine(1, 0, 0, 0.2, 0, 2, 0, 0, 0, 0, 3, 0)));
        Write("rounded_affine", new Grid(grid.Size, new Affine(1, 0, 0, 0.01, 0, 2, 0, 0, 0, 0, 3, 0)));
        File.WriteAllText(folder.PathOf("text.nii"), "not an image");
    }

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("case,label\nx,a.nii", "needs the columns case and image")]
    [InlineData("image,label\na.nii,a.nii", "needs the columns case and image")]
    [InlineData("case,image_0,image_2,label\nx,a.nii,a.nii,a.nii", "has a column 'image_2', which has no meaning here")]
    [InlineData("case,image,label,instituton\nx,a.nii,a.nii,ucsf", "has a column 'instituton', which has no meaning here")]
    [InlineData("case,image_0,image_1,label\nx,a.nii,a.nii,a.nii", "has 2 image columns (image_0, image_1), but there are 1 channel names (T1CE)")]
    [InlineData("case,image,label\n", "lists no case")]
    [InlineData("case,image,label\n../x,a.nii,a.nii", "row 2: the case '../x' cannot name a file")]
    [InlineData("case,image,label\nx,,a.nii", "row 2: case x has no image")]
    [InlineData("case,image,label\nx,a.nii,a.nii\ny,a.nii,", "row 3: case y has no label. Add one, or write test")]
    [InlineData("case,image,label,split\nx,a.nii,a.nii,val", "split is 'val'. Write train or test")]
    [InlineData("case,image,label,split\nx,a.nii,a.nii,test", "has no training case")]
    [InlineData("case,image,label\nx,a.nii,a.nii\nX,a.nii,a.nii", "lists case x twice")]
    [InlineData("case,image,label,split,patient\nx,a.nii,a.nii,train,p\ny,a.nii,a.nii,test,p", "patient p in training and, as case y, in test")]
    [InlineData("case,image,label,label_values\nx,a.nii,a.nii,four", "row 2: label_values 'four' is not understood")]
    [InlineData("case,image,label,label_values\nx,a.nii,a.nii,0", "label_values '0' is not understood")]
    [InlineData("case,image,label,label_values\nx,a.nii,a.nii,1=2=3", "label_values '1=2=3' is not understood")]
    [InlineData("case,image,label,label_values\nx,a.nii,a.nii,2=4", "names class 2, which is not among the labels (lesion = 1)")]
    [InlineData("case,image,label,label_values\nx,a.nii,a.nii,4+4", "lists the value 4 twice")]
    [InlineData("case,image,label\nx,missing.nii,a.nii", "missing.nii")]
    [InlineData("case,image,label\nx,text.nii,a.nii", "text.nii")]
    [InlineData("case,image,label\nx,a.nii,other_shape.nii", "Case x: ")]
    [InlineData("case,image,label\nx,a.nii,other_affine.nii", "other_affine.nii' is on 5×4×3 voxels")]
    [InlineData("case,image,label,mask\nx,a.nii,a.nii,other_shape.nii", "other_shape.nii' is on 5×4×2 voxels")]
    public void Is_refused_with_its_place_and_nothing_is_written(string table, string expected)
    {
        var message = Assert.ThrowsAny<MetSegException>(() => Import(table)).Message;

        Assert.Contains(expected, message);
        Assert.DoesNotContain('\n', message);
        Assert.False(Path.Exists(folder.PathOf("dataset")));
    }

    [Fact]
    public void Different_grids_are_told_apart_from_other_faults() =>
        Assert.Throws<GridMismatchException>(() => Import("case,image,label\nx,a.nii,other_affine.nii"));

    [Fact]
    public void Grids_that_differ_by_rounding_become_one()
    {
        Import("case,image,label\nx,a.nii,rounded_affine.nii");

        Assert.Empty(NnUNetLayout.Check(NnUNetLayout.Read(folder.PathOf("dataset")), cancellation: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_broken_file_leaves_no_part_of_its_case()
    {
        var grid = Grid.Axial(new Size(32, 32, 32), new Spacing(1, 1, 1));
        var labels = new byte[grid.Size.Count];
        Seeds.Generator(1, "labels").NextBytes(labels);
        NiftiWriter.Write(folder.PathOf("whole.nii.gz"), new LabelMap(grid, labels));
        var bytes = File.ReadAllBytes(folder.PathOf("whole.nii.gz"));
        bytes[bytes.Length / 2] ^= 1;       // a whole header, so that the damage is met while voxels are read
        File.WriteAllBytes(folder.PathOf("damaged.nii.gz"), bytes);

        var exception = Assert.Throws<ImageFileException>(() => Import("case,image,label\nx,whole.nii.gz,damaged.nii.gz"));

        Assert.Contains("damaged.nii.gz", exception.Message);
        Assert.Equal([folder.PathOf("dataset/import.json")], Directory.EnumerateFileSystemEntries(folder.PathOf("dataset")));
    }

    /// <summary>Enhancing tumor is stored as 4 by BraTS 2013, as 3 by BraTS 2023; the volumes in mm³ are those of data/cases.csv.</summary>
    [Fact]
    public void Real_tumors_of_sources_with_different_values_come_out_alike()
    {
        var cases = SharedData.PathOf("data/brats-sample");
        var old = Path.Combine(cases, "brats_2013_pat0001_1");
        var recent = Path.Combine(cases, "bratsgli-00000");

        Import(
            $"""
            case,image,label,label_values,mask
            a,{old}/t1c.nii.gz,{old}/seg.nii.gz,4,{old}/mask.nii.gz
            d,{recent}/t1c.nii.gz,{recent}/seg.nii.gz,3,
            """);

        var dataset = NnUNetLayout.Read(folder.PathOf("dataset"));
        var volumes = dataset.TrainingCases.Select(one => NiftiReader.ReadLabelMap(one.LabelPath!).Labels.Count(label => label == 1));
        Assert.Equal([31485, 32731], volumes);
        var image = NiftiReader.ReadVolume(dataset.TrainingCases[0].ImagePaths[0]);
        Assert.Equal(0, image[0, 0, 0]);
        Assert.Equal(-4.7551374f, NiftiReader.ReadVolume($"{old}/t1c.nii.gz")[0, 0, 0], tolerance: 1e-6f);
    }

    private void Import(string table)
    {
        File.WriteAllText(folder.PathOf("table.csv"), table);
        TableLayout.Import(folder.PathOf("table.csv"), folder.PathOf("dataset"), cancellation: TestContext.Current.CancellationToken);
    }

    private void Write(string name, Grid grid) =>
        NiftiWriter.Write(folder.PathOf($"{name}.nii"), new LabelMap(grid, [.. Enumerable.Repeat((byte)1, grid.Size.Count)]));
}
