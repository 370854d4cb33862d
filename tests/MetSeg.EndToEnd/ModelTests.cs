using Xunit;

namespace MetSeg.EndToEnd;

public sealed class ModelTests : IDisposable
{
    private readonly WorkFolder work = new();

    public void Dispose() => work.Dispose();

    [Fact]
    public void Import_names_what_is_wrong_with_a_folder()
    {
        var model = work.PathOf("nnUNetTrainer__nnUNetPlans__3d_fullres");
        Directory.CreateDirectory(Path.Combine(model, "fold_0"));
        var run = work.PathOf("run");

        work.IsRefused(["model", "import", model, "--out", run], "has no plans.json or no dataset.json.");
        File.WriteAllText(Path.Combine(model, "plans.json"), "{}");
        File.WriteAllText(Path.Combine(model, "dataset.json"), "{}");
        work.IsRefused(["model", "import", model, "--out", run], "has no checkpoint_final.pth of any fold. There are: none.");
        File.WriteAllText(Path.Combine(model, "fold_0", "checkpoint_final.pth"), "not a checkpoint");
        work.IsRefused(["model", "import", model, "--out", run], "checkpoint_final.pth': it is no PyTorch checkpoint");
        work.IsRefused(["model", "import", model, "--out", run, "--checkpoint", "first"], "option '--checkpoint' takes final or best or latest, not 'first'.");
        work.IsRefused(["model", "import", model], "option '--out' is required.");
    }
}
