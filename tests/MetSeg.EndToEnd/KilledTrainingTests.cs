using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Xunit;

namespace MetSeg.EndToEnd;

/// <summary>A training that is killed or interrupted ends as one that never was.</summary>
public sealed partial class KilledTrainingTests : IDisposable
{
    /// <summary>How often it is killed; more than the default take longer than a test should.</summary>
    private const string KillsVariable = "METSEG_KILLS";
    private const int FewKills = 4;

    private static readonly string[] training =
        ["--fold", "0", "--epochs", "12", "--iterations", "8", "--optimizer", "adam", "--device", "cpu", "--threads", "1", "--seed", "5", "-q"];

    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Killed_at_random_moments_and_started_again_it_ends_with_the_same_weights()
    {
        var dataset = Preprocessed();
        var clock = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, BuiltProgram.Run(["train", dataset, "--out", work.PathOf("undisturbed"), .. training]).ExitCode);
        var whole = clock.Elapsed;

        var kills = int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : FewKills;
        var random = new Random(11);
        string[] killed = ["train", dataset, "--out", work.PathOf("killed"), .. training];
        for (var kill = 0; kill < kills;)
        {
            if (BuiltProgram.RunAndKill(random.NextDouble() * whole, killed))
            {
                kill++;
                continue;
            }

            // It reached its end before its moment came: the next kills are another run's.
            IsSame();
            Directory.Delete(work.PathOf("killed"), recursive: true);
        }

        var last = BuiltProgram.Run(killed);
        Assert.True(last.ExitCode == 0, last.Errors);
        IsSame();
    }

    [Fact]
    public void Interrupted_it_stops_cleanly_and_goes_on_to_the_same_weights()
    {
        var dataset = Preprocessed();
        Assert.Equal(0, BuiltProgram.Run(["train", dataset, "--out", work.PathOf("undisturbed"), .. training]).ExitCode);
        Directory.CreateDirectory(work.PathOf("killed/fold_0"));

        var stopped = BuiltProgram.RunUntil(work.PathOf("killed/fold_0/log.jsonl"), ["train", dataset, "--out", work.PathOf("killed"), .. training]);

        Assert.Equal((130, "", "metseg: interrupted.\n"), (stopped.ExitCode, stopped.Output, stopped.Errors));
        Assert.False(File.Exists(work.PathOf("killed/fold_0/checkpoint_final.safetensors")));
        Assert.DoesNotContain(work.Listing("killed"), entry => entry.Contains(".partial", StringComparison.Ordinal));
        Assert.Equal(0, BuiltProgram.Run(["train", dataset, "--out", work.PathOf("killed"), "--resume", .. training]).ExitCode);
        IsSame();
    }

    [Fact]
    public void An_estimate_prints_its_figures_and_writes_nothing()
    {
        var dataset = Preprocessed();
        var before = work.Listing();

        var text = BuiltProgram.Run("train", dataset, "--estimate", "--threads", "1");
        var json = BuiltProgram.Run("train", dataset, "--out", work.PathOf("run"), "--estimate", "--threads", "1", "--json", "-q", "--epochs", "3");

        Assert.Equal((0, 0, ""), (text.ExitCode, json.ExitCode, json.Errors));
        Assert.Matches(@"(?m)^network +[0-9,]+ parameters$", text.Output);
        Assert.Matches(@"(?m)^epoch +.+ with its validation$", text.Output);
        var cost = System.Text.Json.JsonDocument.Parse(json.Output).RootElement;
        Assert.Equal(3 * cost.GetProperty("epochSeconds").GetDouble(), cost.GetProperty("totalSeconds").GetDouble(), tolerance: 1e-6);
        Assert.Equal(before, work.Listing());
        work.IsRefused(["train", dataset], "option '--out' is required.");
    }

    private string Preprocessed()
    {
        var dataset = work.Dataset("tumors", cases: 5);
        Assert.Equal(0, BuiltProgram.Run(["preprocess", dataset, "--max-patch", "16,16,16", "--base-features", "4", "--max-stages", "2", "--batch-size", "2", "-q"]).ExitCode);
        return dataset;
    }

    private void IsSame()
    {
        Assert.Equal(Weights("undisturbed"), Weights("killed"));
        Assert.Equal(Log("undisturbed"), Log("killed"));
        Assert.Equal(Segmentations("undisturbed"), Segmentations("killed"));
        Assert.Empty(Directory.GetFiles(Path.Combine(work.PathOf("killed"), "fold_0"), "*.partial"));
    }

    private string Weights(string run) =>
        Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(work.PathOf(run), "fold_0", "checkpoint_final.safetensors"))));

    private string Log(string run) => Seconds().Replace(File.ReadAllText(Path.Combine(work.PathOf(run), "fold_0", "log.jsonl")), "");

    private IEnumerable<string> Segmentations(string run) =>
        Directory.GetFiles(Path.Combine(work.PathOf(run), "fold_0", "validation"), "*.nii.gz").Order(StringComparer.Ordinal)
            .Select(path => $"{Path.GetFileName(path)} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))}");

    [GeneratedRegex("\"seconds\":[0-9.eE+-]+")]
    private static partial Regex Seconds();
}
