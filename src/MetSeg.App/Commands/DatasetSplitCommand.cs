using System.CommandLine;
using MetSeg.Datasets;

namespace MetSeg.App.Commands;

/// <summary><c>metseg dataset split DATASET</c>: folds for cross-validation that never part a patient.</summary>
internal static class DatasetSplitCommand
{
    private const string FileName = "splits_final.json";

    /// <summary>The command.</summary>
    public static Command Create()
    {
        var folder = new Argument<string>("DATASET") { Description = "A data set in nnU-Net's raw layout." }.MustExist(PathKind.Folder);
        var folds = new Option<int>("--folds") { Description = "Number of folds.", DefaultValueFactory = _ => 5, HelpName = "N" }.Between(2, 1000);
        return new MetSegCommand(
            "split",
            $"Divides the training cases into folds and writes {FileName}. Patients are never parted, institutions are spread evenly. "
                + $"Without --seed the shuffle is nnU-Net's (seed {Splits.DefaultSeed}).",
            "metseg dataset split tumors --folds 5")
        {
            folder, folds,
        }
        .Runs((parse, context) =>
        {
            var dataset = NnUNetLayout.Read(parse.GetRequiredValue(folder));
            var split = Splits.Create(dataset.TrainingCases, parse.GetValue(folds), SeedOf(parse));
            IReadOnlyList<string> files = [.. Targets(dataset.Folder)];
            foreach (var file in files)
            {
                Splits.Write(file, split);
            }

            context.Print(new { Files = files, Folds = split }, output => Write(output, files, split, dataset));
        });
    }

    private static long SeedOf(ParseResult parse)
    {
        var seed = parse.GetResult(CommonOptions.Seed) is { Implicit: false } ? parse.GetValue(CommonOptions.Seed) : Splits.DefaultSeed;
        return seed is >= 0 and <= uint.MaxValue
            ? seed
            : throw new OptionsException($"option '--seed' takes a number from 0 to {uint.MaxValue} here, not {seed}.");
    }

    /// <summary>In the data set, where preprocessing takes it from, and among the cases that are preprocessed already.</summary>
    private static IEnumerable<string> Targets(string dataset)
    {
        yield return Path.Combine(dataset, FileName);
        if (Directory.Exists(PreprocessCommand.FolderIn(dataset)))
        {
            yield return Path.Combine(PreprocessCommand.FolderIn(dataset), FileName);
        }
    }

    private static void Write(TextWriter output, IReadOnlyList<string> files, IReadOnlyList<Fold> folds, Dataset dataset)
    {
        var patients = dataset.TrainingCases.ToDictionary(one => one.Id, one => one.Patient, StringComparer.Ordinal);
        TextTable.Write(
            output,
            ["fold", "train", "validate", "patients validated"],
            folds.Select((fold, i) => new[]
            {
                $"{i}", $"{fold.Train.Count}", $"{fold.Val.Count}", $"{fold.Val.Select(id => patients[id]).Distinct(StringComparer.Ordinal).Count()}",
            }));
        foreach (var file in files)
        {
            output.WriteLine($"written: {file}");
        }
    }
}
