using MetSeg.Datasets;
using MetSeg.Preprocessing;

namespace MetSeg.Learning.Experiments;

/// <summary>The cases of a fold.</summary>
public static class FoldSelection
{
    /// <summary>The name of the fold that trains on every case and validates on the same.</summary>
    public const string All = "all";

    /// <summary>Training and validation cases of a fold.</summary>
    /// <param name="folder">The preprocessed data set's folder, with splits_final.json.</param>
    /// <param name="dataset">The data set.</param>
    /// <param name="fold">The fold's number, or <see cref="All"/>.</param>
    /// <exception cref="MetSegException">There is no such fold, no split, or no labelled case.</exception>
    public static (IReadOnlyList<string> Training, IReadOnlyList<string> Validation) Choose(string folder, PreprocessedDataset dataset, string fold)
    {
        var labelled = dataset.Entries.Where(entry => entry.HasLabel).Select(entry => entry.Id).ToList();
        if (labelled.Count == 0)
        {
            throw new MetSegException($"'{folder}' holds no case with a label map: there is nothing to learn from.");
        }

        if (fold == All)
        {
            return (labelled, labelled);
        }

        var cases = dataset.Entries.Select(entry => new Case(entry.Id, [], null, entry.Institution, entry.Patient)).ToList();
        var folds = Splits.Read(Path.Combine(folder, "splits_final.json"), cases);
        var number = Enumerable.Range(0, folds.Count).Where(number => $"{number}" == fold).DefaultIfEmpty(-1).First();
        return number >= 0
            ? (folds[number].Train, folds[number].Val)
            : throw new MetSegException($"--fold '{fold}' is not there: '{folder}' is split into folds 0 to {folds.Count - 1}, or use '{All}'.");
    }
}
