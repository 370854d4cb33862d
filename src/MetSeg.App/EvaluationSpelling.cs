using System.Globalization;
using MetSeg.Evaluation;

namespace MetSeg.App;

/// <summary>Values of the evaluation's options that are more than one word or number.</summary>
internal static class EvaluationSpelling
{
    /// <summary>Regions such as brats or <c>core=1+3,edema=2</c>.</summary>
    public static IReadOnlyList<EvaluationRegion>? Regions(string text, Action<string> addError)
    {
        if (text is "brats" or "brats2021")
        {
            return text == "brats" ? EvaluationRegion.Brats : EvaluationRegion.BratsWithFour;
        }

        var regions = new List<EvaluationRegion>();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
        {
            var sides = part.Split('=', StringSplitOptions.TrimEntries);
            var labels = sides.Length == 2 && sides[0].Length > 0 ? sides[1].Split('+').Select(Label).ToList() : [];
            if (labels.Count == 0 || labels.Contains(null))
            {
                addError($"option '--regions' takes brats, brats2021 or NAME=LABEL+LABEL with labels from 1 to 255, such as core=1+3,edema=2, not '{text}'.");
                return null;
            }

            regions.Add(new EvaluationRegion(sides[0], [.. labels.Select(label => label!.Value)]));
        }

        return regions;
    }

    /// <summary>A rule such as any-overlap, hungarian:0.5, greedy:0.3 or brats:met.</summary>
    public static LesionOptions? Matching(string text, Action<string> addError)
    {
        var sides = text.Split(':');
        var value = sides.Length == 2 ? sides[1] : null;
        var rule = (sides[0], value) switch
        {
            ("any-overlap", null) => new LesionOptions(),
            ("hungarian" or "greedy", null) => new LesionOptions(),
            ("hungarian" or "greedy", _) when double.TryParse(value, CultureInfo.InvariantCulture, out var iou) && iou is >= 0 and <= 1 => new LesionOptions { MinIou = iou },
            ("brats", null) => new LesionOptions(),
            ("brats", _) when BratsChallenge.Known.ContainsKey(value) => new LesionOptions { Challenge = value },
            _ => null,
        };
        if (rule is null || sides.Length > 2)
        {
            addError("option '--matching' takes any-overlap, hungarian:IOU, greedy:IOU with an IoU from 0 to 1, or "
                + $"brats:{string.Join('|', BratsChallenge.Known.Keys)}, not '{text}'.");
            return null;
        }

        return rule with
        {
            Criterion = sides[0] switch
            {
                "hungarian" => LesionCriterion.Hungarian,
                "greedy" => LesionCriterion.Greedy,
                "brats" => LesionCriterion.Brats,
                _ => LesionCriterion.AnyOverlap,
            },
        };
    }

    /// <summary>A region and a number of voxels such as ET:60.</summary>
    public static SmallRegion? Small(string text, Action<string> addError)
    {
        if (text.Split(':') is [{ Length: > 0 } region, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var voxels) && voxels > 0)
        {
            return new SmallRegion(region, voxels);
        }

        addError($"option '--without-small' takes a region and a number of voxels, such as ET:60, not '{text}'.");
        return null;
    }

    private static int? Label(string text) =>
        int.TryParse(text, CultureInfo.InvariantCulture, out var label) && label is >= 1 and <= 255 ? label : null;
}
