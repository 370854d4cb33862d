using MetSeg;
using MetSeg.Benchmarks;

// Measures our work on images, then the peers' on the same files, then networks, one after the other, and prints one table; or, asked to
// "fuzz", reads many damaged images. See ../README.md.
try
{
    if (args is ["fuzz", .. var which])
    {
        return FuzzRun.Start(which);
    }

    if (args.Length > 0)
    {
        throw new MetSegException($"'{args[0]}' is not known: the benchmarks take 'fuzz [count] [seed]', or nothing and print one table.");
    }

    Console.Error.WriteLine("measuring; this takes about a minute ...");
    var artifacts = Path.Combine(Path.GetTempPath(), "metseg-benchmark-logs");
    var loadBefore = Machine.Load();
    var images = OwnTimes.Measure<ImageBenchmarks>(artifacts);
    var sameCase = new ImageBenchmarks();
    try
    {
        sameCase.Prepare();
        var (peers, absence) = Peers.Measure(sameCase.Folder);
        var networks = OwnTimes.Measure<NetworkBenchmarks>(artifacts);
        Console.WriteLine(Comparison.Table(Rows.Images(images, sameCase, peers).Concat(Rows.Networks(networks))));
        var versions = peers is null ? $"peers absent ({absence})" : string.Join(", ", peers.Versions.Select(version => $"{version.Key} {version.Value}"));
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
