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

    /// <summary>Networks against the matrix product.</summary>
    /// <param name="times">Seconds by benchmark.</param>
    public static IEnumerable<Comparison> Networks(IReadOnlyDictionary<string, double> times)
    {
        var peak = NetworkBenchmarks.MatrixOperations / times[nameof(NetworkBenchmarks.MatrixProduct)];
        yield return AgainstPeak("U-Net training step, 2 patches of 32³", NetworkBenchmarks.TrainingOperations, times[nameof(NetworkBenchmarks.TrainingStep)], peak,
            "memory traffic of 16 to 64 features; norms and activations count as no work");
        var seconds = times[nameof(NetworkBenchmarks.Inference)];
        yield return AgainstPeak($"sliding window, tiles of 32³: {NetworkBenchmarks.ScanVoxels / seconds / 1e6:0.00} million voxels/s",
            NetworkBenchmarks.InferenceOperations, seconds, peak, "the same; half-overlapping tiles compute each voxel 3.4 times");
    }
}
