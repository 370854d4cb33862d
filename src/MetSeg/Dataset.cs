namespace MetSeg;

/// <summary>A data set in memory: what dataset.json says and the cases found on disk. Images are read when needed, not here.</summary>
/// <param name="Folder">The data set's folder.</param>
/// <param name="Name">The folder's name.</param>
/// <param name="ChannelNames">One name per image channel, in order, such as "T1CE".</param>
/// <param name="Labels">What the values of the label maps mean.</param>
/// <param name="TrainingCases">The cases with reference segmentations (imagesTr, labelsTr), sorted by id.</param>
/// <param name="TestCases">The cases to predict (imagesTs), sorted by id; with reference where labelsTs has one.</param>
public sealed record Dataset(
    string Folder,
    string Name,
    IReadOnlyList<string> ChannelNames,
    LabelScheme Labels,
    IReadOnlyList<Case> TrainingCases,
    IReadOnlyList<Case> TestCases)
{
    /// <summary>The institutions of all cases, sorted.</summary>
    public IReadOnlyList<string> Institutions =>
        [.. TrainingCases.Concat(TestCases).Select(c => c.Institution).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
