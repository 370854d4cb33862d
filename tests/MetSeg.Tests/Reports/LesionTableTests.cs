using MetSeg.Reports;
using Xunit;

namespace MetSeg.Tests.Reports;

public class LesionTableTests
{
    private static readonly Grid grid = new(new Size(12, 12, 12), Affine.Scaling(new Spacing(1, 1, 2), -5, 0, 10));

    [Fact]
    public void Measures_lesions_the_largest_first()
    {
        // A diagonal of three voxels (26-connected) and a block of eight. Voxels are 2 mm³; world is (x − 5, y, 2z + 10).
        (int, int, int)[] diagonal = [(3, 3, 3), (4, 4, 4), (5, 5, 5)];
        var block = from x in new[] { 8, 9 } from y in new[] { 8, 9 } from z in new[] { 8, 9 } select (x, y, z);
        var probability = Probability(((3, 3, 3), 0.5f), ((4, 4, 4), 0.75f), ((5, 5, 5), 1f), ((8, 8, 8), 0.8f));

        var lesions = LesionTable.Measure(Mask([.. diagonal, .. block]), probability).Lesions;

        Assert.Equal(2, lesions.Count);
        Assert.Equal((1, 0.016), (lesions[0].Id, lesions[0].VolumeCm3));
        Assert.Equal((3.5, 8.5, 27.0), (lesions[0].CentroidXMm, lesions[0].CentroidYMm, lesions[0].CentroidZMm));
        Assert.Equal(Math.Sqrt(1 + 1 + 4), lesions[0].LongestDiameterMm, tolerance: 1e-5);
        Assert.Equal((0.1, 0.8), (lesions[0].MeanProbability, lesions[0].MaxProbability), Close);
        Assert.Equal((2, 0.006), (lesions[1].Id, lesions[1].VolumeCm3));
        Assert.Equal((-1.0, 4.0, 18.0), (lesions[1].CentroidXMm, lesions[1].CentroidYMm, lesions[1].CentroidZMm));
        Assert.Equal(Math.Sqrt(4 + 4 + 16), lesions[1].LongestDiameterMm, tolerance: 1e-5);
        Assert.Equal((0.75, 1.0), (lesions[1].MeanProbability, lesions[1].MaxProbability), Close);
    }

    [Fact]
    public void A_single_voxel_has_no_diameter()
    {
        var lesion = Assert.Single(LesionTable.Measure(Mask([(4, 4, 4)])).Lesions);

        Assert.Equal(0, lesion.LongestDiameterMm);
        Assert.Equal(double.NaN, lesion.MeanProbability);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_longest_diameter_is_that_of_all_pairs(int seed)
    {
        var random = Seeds.Generator(seed, nameof(LesionTableTests));
        var oblique = new Grid(new Size(12, 12, 12), new Affine(0.9, 0.3, 0, 1, -0.3, 0.9, 0.2, 2, 0, -0.1, 1.7, 3));
        var labels = new byte[oblique.Size.Count];
        for (var i = 0; i < labels.Length; i++)
        {
            labels[i] = (byte)(random.NextDouble() < 0.25 ? 1 : 0);
        }

        var map = new LabelMap(oblique, labels);

        var lesions = LesionTable.Measure(map).Lesions;
        var components = MetSeg.Imaging.Components.Find(map);
        var ofVoxel = components.ToLabels();

        foreach (var (component, lesion) in components.Items.OrderByDescending(item => item.Voxels).Zip(lesions))
        {
            var points = Enumerable.Range(0, labels.Length).Where(i => ofVoxel[i] == component.Id)
                .Select(i => oblique.ToWorld.Apply(i % 12, i / 12 % 12, i / 144)).ToList();
            var longest = points.Max(a => points.Max(b => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2) + Math.Pow(a.Z - b.Z, 2))));
            Assert.Equal(longest, lesion.LongestDiameterMm, tolerance: 1e-4);
        }
    }

    [Theory]
    [InlineData(4, false, false)]
    [InlineData(2, false, true)]  // beside a voxel outside the brain, which begins at x = 2
    [InlineData(1, false, true)]  // outside the brain
    [InlineData(0, true, true)]   // on the grid's face
    [InlineData(11, true, true)]
    public void Says_whether_a_lesion_touches_the_border_of_the_brain(int x, bool withoutMask, bool withMask)
    {
        var brain = new LabelMap(grid, [.. Enumerable.Range(0, grid.Size.Count).Select(i => (byte)(i % 12 >= 2 ? 1 : 0))]);
        var lesion = Mask([(x, 5, 5)]);

        Assert.Equal(withoutMask, LesionTable.Measure(lesion).Lesions[0].TouchesBrainBorder);
        Assert.Equal(withMask, LesionTable.Measure(lesion, null, brain).Lesions[0].TouchesBrainBorder);
    }

    [Fact]
    public void Writes_the_columns_of_the_contract()
    {
        Assert.Equal(
            "id,volume_cm3,longest_diameter_mm,centroid_x_mm,centroid_y_mm,centroid_z_mm,mean_probability,max_probability,touches_brain_border\n"
            + "1,0.006,4.899,-1,4,18,,,false\n"
            + "2,0.002,0,6,0,10,,,true\n",
            Written(LesionTable.Measure(Mask([(3, 3, 3), (4, 4, 4), (5, 5, 5), (11, 0, 0)]))));
    }

    [Fact]
    public void Without_lesions_there_is_only_the_header()
    {
        var table = LesionTable.Measure(Mask([]));

        Assert.Empty(table.Lesions);
        Assert.Single(Written(table).TrimEnd().Split('\n'));
    }

    [Fact]
    public void Refuses_maps_on_another_grid()
    {
        var elsewhere = Grid.Axial(grid.Size, grid.Spacing);

        Assert.Throws<GridMismatchException>(() => LesionTable.Measure(Mask([]), new Volume(elsewhere, new float[grid.Size.Count])));
        Assert.Throws<GridMismatchException>(() => LesionTable.Measure(Mask([]), null, new LabelMap(elsewhere, new byte[grid.Size.Count])));
    }

    private static bool Close((double Mean, double Max) a, (double Mean, double Max) b) =>
        Math.Abs(a.Mean - b.Mean) < 1e-6 && Math.Abs(a.Max - b.Max) < 1e-6;

    private static LabelMap Mask(IEnumerable<(int X, int Y, int Z)> voxels)
    {
        var labels = new byte[grid.Size.Count];
        foreach (var (x, y, z) in voxels)
        {
            labels[grid.Size.Index(x, y, z)] = 1;
        }

        return new LabelMap(grid, labels);
    }

    private static Volume Probability(params ((int X, int Y, int Z) Voxel, float Value)[] values)
    {
        var voxels = new float[grid.Size.Count];
        foreach (var ((x, y, z), value) in values)
        {
            voxels[grid.Size.Index(x, y, z)] = value;
        }

        return new Volume(grid, voxels);
    }

    private static string Written(LesionTable table)
    {
        var path = Path.GetTempFileName();
        try
        {
            table.Write(path);
            return File.ReadAllText(path);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
