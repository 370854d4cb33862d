namespace MetSeg.Benchmarks;

/// <summary>One row of the table.</summary>
/// <param name="What">The work.</param>
/// <param name="Ours">Our figure.</param>
/// <param name="Peer">The peer's figure and name, or the physical limit.</param>
/// <param name="Ratio">How much faster than the peer (×).</param>
/// <param name="Limit">What limits it.</param>
internal sealed record Comparison(string What, string Ours, string Peer, string Ratio, string Limit)
{
    /// <summary>Largest relative difference at which two answers still are the same: sums of single precision.</summary>
    private const double AnswerTolerance = 1e-4;

    /// <summary>The table of all rows in Markdown.</summary>
    public static string Table(IEnumerable<Comparison> rows) => string.Join('\n',
        rows.Select(row => $"| {row.What} | {row.Ours} | {row.Peer} | {row.Ratio} | {row.Limit} |")
            .Prepend("|---|---|---|---|---|").Prepend("| what | ours | peer or limit | ratio | what limits it |"));

    /// <summary>A row against a peer's time.</summary>
    /// <param name="what">The work.</param>
    /// <param name="ours">Our seconds and answer.</param>
    /// <param name="peer">The peer's, or null where it is absent.</param>
    /// <param name="peerName">Who it is.</param>
    /// <param name="limit">What limits it.</param>
    /// <exception cref="MetSegException">The answers differ: then the times mean nothing.</exception>
    public static Comparison AgainstPeer(string what, PeerResult ours, PeerResult? peer, string peerName, string limit)
    {
        if (peer is null)
        {
            return new Comparison(what, Time(ours.Seconds), "peer absent", "", limit);
        }

        return Math.Abs(ours.Answer - peer.Answer) > AnswerTolerance * Math.Abs(peer.Answer)
            ? throw new MetSegException($"{what}: our answer is {ours.Answer} but {peerName}'s is {peer.Answer}; they do not do the same work.")
            : new Comparison(what, Time(ours.Seconds), $"{peerName} {Time(peer.Seconds)}", $"{peer.Seconds / ours.Seconds:0.0}×", limit);
    }

    /// <summary>Seconds in ms, three digits.</summary>
    public static string Time(double seconds) => seconds < 0.01 ? $"{seconds * 1e3:0.00} ms" : seconds < 0.1 ? $"{seconds * 1e3:0.0} ms" : $"{seconds * 1e3:0} ms";
}
