using MetSeg.Nifti;
using MetSeg.Datasets;
using MetSeg.Simulation;
using Xunit;

namespace MetSeg.Tests.Simulation;

public sealed class LesionImplantationTests : IDisposable
{
    private static readonly Lazy<Volume> scan = new(() =>
        SimulatedScan.Create(Institution.Named("pkg"), 1, 1, new SimulationOptions { Size = 64 }).Image);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Implanted_metastases_shine_in_the_brain_and_nothing_else_changes()
    {
        var (image, label) = LesionImplantation.Implant(scan.Value, Institution.Named("ucsf"), 2, seed: 1);
        var inside = label.Labels.Index().Where(voxel => voxel.Item == 1).Select(voxel => voxel.Index).ToList();
        var brain = scan.Value.Voxels.Where(value => value > 0).Order().ToList();

        Assert.True(inside.Count >= LesionSizes.Of(Institution.Named("ucsf"), 2, 1).Count / 2);
        Assert.All(inside, i => Assert.True(scan.Value.Voxels[i] > 0));
        Assert.True(inside.Average(i => image.Voxels[i]) > 1.1 * brain[brain.Count / 2]);
        Assert.True(image.Voxels.Zip(scan.Value.Voxels).Count(pair => Math.Abs(pair.First - pair.Second) < 0.02 * pair.Second + 1) > 0.9 * image.Voxels.Length);
        Assert.Equal(image.Voxels, LesionImplantation.Implant(scan.Value, Institution.Named("ucsf"), 2, seed: 1).Image.Voxels);
    }

    [Fact]
    public void Writes_a_data_set_and_refuses_a_folder_without_scans()
    {
        NiftiWriter.Write(folder.PathOf("scans/a.nii.gz"), scan.Value);
        var options = new SimulationOptions { Institutions = ["ucsf"] };

        LesionImplantation.ImplantAll(folder.PathOf("scans"), folder.PathOf("out"), options, null, TestContext.Current.CancellationToken);

        Assert.Equal(["a"], NnUNetLayout.Read(folder.PathOf("out")).TrainingCases.Select(c => c.Id));
        Directory.CreateDirectory(folder.PathOf("empty"));
        var message = Assert.Throws<MetSegException>(() =>
            LesionImplantation.ImplantAll(folder.PathOf("empty"), folder.PathOf("other"), options, null, TestContext.Current.CancellationToken)).Message;
        Assert.Contains("holds no .nii", message, StringComparison.Ordinal);
    }
}
