namespace MetSeg.Statistics;

/// <summary>The p-value of a rank statistic by the normal distribution.</summary>
internal static class NormalApproximation
{
    /// <summary>The p-value.</summary>
    /// <param name="distance">The statistic less its mean.</param>
    /// <param name="deviation">Its standard deviation; positive.</param>
    /// <param name="alternative">The direction.</param>
    /// <param name="continuity">Whether the distance is made ½ smaller: towards 0 where two-sided, against the direction tested otherwise.</param>
    public static double P(double distance, double deviation, Alternative alternative, bool continuity)
    {
        var correction = (continuity, alternative) switch
        {
            (false, _) => 0,
            (_, Alternative.Less) => -0.5,
            (_, Alternative.Greater) => 0.5,
            _ => 0.5 * Math.Sign(distance),
        };
        return Tails.P((distance - correction) / deviation, alternative, Tails.Normal);
    }

    public static string Name(bool continuity) => continuity ? "normal with tie and continuity correction" : "normal with tie correction";
}
