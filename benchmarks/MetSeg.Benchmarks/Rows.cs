using static MetSeg.Benchmarks.Comparison;

namespace MetSeg.Benchmarks;

/// <summary>The rows of the table: which figure stands against which, and what limits it.</summary>
internal static class Rows
{
    /// <summary>Images against nibabel and scipy.</summary>
    /// <param name="times">Seconds by benchmark.</param>
    /// <param name="images">The benchmarks, prepared.</param>
    /// <param name="peers">The peers; null where they are absent.</param>
    public static IEnumerable<Comparison> Images(IReadOnlyDictionary<string, double> times, ImageBenchmarks images, Peers? peers)
    {
        var answers = images.Answers();
        Comparison Row(string what, string benchmark, string peer, string limit, string? peerBenchmark = null)
        {
            var name = peerBenchmark ?? benchmark.ToLowerInvariant();
            return AgainstPeer(what, new PeerResult(times[benchmark], answers[name]), peers?.Results[name], peer, limit);
        }

        var sizes = $"{images.CompressedBytes / 1e6:0.0} MB at level 2" + (peers is null ? "" : $", nibabel {peers.WrittenBytes / 1e6:0.0} MB at level 1");
        yield return Row("read .nii.gz", nameof(images.Read), "nibabel", $"inflating: {Time(times[nameof(images.Inflate)])} alone, one thread");
        yield return Row("write .nii.gz", nameof(images.Write), "nibabel", $"deflating: {Time(times[nameof(images.Deflate)])} alone, one thread; {sizes}; ours also waits for the disk");
        yield return Row("connected components, 26", nameof(images.Components), "scipy label",
            $"memory: reading the mask once takes {Time(times[nameof(images.PassOverMask)])}");
        yield return Row("distance transform", nameof(images.Distances), "scipy distance_transform_edt", "arithmetic of the lower envelopes, all cores; scipy uses one");
        var moved = $"memory and arithmetic, all cores: copying the scan takes {Time(times[nameof(images.Copy)])}; the peer uses one core";
        yield return Row("resample to 1.2 mm, linear", nameof(images.Linear), "scipy zoom, order 1", moved);
        yield return Row("resample to 1.2 mm, cubic", nameof(images.Cubic), "scipy zoom, order 3, mode nearest", moved);
        yield return Row("the same", nameof(images.Cubic), "skimage resize, order 3, mode edge (nnU-Net's way)", moved, "resize");
        yield return Row("evaluate a case: Dice, HD95, surface Dice, lesions", nameof(images.Evaluate), "scipy, Dice, MedPy's HD95 and labels only", "surfels of both masks, cropped to the lesions");
    }

    /// <summary>Networks against PyTorch and the matrix product.</summary>
    /// <param name="times">Seconds by benchmark.</param>
    /// <param name="torch">PyTorch's; null where it is absent.</param>
    public static IEnumerable<Comparison> Networks(IReadOnlyDictionary<string, double> times, Peers? torch)
    {
        var peak = NetworkBenchmarks.MatrixOperations / times[nameof(NetworkBenchmarks.MatrixProduct)];
        Comparison Row(string what, string benchmark, double operations) => AgainstPeer(
            what, new PeerResult(times[benchmark], NetworkBenchmarks.Weights), torch?.Results[benchmark.ToLowerInvariant()], "PyTorch, the same network",
            $"{operations / times[benchmark] / 1e9:0} GFLOP/s of convolutions where a matrix product reaches {peak / 1e9:0}; memory traffic of norms and activations");
        yield return Row("U-Net training step, 2 patches of 32³, 16 to 64 features", nameof(NetworkBenchmarks.TrainingStep), NetworkBenchmarks.TrainingOperations);
        var rate = NetworkBenchmarks.ScanVoxels / times[nameof(NetworkBenchmarks.Inference)] / 1e6;
        yield return Row($"sliding window of 32³ over 64³ voxels ({rate:0.00} million voxels/s)", nameof(NetworkBenchmarks.Inference), NetworkBenchmarks.InferenceOperations);
    }
}
