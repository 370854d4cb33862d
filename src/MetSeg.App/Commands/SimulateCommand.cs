using System.CommandLine;
using MetSeg.Datasets;
using MetSeg.Simulation;

namespace MetSeg.App.Commands;

/// <summary><c>metseg simulate</c>: a labelled cohort of several hospitals.</summary>
internal static class SimulateCommand
{
    private static readonly SimulationOptions defaults = new();
    private static readonly Option<IReadOnlyList<string>?> institutions = OptionValues.List<string>(
        "--institutions", "stanford,pkg", $"Hospitals to simulate; otherwise all: {string.Join(", ", defaults.Institutions)}.");

    private static readonly Option<int> cases = new("--cases")
    {
        Description = "Scans per hospital.",
        DefaultValueFactory = _ => defaults.CasesPerInstitution,
        HelpName = "N",
    };

    private static readonly Option<int> size = new("--size")
    {
        Description = "Voxels along the longest side.",
        DefaultValueFactory = _ => defaults.Size,
        HelpName = "N",
    };

    private static readonly Option<double> testShare = new("--test-share")
    {
        Description = "Share of each hospital's scans kept from training, whole patients only.",
        DefaultValueFactory = _ => defaults.TestShare,
        HelpName = "X",
    };

    private static readonly Option<bool> keepSkull = new("--keep-skull") { Description = "Keep scalp and skull; otherwise everything outside the brain is 0." };
    private static readonly Option<string> output = new Option<string>("--out", "-o")
    {
        Description = "The data set's folder; an unfinished one of the same options is gone on with.",
        HelpName = "DATASET",
        Required = true,
    }.MustBeWritable(PathKind.Folder);

    /// <summary>The command.</summary>
    public static Command Create() => new MetSegCommand(
        "simulate",
        "Simulates a labelled cohort of several hospitals in nnU-Net's raw layout, with groups.csv (case,institution,patient).",
        "metseg simulate --institutions stanford,ucsf,uclm,pkg --cases 10 --out cohort",
        "metseg simulate --institutions stanford,pkg --cases 4 --size 64 --out small")
    {
        institutions, cases, size, testShare, keepSkull, output,
    }
    .Runs(Simulate);

    private static void Simulate(ParseResult parse, CommandContext context)
    {
        var options = new SimulationOptions
        {
            Institutions = parse.GetValue(institutions) ?? defaults.Institutions,
            CasesPerInstitution = parse.GetValue(cases),
            TestShare = parse.GetValue(testShare),
            Size = parse.GetValue(size),
            Seed = context.Seed,
            KeepSkull = parse.GetValue(keepSkull),
        };
        var folder = parse.GetRequiredValue(output);
        CohortSimulator.Simulate(options, folder, context.Progress, context.Cancellation);
        var summary = DatasetSummary.Of(NnUNetLayout.Read(folder));
        context.Print(summary, summary.Write);
    }
}
