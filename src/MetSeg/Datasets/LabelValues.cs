namespace MetSeg.Datasets;

/// <summary>Which stored values of a label map stand for which class. Sources number the same tissue differently.</summary>
internal sealed class LabelValues
{
    private readonly byte[]? classOf;
    private readonly IReadOnlyDictionary<string, int> labels;

    private LabelValues(byte[]? classOf, IReadOnlyDictionary<string, int> labels)
    {
        (this.classOf, this.labels) = (classOf, labels);
    }

    /// <summary>Understands a cell of the column label_values.</summary>
    /// <param name="text">
    /// "1=1+4;2=2": class 1 is stored as 1 or 4, class 2 as 2, everything else is background. "1+4" is short for the first class alone.
    /// Empty: every value is kept.
    /// </param>
    /// <param name="labels">Names and values of the classes.</param>
    /// <exception cref="DatasetException">The text is not of this form, or names a class that is not among the labels.</exception>
    public static LabelValues Parse(string text, IReadOnlyDictionary<string, int> labels)
    {
        if (text.Length == 0)
        {
            return new LabelValues(null, labels);
        }

        var classOf = new byte[byte.MaxValue + 1];
        foreach (var entry in text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var (target, stored) = entry.Split('=') switch
            {
                [var values] => ((byte)labels.Values.First(), values),
                [var name, var values] => (ValueIn(name, text), values),
                _ => throw Unclear(text),
            };
            if (!labels.Values.Contains(target))
            {
                throw new DatasetException($"label_values '{text}' names class {target}, which is not among the labels ({Names(labels)}).");
            }

            foreach (var value in stored.Split('+').Select(value => ValueIn(value, text)))
            {
                classOf[value] = classOf[value] == 0 ? target : throw new DatasetException($"label_values '{text}' lists the value {value} twice.");
            }
        }

        return new LabelValues(classOf, labels);
    }

    /// <summary>The label map in the data set's classes.</summary>
    /// <param name="stored">The label map as its source has it.</param>
    /// <param name="path">Its file, for the message.</param>
    /// <exception cref="DatasetException">Values are to be kept as they are, but not all of them are classes.</exception>
    public LabelMap Apply(LabelMap stored, string path)
    {
        if (classOf is not null)
        {
            return stored.Map(value => classOf[value]);
        }

        var unknown = stored.PresentLabels().Where(value => !labels.Values.Contains(value)).ToList();
        return unknown.Count == 0
            ? stored
            : throw new DatasetException(
                $"'{path}' holds the values {string.Join(", ", unknown)}, which are not among the labels ({Names(labels)}). "
                + "Say in the column label_values which values are which class, such as 1=1+4, or name every value with the labels.");
    }

    private static byte ValueIn(string text, string cell) => byte.TryParse(text.Trim(), out var value) && value > 0 ? value : throw Unclear(cell);

    private static DatasetException Unclear(string cell) =>
        new($"label_values '{cell}' is not understood. Write stored values (1 to 255) as 4, as 1+4, or by class as 1=1+4;2=2.");

    private static string Names(IReadOnlyDictionary<string, int> labels) => string.Join(", ", labels.Select(label => $"{label.Key} = {label.Value}"));
}
