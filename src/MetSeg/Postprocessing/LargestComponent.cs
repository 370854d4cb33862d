using System.Runtime.InteropServices;
using MetSeg.Imaging;

namespace MetSeg.Postprocessing;

/// <summary>Removes all but the largest connected component of some labels.</summary>
/// <remarks>nnU-Net v2's only postprocessing. Where a patient may have several lesions, it removes true ones: cross-validation must choose it.</remarks>
public static class LargestComponent
{
    /// <summary>
    /// Keeps the largest component (26 neighbors) of the union of some labels; components of equal size are all kept, other labels are not
    /// touched.
    /// </summary>
    /// <param name="map">The segmentation.</param>
    /// <param name="labels">The labels, from 1 to 255.</param>
    /// <returns>The segmentation with 0 where something was removed; the same instance where nothing was.</returns>
    public static LabelMap Keep(LabelMap map, IReadOnlyCollection<int> labels)
    {
        var chosen = labels.Select(label => (byte)label).ToArray();
        var components = Components.Find(map.Select(chosen));
        if (components.Count < 2)
        {
            return map;
        }

        var largest = components.Items.Max(item => item.Voxels);
        var kept = components.Keep(map.Grid, item => item.Voxels == largest);
        byte[] result = [.. ImmutableCollectionsMarshal.AsArray(map.Labels)!];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = kept.Labels[i] == 0 && chosen.Contains(result[i]) ? (byte)0 : result[i];
        }

        return new LabelMap(map.Grid, result);
    }
}
