using MetSeg;
using MetSeg.Benchmarks;

// Measures our work on images, then the peers' on the same files, then networks, one after the other, and prints one table; or, asked to
// "fuzz", reads many damaged images or, asked for a "volume", segments one scan or, asked for "metrics", evaluates one. See ../README.md.
try
{
    if (args is ["fuzz", .. var which])
    {
        return FuzzRun.Start(which);
    }

    if (args is ["volume", .. var size])
    {
        return VolumeRun.Start(size);
    }

    if (args is ["metrics"])
    {
        return MetricsRun.Start();
    }

    if (args.Length > 0)
    {
        throw new MetSegException($"'{args[0]}' is not known: the benchmarks take 'fuzz [count] [seed]', 'volume [features] [patch]', 'metrics', or nothing and print one table.");
    }

    Console.Error.WriteLine("measuring; this takes about a minute ...");
    var artifacts = Path.Combine(Path.GetTempPath(), "metseg-benchmark-logs");
    var loadBefore = Machine.Load();
    var images = OwnTimes.Measure<ImageBenchmarks>(artifacts);
    var sameCase = new ImageBenchmarks();
    try
    {
        sameCase.Prepare();
        var (peers, absence) = Peers.Measure("peers.py", sameCase.Folder);
        var networks = OwnTimes.Measure<NetworkBenchmarks>(artifacts);
        var (torch, torchAbsence) = Peers.Measure("peers_torch.py", sameCase.Folder);
        Console.WriteLine(Comparison.Table(Rows.Images(images, sameCase, peers).Concat(Rows.Networks(networks, torch))));
        string Versions(Peers? measured, string? why) =>
            measured is null ? $"peers absent ({why})" : string.Join(", ", measured.Versions.Select(version => $"{version.Key} {version.Value}"));
        var versions = $"{Versions(peers, absence)}, {Versions(torch, torchAbsence)}";
        Console.WriteLine($"\n{DateTime.UtcNow:yyyy-MM-dd}, {Machine.Description()}; {versions}. Load of the machine before: {loadBefore:0.0}, after: {Machine.Load():0.0}.");
    }
    finally
    {
        sameCase.Remove();
    }

    return 0;
}
catch (MetSegException exception)
{
    Console.Error.WriteLine($"benchmarks: {exception.Message}");
    return 1;
}
