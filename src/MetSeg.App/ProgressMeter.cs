using System.Globalization;

namespace MetSeg.App;

/// <summary>Measures one task: how fast it goes since it was first seen, and how long it still takes at that rate.</summary>
/// <param name="first">The first report; work done before it (a resumed run) does not count for the rate.</param>
/// <param name="start">When that was.</param>
internal sealed class ProgressMeter(Progress first, TimeSpan start)
{
    /// <summary>The state in words, such as "120 of 1000, 3.4/s, 4 min 19 s left, loss 0.31".</summary>
    public string Describe(Progress latest, TimeSpan now)
    {
        var parts = new List<string> { latest.Total > 0 ? $"{latest.Done} of {latest.Total}" : $"{latest.Done}" };
        var elapsed = (now - start).TotalSeconds;
        var perSecond = elapsed > 0 ? (latest.Done - first.Done) / elapsed : 0;
        if (perSecond > 0)
        {
            parts.Add(Rate(perSecond));
            if (latest.Done < latest.Total)
            {
                parts.Add($"{Duration(TimeSpan.FromSeconds(Math.Min((latest.Total - latest.Done) / perSecond, 1e9)))} left");
            }
        }

        if (!string.IsNullOrEmpty(latest.Detail))
        {
            parts.Add(latest.Detail);
        }

        return string.Join(", ", parts);
    }

    /// <summary>The completed task in words, such as "1000 in 4 min 20 s, loss 0.22".</summary>
    public string DescribeEnd(Progress latest, TimeSpan now) =>
        $"{latest.Done} in {Duration(now - start)}{(string.IsNullOrEmpty(latest.Detail) ? "" : $", {latest.Detail}")}";

    /// <summary>A rate in the largest unit of time that is needed for a number from 1 on: "3.4/s", "12.3/min", "0.5/h".</summary>
    public static string Rate(double perSecond)
    {
        var (value, unit) = perSecond >= 1 ? (perSecond, "s") : perSecond * 60 >= 1 ? (perSecond * 60, "min") : (perSecond * 3600, "h");
        return value.ToString(value >= 100 ? "0" : "0.0", CultureInfo.InvariantCulture) + "/" + unit;
    }

    /// <summary>A length of time in its two largest units: "12 s", "4 min 20 s", "1 h 05 min", "2 d 3 h".</summary>
    public static string Duration(TimeSpan time)
    {
        var whole = TimeSpan.FromSeconds(Math.Round(time.TotalSeconds));
        return whole.TotalSeconds switch
        {
            < 10 => time.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s",
            < 60 => $"{whole.Seconds} s",
            < 3600 => $"{whole.Minutes} min {whole.Seconds:00} s",
            < 86400 => $"{whole.Hours} h {whole.Minutes:00} min",
            _ => $"{whole.Days} d {whole.Hours} h",
        };
    }
}
