namespace MetSeg;

/// <summary>One examination of a data set: the files of its sequences, its reference segmentation, and whose and where it is.</summary>
/// <param name="Id">The case identifier, as in the file names (nnU-Net's CASE).</param>
/// <param name="ImagePaths">One NIfTI file per channel, in channel order.</param>
/// <param name="LabelPath">The reference label map, or null where there is none (test cases).</param>
/// <param name="Institution">The hospital the scan comes from: the domain. "unknown" where groups.csv does not say.</param>
/// <param name="Patient">The patient's pseudonym; splits never part the cases of one patient. The case's own id where groups.csv does not say.</param>
public sealed record Case(string Id, IReadOnlyList<string> ImagePaths, string? LabelPath, string Institution, string Patient);
