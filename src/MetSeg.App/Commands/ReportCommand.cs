using System.CommandLine;
using MetSeg.Evaluation;
using MetSeg.Reports;

namespace MetSeg.App.Commands;

/// <summary><c>metseg report</c>: one page, with tables and figures for a paper, of one or several evaluations.</summary>
internal static class ReportCommand
{
    private sealed record Score(string Name, double Dice, double LesionSensitivity, double LesionPrecision, double LesionF1);

    private sealed record Result(string Report, string Tables, string Latex, int Cases, int Patients, IReadOnlyList<Score> Methods, string Disclaimer);

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var command = new MetSegCommand(
            "report",
            "Writes a page (offline, one file) with tables in Markdown and LaTeX and figures of evaluations of the same cases: scores per hospital, paired tests, "
                + "curves by lesion volume, contours, limitations, provenance and CLAIM's checklist.",
            "metseg report baseline=evaluation/baseline harmonized=evaluation/harmonized --out report",
            "metseg report model=M reader=R --scans tumors/imagesTs --references tumors/labelsTs --predictions model=P --predictions reader=tumors/secondReader --out report",
            "metseg report baseline=B harmonized=H --run baseline=runs/b --run harmonized=runs/h --gap gap --out report");
        var arguments = new ReportArguments(command);
        return command.Runs((parse, context) =>
        {
            var run = arguments.From(parse, context.Seed) with { Provenance = Provenance.Begin("report", [.. parse.Tokens.Skip(1).Select(token => token.Value)]) with { Seed = context.Seed } };
            var report = run.Write(context.Progress, context.Cancellation);
            var result = new Result(
                run.Page, Path.Combine(run.Folder, "tables.md"), Path.Combine(run.Folder, "tables.tex"), report.Cases, report.Patients,
                [.. report.Methods.Select(ScoreOf)], EvaluationResult.Disclaimer);
            context.Print(result, output => Write(output, result));
        });
    }

    private static Score ScoreOf(ComparedMethod method)
    {
        var all = method.Evaluation.Groups[0].Regions[0];
        return new Score(
            method.Name, all.Metric("dice").Mean, all.Pooled("sensitivity").Value, all.Pooled("precision").Value, all.Pooled("f1").Value);
    }

    private static void Write(TextWriter output, Result result)
    {
        TextTable.Write(output, ["method", "Dice", "sensitivity", "precision", "F1"], result.Methods.Select(method => new[]
        {
            method.Name, TextTable.Number(method.Dice), TextTable.Number(method.LesionSensitivity), TextTable.Number(method.LesionPrecision), TextTable.Number(method.LesionF1),
        }));
        output.WriteLine($"{result.Cases} cases of {result.Patients} patients; Dice: mean over cases, the others: of all lesions together.");
        output.WriteLine($"report: {result.Report}");
        output.WriteLine($"tables: {result.Tables} {result.Latex}");
        output.WriteLine(result.Disclaimer);
    }
}
