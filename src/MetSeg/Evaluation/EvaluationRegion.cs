namespace MetSeg.Evaluation;

/// <summary>A part of the label map that is evaluated as one mask: everything that carries one of its labels.</summary>
/// <param name="Name">Its name in tables and files, such as "WT".</param>
/// <param name="Labels">The labels it joins, from 1 to 255.</param>
public sealed record EvaluationRegion(string Name, IReadOnlyList<int> Labels)
{
    /// <summary>
    /// The BraTS challenges' regions of the labels 1 necrotic core, 2 edema, 3 enhancing tumor: enhancing tumor (ET), tumor core (TC) and
    /// whole tumor (WT).
    /// </summary>
    public static IReadOnlyList<EvaluationRegion> Brats { get; } = [new("ET", [3]), new("TC", [1, 3]), new("WT", [1, 2, 3])];

    /// <summary>The same regions of the older labels 1 necrosis, 2 edema, 3 non-enhancing core (absent since 2017), 4 enhancing tumor.</summary>
    public static IReadOnlyList<EvaluationRegion> BratsWithFour { get; } = [new("ET", [4]), new("TC", [1, 3, 4]), new("WT", [1, 2, 3, 4])];

    /// <summary>A region of one label, named by its number.</summary>
    internal static EvaluationRegion Single(byte label) => new($"{label}", [label]);

    /// <summary>For each of the 256 labels whether it belongs to the region.</summary>
    internal bool[] Chosen() => [.. Enumerable.Range(0, 256).Select(label => Labels.Contains(label))];
}
