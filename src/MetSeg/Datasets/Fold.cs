using System.Text.Json.Serialization;

namespace MetSeg.Datasets;

/// <summary>One round of cross-validation, as an entry of nnU-Net's splits_final.json.</summary>
/// <param name="Train">Ids of the cases to train on, sorted.</param>
/// <param name="Val">Ids of the cases to validate on, sorted.</param>
public sealed record Fold(
    [property: JsonPropertyName("train")] IReadOnlyList<string> Train,
    [property: JsonPropertyName("val")] IReadOnlyList<string> Val);
