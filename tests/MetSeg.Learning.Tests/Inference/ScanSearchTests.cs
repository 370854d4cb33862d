using MetSeg.Learning.Inference;
using Xunit;

namespace MetSeg.Learning.Tests.Inference;

public sealed class ScanSearchTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("scan.nii.gz", "scan")]
    [InlineData("scan.nii", "scan")]
    [InlineData("scan_0000.nii.gz", "scan")]
    [InlineData("patient_0012.nii.gz", "patient_0012")]
    public void A_file_is_one_scan(string name, string id)
    {
        Touch(name);

        var scan = Assert.Single(ScanSearch.Find(folder.At(name), channels: 1));

        Assert.Equal(id, scan.Id);
        Assert.Equal([folder.At(name)], scan.Channels);
    }

    [Fact]
    public void A_folder_holds_scans_by_id_with_their_channels_in_order()
    {
        Touch("b_0001.nii.gz", "b_0000.nii.gz", "a_x_0000.nii.gz", "a_x_0001.nii.gz", "notes.txt", ".hidden.nii.gz", "._a_x_0000.nii.gz");

        var scans = ScanSearch.Find(folder.Path, channels: 2);

        Assert.Equal(["a_x", "b"], scans.Select(scan => scan.Id));
        Assert.Equal(["b_0000.nii.gz", "b_0001.nii.gz"], scans[1].Channels.Select(Path.GetFileName));
    }

    [Fact]
    public void Without_channel_numbers_a_file_is_a_scan_of_one_channel()
    {
        Touch("BRATS_0001.nii.gz", "BRATS_0002.nii.gz", "c.nii");

        Assert.Equal(["BRATS_0001", "BRATS_0002", "c"], ScanSearch.Find(folder.Path, channels: 1).Select(scan => scan.Id));
    }

    [Theory]
    [InlineData(2, "a_0000.nii.gz")]
    [InlineData(2, "a_0001.nii.gz")]
    [InlineData(2, "a_0000.nii.gz", "a_0002.nii.gz")]
    [InlineData(2, "a_0000.nii.gz", "a_0001.nii.gz", "a_0002.nii.gz")]
    [InlineData(2, "a.nii", "a.nii.gz")]
    [InlineData(2, "a_0000.nii", "a_0000.nii.gz")]
    [InlineData(2, "a.nii.gz", "a_0000.nii.gz")]
    [InlineData(1, "a_0000.nii.gz", "a_0001.nii.gz")]
    [InlineData(1, "a.nii.gz", "a_0000.nii.gz")]
    [InlineData(1, "a.nii", "a.nii.gz")]
    public void Missing_or_doubtful_channels_are_named(int channels, params string[] names)
    {
        Touch([.. names, "b_0000.nii.gz"]);

        var error = Assert.Throws<MetSegException>(() => ScanSearch.Find(folder.Path, channels));

        Assert.Contains("scan 'a", error.Message);
        Assert.Contains(names[0], error.Message);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void Nothing_to_find_is_said()
    {
        Assert.Contains("no .nii", Assert.Throws<MetSegException>(() => ScanSearch.Find(folder.Path, 1)).Message);
        Assert.Contains("no file or folder", Assert.Throws<MetSegException>(() => ScanSearch.Find(folder.At("absent"), 1)).Message);
    }

    [Fact]
    public void A_result_never_replaces_a_scan()
    {
        ScanFiles[] scans = [new("a", [folder.At("a.nii.gz")])];

        ScanSearch.ThrowIfReplaced(scans, [folder.At("b.nii.gz")]);
        var error = Assert.Throws<MetSegException>(() => ScanSearch.ThrowIfReplaced(scans, [Path.Combine(folder.Path, "sub", "..", "a.nii.gz")]));

        Assert.Contains("another folder", error.Message);
    }

    private void Touch(params string[] names) => names.ToList().ForEach(name => File.WriteAllBytes(folder.At(name), []));
}
