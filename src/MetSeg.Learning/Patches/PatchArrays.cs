namespace MetSeg.Learning.Patches;

/// <summary>A patch as it was cut out of its case, x fastest.</summary>
/// <param name="Image">[C·Z·Y·X]; 0 outside the case.</param>
/// <param name="Label">[Z·Y·X]; <see cref="TrainingCase.Beyond"/> outside the case.</param>
/// <param name="Previous">What a cascade's first stage found, [Z·Y·X]; null without cascade.</param>
public sealed record PatchArrays(float[] Image, byte[] Label, byte[]? Previous)
{
    /// <summary>A patch that lies outside the case everywhere.</summary>
    /// <param name="source">The case.</param>
    /// <param name="patch">The patch's size along z, y, x.</param>
    public static PatchArrays Outside(TrainingCase source, IReadOnlyList<int> patch)
    {
        var count = patch[0] * patch[1] * patch[2];
        var label = new byte[count];
        label.AsSpan().Fill(source.Beyond);
        return new PatchArrays(new float[source.Channels.Count * count], label, source.Previous is null ? null : new byte[count]);
    }
}
