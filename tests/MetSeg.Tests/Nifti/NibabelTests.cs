using System.Text.Json;
using MetSeg.Nifti;
using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>nibabel reads what we write and we read what nibabel writes.</summary>
public sealed class NibabelTests : IDisposable
{
    /// <summary>Prints shape, type, affine, qform, units and digest of every file.</summary>
    private const string Describe = """
        def describe(path):
            image = nibabel.load(path)
            voxels = numpy.asanyarray(image.dataobj)
            digest = hashlib.sha256(voxels.astype('<f4').tobytes(order='F')).hexdigest()
            qform = image.get_qform(coded=True)[0]
            return dict(shape=list(image.shape), dtype=str(voxels.dtype), sha256=digest, units=image.header.get_xyzt_units()[0],
                        affine=image.affine[:3].ravel().tolist(), qform=None if qform is None else qform[:3].ravel().tolist(),
                        codes=[int(image.header['sform_code']), int(image.header['qform_code'])])
        print(json.dumps([describe(path) for path in sys.argv[1:]]))
        """;

    /// <summary>Integers of every width, floats, slopes and byte orders; the last argument is the folder.</summary>
    private const string WriteVariants = """
        voxels = numpy.arange(60, dtype='f8').reshape((3, 4, 5), order='F') * 2 - 7
        affine = numpy.array([[0, -0.9, 0.1, 12], [1.1, 0, 0, -30], [0, 0.1, 0.9, 45.5], [0, 0, 0, 1]])
        names = []
        kinds = [(nibabel.Nifti1Image, '.nii'), (nibabel.Nifti2Image, '.nii.gz'), (nibabel.Nifti1Pair, '.hdr'), (nibabel.Nifti2Pair, '.img.gz')]
        for order, code, (kind, ending) in itertools.product('<>', ['u1', 'i1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8'], kinds):
            header = kind.header_class(endianness=order)
            header.set_data_dtype(order + code)
            names.append(f"{sys.argv[1]}/{'big' if order == '>' else 'little'}-{code}-{kind.__name__}{ending}")
            nibabel.save(kind((abs(voxels) if code[0] == 'u' else voxels).astype(order + code), affine, header), names[-1])
        for code in ['i2', 'u1']:
            image = nibabel.Nifti1Image((voxels + 7).astype(code), affine)
            image.header.set_slope_inter(0.25, -3)
            names.append(f'{sys.argv[1]}/scaled-{code}.nii.gz')
            nibabel.save(nibabel.Nifti1Image((voxels + 7) * 0.25 - 3, affine, image.header), names[-1])
        def expected(path):
            image = nibabel.load(path)
            return dict(path=path, order=image.header.endianness, affine=image.affine[:3].ravel().tolist(),
                        sha256=hashlib.sha256(image.get_fdata().astype('<f4').tobytes(order='F')).hexdigest())
        print(json.dumps([expected(name) for name in names]))
        """;

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Nibabel_reads_what_we_write()
    {
        var random = new Random(11);
        var grids = Enumerable.Range(0, 8).Select(_ => RandomGrid.Create(random, 9)).Append(Grid.Axial(new Size(3, 4, 5), new Spacing(0.5, 1, 2))).ToList();
        var (paths, digests) = (new List<string>(), new List<string>());
        foreach (var (index, grid) in grids.Index())
        {
            float[] voxels = [.. Enumerable.Range(0, grid.Size.Count).Select(_ => (float)((random.NextDouble() - 0.5) * 1e4))];
            byte[] labels = [.. Enumerable.Range(0, grid.Size.Count).Select(_ => (byte)random.Next(256))];
            foreach (var ending in new[] { ".nii", ".nii.gz" })
            {
                NiftiWriter.Write(folder.PathOf($"volume{index}{ending}"), new Volume(grid, voxels));
                NiftiWriter.Write(folder.PathOf($"labels{index}{ending}"), new LabelMap(grid, labels));
                paths.AddRange([folder.PathOf($"volume{index}{ending}"), folder.PathOf($"labels{index}{ending}")]);
                digests.AddRange([VoxelDigest.Of(voxels), VoxelDigest.Of(Array.ConvertAll(labels, label => (float)label))]);
            }
        }

        using var seen = JsonDocument.Parse(PythonPeer.Run("nibabel, numpy, hashlib, json, sys", Describe, [.. paths]));

        foreach (var (index, image) in seen.RootElement.EnumerateArray().Index())
        {
            var grid = grids[index / 4];
            Assert.Equal(grid.Size.ToArray(), image.GetProperty("shape").EnumerateArray().Select(e => e.GetInt32()));
            Assert.Equal(index % 2 == 0 ? "float32" : "uint8", image.GetProperty("dtype").GetString());
            Assert.Equal(digests[index], image.GetProperty("sha256").GetString());
            Assert.Equal("mm", image.GetProperty("units").GetString());
            Assert.Equal([1, 1], image.GetProperty("codes").EnumerateArray().Select(e => e.GetInt32()));
            AssertAffine(grid.ToWorld, image.GetProperty("affine"));
            AssertAffine(grid.ToWorld, image.GetProperty("qform"));
        }
    }

    [Fact]
    public void We_read_what_nibabel_writes()
    {
        using var written = JsonDocument.Parse(PythonPeer.Run("nibabel, numpy, hashlib, itertools, json, sys", WriteVariants, folder.Path));

        Assert.Equal(82, written.RootElement.GetArrayLength());
        foreach (var image in written.RootElement.EnumerateArray())
        {
            var path = image.GetProperty("path").GetString()!;
            var volume = NiftiReader.ReadVolume(path);
            Assert.Equal(image.GetProperty("sha256").GetString(), VoxelDigest.Of(volume.Voxels.AsSpan()));
            var header = NiftiReader.ReadHeader(path);
            Assert.Equal(image.GetProperty("order").GetString() == ">", header.IsBigEndian);
            Assert.Equal(path.Contains("scaled-"), header.Slope != 1);
            AssertAffine(volume.Grid.ToWorld, image.GetProperty("affine"));
        }
    }

    private static void AssertAffine(Affine expected, JsonElement rows) => Assert.All(
        expected.ToArray().Zip(rows.EnumerateArray()),
        pair => Assert.Equal(pair.First, pair.Second.GetDouble(), tolerance: 1e-5 + (1e-7 * Math.Abs(pair.First))));
}
