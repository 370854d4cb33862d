namespace MetSeg;

/// <summary>How far a long piece of work has come; the program turns it into a line with rate and time left.</summary>
/// <param name="Task">What is being done, such as "train baseline".</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all.</param>
/// <param name="Detail">The latest figure worth seeing, such as "loss 0.31"; may be null.</param>
public sealed record Progress(string Task, long Done, long Total, string? Detail = null);
