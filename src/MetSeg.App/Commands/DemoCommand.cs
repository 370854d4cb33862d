using System.CommandLine;
using MetSeg.Evaluation;
using MetSeg.Learning.Experiments;
using MetSeg.Learning.Tensors;
using MetSeg.Reports;

namespace MetSeg.App.Commands;

/// <summary><c>metseg demo</c>: the whole main job on simulated hospitals.</summary>
internal static class DemoCommand
{
    private sealed record Result(string Report, double BaselineDice, double HarmonizedDice, double BaselineLesionF1, double HarmonizedLesionF1, string Disclaimer);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Option<string>("--out") { Description = "Where everything goes; an interrupted demonstration goes on there.", DefaultValueFactory = _ => "demo", HelpName = "DIR" }
            .MustBeWritable(PathKind.Folder);
        return new MetSegCommand(
            "demo",
            "The whole main job on simulated hospitals: simulate, train a baseline and a VAE-MMD harmonizer with its own network, predict, evaluate, compare, report.",
            "metseg demo",
            "metseg demo --out /tmp/demo --seed 7")
        {
            folder,
        }
        .Runs((parse, context) =>
        {
            var device = ComputeDevice.Open(context.Device, context.Threads);
            var provenance = Provenance.Begin("demo", []) with
            {
                Seed = context.Seed, Device = device.ToString(), LibtorchVersion = NativeLibraries.Load().Version,
            };
            var demo = new Demo(Path.GetFullPath(parse.GetRequiredValue(folder)), new DemoOptions().WithSeed(context.Seed), device, provenance);
            var (baseline, harmonized) = demo.Run(context.Progress, context.Note, context.Cancellation);
            var result = new Result(demo.Report, Dice(baseline), Dice(harmonized), F1(baseline), F1(harmonized), EvaluationResult.Disclaimer);
            context.Print(result, output =>
            {
                output.WriteLine($"{"",-12}{"Dice",8}{"lesion F1",12}");
                output.WriteLine($"{"baseline",-12}{result.BaselineDice,8:0.000}{result.BaselineLesionF1,12:0.000}");
                output.WriteLine($"{"harmonized",-12}{result.HarmonizedDice,8:0.000}{result.HarmonizedLesionF1,12:0.000}");
                output.WriteLine($"report: {result.Report}");
                output.WriteLine(result.Disclaimer);
            });
        });
    }

    private static double Dice(EvaluationResult result) => result.Groups[0].Regions[0].Metrics["dice"].Mean;

    private static double F1(EvaluationResult result) => result.Groups[0].Regions[0].Lesions.Scores.F1;
}
