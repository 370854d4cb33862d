using System.CommandLine;
using MetSeg.Datasets;
using MetSeg.Simulation;

namespace MetSeg.App.Commands;

/// <summary><c>metseg simulate</c>: a labelled cohort of several hospitals.</summary>
internal static class SimulateCommand
{
    private static readonly SimulationOptions defaults = new();
    private static readonly Option<IReadOnlyList<string>?> institutions = OptionValues.List<string>(
        "--institutions", "stanford,pkg", $"Hospitals to simulate; otherwise {string.Join(", ", defaults.Institutions)}. "
        + $"Known are {string.Join(", ", Institution.Known.Select(institution => institution.Name))}.");

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
    private static readonly Option<IReadOnlyList<string>?> sequences = OptionValues.List<string>(
        "--sequences", "t1,t1ce,t2,flair", "Images of each scan, one channel each; otherwise t1ce alone.");

    private static readonly Option<string> labels = new Option<string>("--labels")
    {
        Description = "One label for all of a metastasis, or BraTS-METS' parts: 1 NETC, 2 SNFH, 3 ET.",
        DefaultValueFactory = _ => "merged",
    }.OneOf("merged", "parts");

    private static readonly Option<string> grid = new Option<string>("--grid")
    {
        Description = "Voxels: common (all alike, by --size), brats (240x240x155 of 1 mm, LPS) or native (each hospital's own).",
        DefaultValueFactory = _ => "common",
    }.OneOf("common", "brats", "native");

    private static readonly Option<int> supersampling = new("--supersampling")
    {
        Description = "Samples per voxel along each axis, 1 to 4; 0 for the usual: 2, but 1 to 2 mm apart on the common grid.",
        DefaultValueFactory = _ => defaults.Supersampling,
        HelpName = "N",
    };

    private static readonly Option<bool> artifacts = new("--artifacts") { Description = "Add motion ghosts and gradient distortion." };
    private static readonly Option<bool> secondReader = new("--second-reader")
    {
        Description = $"Also write a second physician's contours to {CohortSimulator.SecondReaderFolder}/: jittered, small ones missed, vessels mistaken.",
    };

    private static readonly Option<string> into = new Option<string>("--into")
    {
        Description = "Instead of heads, put metastases into the scans (contrast-enhanced T1, NIfTI) of this folder.",
        HelpName = "SCAN_DIR",
    }.MustExist(PathKind.Folder);

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
        "metseg simulate --institutions stanford,pkg --cases 4 --size 64 --out small",
        "metseg simulate --institutions brats --sequences t1,t1ce,t2,flair --labels parts --grid brats --out mets",
        "metseg simulate --into scans --institutions ucsf --out augmented")
    {
        institutions, cases, size, testShare, keepSkull, sequences, labels, grid, supersampling, artifacts, secondReader, into, output,
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
            Sequences = [.. (parse.GetValue(sequences) ?? ["t1ce"]).Select(Weighting)],
            Labels = Enum.Parse<ReferenceLabels>(parse.GetRequiredValue(labels), ignoreCase: true),
            Grid = Enum.Parse<ScanGrid>(parse.GetRequiredValue(grid), ignoreCase: true),
            Supersampling = parse.GetValue(supersampling),
            Artifacts = parse.GetValue(artifacts),
            SecondReader = parse.GetValue(secondReader),
        };
        var folder = parse.GetRequiredValue(output);
        if (parse.GetValue(into) is { } scans)
        {
            LesionImplantation.ImplantAll(scans, folder, options, context.Progress, context.Cancellation);
        }
        else
        {
            CohortSimulator.Simulate(options, folder, context.Progress, context.Cancellation);
        }

        var summary = DatasetSummary.Of(NnUNetLayout.Read(folder));
        context.Print(summary, summary.Write);
    }

    private static ImageWeighting Weighting(string name) => name.Length > 0 && !char.IsDigit(name[0]) && Enum.TryParse<ImageWeighting>(name, ignoreCase: true, out var weighting)
        ? weighting
        : throw new OptionsException($"option '--sequences' takes t1, t1ce, t2 and flair, separated by commas, not '{name}'.");
}
