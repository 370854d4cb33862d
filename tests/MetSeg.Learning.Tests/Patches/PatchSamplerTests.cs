using MetSeg.Learning.Patches;
using MetSeg.Learning.Tensors;
using Xunit;
using static TorchSharp.torch;

namespace MetSeg.Learning.Tests.Patches;

public class PatchSamplerTests
{
    private static readonly Size size = new(9, 8, 7);
    private static readonly Grid grid = Grid.Axial(size, new Spacing(1, 1, 1));

    private static TrainingCase Empty { get; } = new(
        "empty", 0, [new Volume(grid, new float[size.Count])], new LabelMap(grid, new byte[size.Count]), new Dictionary<int, IReadOnlyList<int>>());

    [Fact]
    public void Defaults_are_nnUNets()
    {
        var options = new PatchOptions();

        Assert.Equal([128, 128, 128], options.PatchSize);
        Assert.Equal((2, 0.33), (options.BatchSize, options.ForegroundShare));
        Assert.Empty(options.Problems());
        Assert.Equal(2, new PatchOptions { PatchSize = [4, 4], ForegroundShare = double.NaN, BatchSize = 0 }.Problems().Count());
    }

    [Theory]
    [InlineData(2, 0.33, 1)]
    [InlineData(3, 0.33, 1)]
    [InlineData(6, 0.33, 2)]
    [InlineData(2, 0.0, 0)]
    [InlineData(2, 1.0, 2)]
    public void The_last_third_of_a_batch_holds_foreground_and_the_rest_by_chance_only(int batchSize, double share, int forced)
    {
        // One foreground voxel in a corner: a patch of 2³ holds it by chance in about 1 of 300 draws.
        var sampler = Sampler(Marked(size.Index(0, 0, 0)), [2, 2, 2], batchSize, share);
        var hits = new int[batchSize];
        for (var draw = 0; draw < 60; draw++)
        {
            using var batch = sampler.Sample(new Random(draw));
            for (var sample = 0; sample < batchSize; sample++)
            {
                hits[sample] += batch.Label![sample].sum().item<long>() > 0 ? 1 : 0;
            }
        }

        Assert.All(hits.TakeLast(forced), hit => Assert.Equal(60, hit));
        Assert.All(hits.SkipLast(forced), hit => Assert.InRange(hit, 0, 5));
    }

    [Fact]
    public void A_forced_patch_is_centered_on_its_voxel_even_at_the_far_border()
    {
        var middle = Forced(Marked(size.Index(4, 4, 3)), [4, 4, 4]);
        var last = Forced(Marked(size.Index(8, 7, 6)), [4, 4, 4]);

        Assert.Equal([2, 2, 2], Place(middle));
        Assert.Equal([2, 2, 2], Place(last));
        middle.Dispose();
        last.Dispose();
    }

    [Fact]
    public void A_free_patch_larger_than_the_image_holds_all_of_it_and_a_forced_one_its_voxel_and_zeros_around()
    {
        using var scope = NewDisposeScope();
        using var free = Sampler(Numbered(), [10, 11, 12], batchSize: 1, share: 0).Sample(new Random(3));
        using var forced = Forced(Marked(size.Index(8, 7, 6)), [10, 11, 12]);

        Assert.Equal(Enumerable.Range(1, size.Count).Select(i => (float)i), VolumeTensor.ToArray(free.Image.masked_select(free.Image > 0)));
        Assert.Equal(size.Count, free.Image.count_nonzero().item<long>());
        Assert.Equal(VolumeTensor.ToArray(free.Image > 0), VolumeTensor.ToArray(free.Label!));
        Assert.Equal(1, forced.Label!.sum().item<long>());
    }

    [Fact]
    public void Free_patches_reach_every_corner_and_never_leave_the_image()
    {
        var sampler = Sampler(Numbered(), [3, 3, 3], batchSize: 1, share: 0);
        var firsts = new HashSet<float>();
        for (var draw = 0; draw < 2000; draw++)
        {
            using var batch = sampler.Sample(new Random(draw));
            var values = VolumeTensor.ToArray(batch.Image);
            Assert.DoesNotContain(0, values);
            firsts.Add(values[0]);
        }

        Assert.Equal(7 * 6 * 5, firsts.Count);
    }

    [Fact]
    public void The_same_seed_gives_the_same_batch_and_another_seed_another()
    {
        var cache = ToyCases.Cache(6);
        var sampler = new PatchSampler(cache, new PatchOptions { PatchSize = [6, 6, 6], BatchSize = 3 }, new RandomAugmentation());
        float[] Draw(int seed)
        {
            using var batch = sampler.Sample(new Random(seed));
            return [.. VolumeTensor.ToArray(batch.Image), .. VolumeTensor.ToArray(batch.Label!), .. batch.Domains.Select(domain => (float)domain)];
        }

        Assert.Equal(Draw(5), Draw(5));
        Assert.NotEqual(Draw(5), Draw(6));
    }

    [Fact]
    public void A_case_without_foreground_gives_any_patch()
    {
        using var batch = Sampler(Empty, [4, 4, 4], batchSize: 2, share: 1).Sample(new Random(1));

        Assert.Equal([2, 1, 4, 4, 4], batch.Label!.shape);
        Assert.Equal(0, batch.Label.sum().item<long>());
    }

    [Fact]
    public void Every_class_is_chosen_as_often_however_large_it_is()
    {
        var places = new Dictionary<int, IReadOnlyList<int>> { [1] = [.. Enumerable.Range(0, 50)], [2] = [size.Count - 1] };
        var one = Numbered() with { Foreground = places };
        var sampler = Sampler(one, [1, 1, 1], batchSize: 1, share: 1);
        var second = 0;
        for (var draw = 0; draw < 2000; draw++)
        {
            using var batch = sampler.Sample(new Random(draw));
            second += batch.Image.item<float>() == size.Count ? 1 : 0;
        }

        Assert.InRange(second, 900, 1100);
    }

    [Fact]
    public void The_number_of_the_hospital_travels_with_its_patch()
    {
        // Every voxel of case n is n, and its domain is 10·n.
        TrainingCase Case(int number) => Empty with { Domain = 10 * number, Channels = [Empty.Channels[0].Map(_ => number)] };
        var sampler = new PatchSampler(new CaseCache(Case, 5, long.MaxValue), new PatchOptions { PatchSize = [2, 2, 2], BatchSize = 20 }, null);

        using var batch = sampler.Sample(new Random(1));

        Assert.Equal(batch.Domains, Enumerable.Range(0, 20).Select(sample => 10 * (int)batch.Image[sample, 0, 0, 0, 0].item<float>()));
        Assert.True(batch.Domains.Distinct().Count() >= 4);
    }

    [Fact]
    public void A_batch_owns_its_tensors_and_leaves_no_other()
    {
        var always = new RandomAugmentation { Noise = 1, Contrast = 1, Gamma = 1 };
        var sampler = new PatchSampler(ToyCases.Cache(2), new PatchOptions { PatchSize = [6, 6, 6] }, always);
        sampler.Sample(new Random(0)).Dispose();

        LiveTensors.AssertNoneLeftBy(() => sampler.Sample(new Random(1)).Dispose());
    }

    private static PatchSampler Sampler(TrainingCase one, int[] patch, int batchSize, double share) =>
        new(new CaseCache(_ => one, 1, long.MaxValue), new PatchOptions { PatchSize = patch, BatchSize = batchSize, ForegroundShare = share }, null);

    private static Batch Forced(TrainingCase one, int[] patch) => Sampler(one, patch, batchSize: 1, share: 1).Sample(new Random(1));

    /// <summary>Where in a batch's only patch the only label is, along z, y, x.</summary>
    private static long[] Place(Batch batch) => batch.Label![0, 0].nonzero()[0].data<long>().ToArray();

    /// <summary>A case with one labelled voxel.</summary>
    private static TrainingCase Marked(int voxel)
    {
        var label = new byte[size.Count];
        label[voxel] = 1;
        return Empty with { Label = new LabelMap(grid, label), Foreground = new Dictionary<int, IReadOnlyList<int>> { [1] = [voxel] } };
    }

    /// <summary>A case whose voxels count from 1 and are all labelled.</summary>
    private static TrainingCase Numbered() => Empty with
    {
        Channels = [new Volume(grid, [.. Enumerable.Range(1, size.Count).Select(i => (float)i)])],
        Label = Empty.Label.Map(_ => 1),
        Foreground = new Dictionary<int, IReadOnlyList<int>> { [1] = [.. Enumerable.Range(0, size.Count)] },
    };
}

public class CaseCacheTests
{
    [Theory]
    [InlineData(0, 6)]
    [InlineData(2, 4)]
    [InlineData(3, 3)]
    public void Keeps_as_many_cases_as_the_budget_holds_and_reads_the_others_anew(int kept, int loads)
    {
        var seen = 0;
        var cache = new CaseCache(
            number =>
            {
                seen++;
                return ToyCases.Ball(number);
            },
            3,
            kept * ToyCases.Ball(0).Bytes);
        for (var pass = 0; pass < 2; pass++)
        {
            for (var number = 0; number < 3; number++)
            {
                Assert.Equal($"ball{number}", cache[number].Id);
            }
        }

        Assert.Equal(loads, seen);
        Assert.Equal(3, cache.Count);
    }

    [Fact]
    public void A_voxel_takes_four_bytes_a_channel_and_one_for_its_label() =>
        Assert.Equal(5 * ToyCases.Size.Count, ToyCases.Ball(0).Bytes);
}
