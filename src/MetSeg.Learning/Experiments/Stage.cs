using System.Text.Json;
using MetSeg.Files;

namespace MetSeg.Learning.Experiments;

/// <summary>
/// A step of an experiment that is done once: a marker with the digest of its options is written when it has ended, and a step whose marker
/// says the same is not run again.
/// </summary>
/// <param name="Name">Its name; also the marker's.</param>
/// <param name="Options">What its result depends on, inputs included; serialized to tell runs apart.</param>
/// <param name="Run">Does the work; goes on where an interrupted run stopped.</param>
public sealed record Stage(string Name, object Options, Action Run)
{
    /// <summary>Runs the stages in order, skipping those that are done. A stage depends on all before it: once one runs, all later ones do.</summary>
    /// <param name="folder">Where the markers lie.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="note">Told which stage is done already; may be null.</param>
    /// <param name="cancellation">Checked between stages.</param>
    public static void RunAll(string folder, IReadOnlyList<Stage> stages, Action<string>? note, CancellationToken cancellation)
    {
        var digest = "";
        var markers = stages.Select(stage => Path.Combine(folder, $"{stage.Name}.done")).ToList();
        for (var i = 0; i < stages.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var stage = stages[i];
            digest = FileDigest.OfText($"{digest}/{stage.Name}/{JsonSerializer.Serialize(stage.Options, JsonFile.OwnStyle)}");
            if (File.Exists(markers[i]) && File.ReadAllText(markers[i]) == digest)
            {
                note?.Invoke($"{stage.Name}: done already");
                continue;
            }

            // A marker that outlived a run of other options would vouch for what that run left behind.
            markers.Skip(i).Where(File.Exists).ToList().ForEach(File.Delete);
            stage.Run();
            AtomicFile.WriteText(markers[i], digest);
        }
    }
}
