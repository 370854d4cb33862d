using System.Globalization;
using System.Text.RegularExpressions;

namespace MetSeg.Statistics;

/// <summary>A condition on a column, such as <c>etVoxels&gt;=60</c> or <c>group=ucsf</c>.</summary>
/// <param name="Column">The column.</param>
/// <param name="Operator">One of = != &lt; &lt;= &gt; &gt;=.</param>
/// <param name="Value">The text, or the number, to compare with.</param>
public sealed partial record RowCondition(string Column, string Operator, string Value)
{
    /// <summary>Reads a condition.</summary>
    /// <exception cref="MetSegException">The text is none.</exception>
    public static RowCondition Parse(string text) =>
        Form().Match(text) is { Success: true } match
        && (match.Groups[2].Value is "=" or "!=" || TryNumber(match.Groups[3].Value, out _))
            ? new RowCondition(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value)
            : throw new MetSegException(
                $"'{text}' is no condition. Write a column, one of = != < <= > >=, and a value: \"etVoxels>=60\" or group=ucsf.");

    /// <summary>
    /// Whether a cell fulfils the condition. Orders compare numbers (an empty cell fulfils none); = and != compare numbers where both are
    /// numbers, else text, case ignored.
    /// </summary>
    /// <param name="cell">The cell's text.</param>
    /// <param name="place">Where it stands, for the error.</param>
    /// <exception cref="MetSegException">An order is asked for and the cell is neither a number nor empty.</exception>
    public bool Holds(string cell, string place)
    {
        var areNumbers = TryNumber(cell, out var left) & TryNumber(Value, out var right);
        if (Operator is "=" or "!=")
        {
            return (areNumbers ? left == right : cell.Equals(Value, StringComparison.OrdinalIgnoreCase)) == (Operator == "=");
        }

        return areNumbers || cell.Length == 0
            ? cell.Length > 0 && IsOrdered(left, right)
            : throw new MetSegException($"{place}, column '{Column}': '{cell}' is not a number, so {this} cannot be asked.");
    }

    /// <inheritdoc/>
    public override string ToString() => Column + Operator + Value;

    private static bool TryNumber(string text, out double number) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private bool IsOrdered(double left, double right) => Operator switch
    {
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        _ => left >= right,
    };

    [GeneratedRegex(@"^\s*([^=!<>]+?)\s*(!=|<=|>=|=|<|>)\s*([^=!<>]+?)\s*$")]
    private static partial Regex Form();
}
