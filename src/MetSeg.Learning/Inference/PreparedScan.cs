using MetSeg.Preprocessing;

namespace MetSeg.Learning.Inference;

/// <summary>A scan as the networks of a model want it.</summary>
/// <param name="Case">The scan, preprocessed.</param>
/// <param name="First">The same for the first stage of a cascade; null without one.</param>
public sealed record PreparedScan(PreprocessedCase Case, PreparedScan? First);
