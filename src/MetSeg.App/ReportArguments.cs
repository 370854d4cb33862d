using System.CommandLine;
using System.CommandLine.Parsing;
using MetSeg.Evaluation;
using MetSeg.Learning.Experiments;
using MetSeg.Reports;

namespace MetSeg.App;

/// <summary>The arguments that say what a report is made of.</summary>
internal sealed class ReportArguments
{
    private static readonly VolumeCurveOptions curves = new();

    private readonly Argument<string[]> evaluations = new("NAME=EVAL_DIR")
    {
        Description = "Folders that 'metseg evaluate' wrote for the same cases, each with a name; the first is what others are compared with.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> output = new Option<string>("--out", "-o") { Description = "The report's folder.", HelpName = "DIR", Required = true }
        .MustBeWritable(PathKind.Folder);

    private readonly Option<string?> title = new("--title") { Description = "The page's title.", HelpName = "TEXT" };
    private readonly Option<string?> scans = new Option<string?>("--scans") { Description = "Folder of scans, for contours.", HelpName = "DIR" }
        .MustExist(PathKind.Folder);

    private readonly Option<string?> references = new Option<string?>("--references", "-r")
    {
        Description = "Folder of reference label maps, for contours; groups.csv beside it tells the patients.",
        HelpName = "DIR",
    }.MustExist(PathKind.Folder);

    private readonly Option<string[]> predictions = new("--predictions", "-p")
    {
        Description = "Folder of an evaluation's predictions, for contours; may be repeated.",
        HelpName = "NAME=DIR",
    };

    private readonly Option<string?> groups = new Option<string?>("--groups")
    {
        Description = "Table with the columns case,institution,patient: bands draw patients. Otherwise the one beside --references.",
        HelpName = "groups.csv",
    }.MustExist(PathKind.File);

    private readonly Option<string[]> runs = new("--run")
    {
        Description = "Folder of a training (metseg train, harmonize train): curves, settings, provenance; may be repeated.",
        HelpName = "[NAME=]DIR",
    };

    private readonly Option<string?> gap = new Option<string?>("--gap") { Description = "Folder that 'metseg harmonize assess' wrote.", HelpName = "DIR" }
        .MustExist(PathKind.Folder);

    private readonly Option<string> metric = new("--metric", "-m")
    {
        Description = "Column by which best, median and worst case are chosen.",
        DefaultValueFactory = _ => new EvaluationReportOptions().Metric,
        HelpName = "COL",
    };

    private readonly Option<IReadOnlyList<double>?> bins = OptionValues.List<double>("--bins", "0.1,0.4", "Volumes between the bins of lesions, in cm³.");

    private readonly Option<double> bandwidth = new("--bandwidth")
    {
        Description = "Standard deviation of the curves' kernel, in decades of volume.",
        DefaultValueFactory = _ => curves.BandwidthDecades,
        HelpName = "X",
    };

    /// <summary>Adds the arguments to a command.</summary>
    public ReportArguments(Command command)
    {
        command.Add(evaluations);
        foreach (var option in new Option[] { output, title, scans, references, predictions, groups, runs, gap, metric, bins, bandwidth })
        {
            command.Add(option);
        }

        command.Validators.Add(RequireAllOfContours);
    }

    /// <summary>What the user asked for.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="seed">Seed of all bootstraps.</param>
    /// <exception cref="MetSegException">A name is missing.</exception>
    public ReportRun From(ParseResult parse, long seed)
    {
        var options = new EvaluationReportOptions();
        return new ReportRun
        {
            Evaluations = [.. parse.GetRequiredValue(evaluations).Select(Named)],
            Folder = Path.GetFullPath(parse.GetRequiredValue(output)),
            Title = parse.GetValue(title) ?? "Evaluation report",
            Scans = parse.GetValue(scans),
            References = parse.GetValue(references),
            Predictions = [.. (parse.GetValue(predictions) ?? []).Select(Named)],
            Groups = parse.GetValue(groups),
            Runs = [.. (parse.GetValue(runs) ?? []).Select(Named)],
            Gap = parse.GetValue(gap),
            Options = options with
            {
                Metric = parse.GetRequiredValue(metric),
                BinEdges = parse.GetValue(bins) ?? options.BinEdges,
                Curves = curves with { BandwidthDecades = parse.GetValue(bandwidth), Seed = seed },
                Comparison = options.Comparison with { Seed = seed },
            },
            Provenance = Provenance.Begin("report", []),
        };
    }

    /// <summary>A folder with its name, the folder's own where none is given.</summary>
    private static (string Name, string Folder) Named(string text) => Directory.Exists(text) || text.Split('=', 2) is not [{ Length: > 0 } name, var folder]
        ? (Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(text))), text)
        : (name.Trim(), folder);

    private void RequireAllOfContours(CommandResult result)
    {
        var isAsked = result.GetResult(predictions) is { Tokens.Count: > 0 };
        if (isAsked && (result.GetResult(scans) is null || result.GetResult(references) is null))
        {
            result.AddError("option '--predictions' needs --scans and --references: contours are drawn on scans.");
        }

        if (!isAsked && result.GetResult(scans) is not null)
        {
            result.AddError("option '--scans' needs --references and --predictions NAME=DIR: contours compare the two.");
        }
    }
}
