namespace MetSeg.Reports;

/// <summary>What is known of a study besides its scores. What is not known is null or empty, and the report says so.</summary>
public sealed record StudyFacts
{
    /// <summary>Whether the scans are known to be simulated. The default is false: the files do not tell.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>The patient of each case, of training cases too where they are known; null where each case stands for itself.</summary>
    public IReadOnlyDictionary<string, string>? PatientOfCase { get; init; }

    /// <summary>The trainings behind the methods, one per fold.</summary>
    public IReadOnlyList<TrainingFacts> Trainings { get; init; } = [];

    /// <summary>What ran.</summary>
    public required Provenance Provenance { get; init; }
}

/// <summary>What is known of one training, each in words.</summary>
/// <param name="Run">Name of the run.</param>
/// <param name="Fold">Its fold: a number, or "all".</param>
/// <param name="Seed">Seed of every random choice; null where it is not known.</param>
public sealed record TrainingFacts(string Run, string Fold, long? Seed)
{
    /// <summary>The network.</summary>
    public required string Network { get; init; }

    /// <summary>Loss, optimizer, length and augmentation.</summary>
    public required string Training { get; init; }

    /// <summary>Where its weights started from.</summary>
    public required string Initialization { get; init; }

    /// <summary>How the final weights were chosen.</summary>
    public required string Selection { get; init; }

    /// <summary>How its scans were prepared.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>Cases that it learnt from.</summary>
    public required IReadOnlyList<string> TrainingCases { get; init; }

    /// <summary>Cases that chose its best weights.</summary>
    public required IReadOnlyList<string> ValidationCases { get; init; }
}
