using Xunit;

namespace MetSeg.Tests;

public class LabelSchemeTests
{
    private static readonly LabelScheme brats = new(
        [new("background", [0]), new("WT", [1, 2, 3]), new("TC", [1, 3]), new("ET", [3])], [2, 1, 3]);

    [Fact]
    public void Classes_are_ordered_by_their_value_and_need_an_output_for_the_background()
    {
        var scheme = LabelScheme.Plain([new("background", 0), new("core", 2), new("edema", 1), new("ignore", 3)]);

        Assert.Equal(["edema", "core"], scheme.Foreground.Select(entry => entry.Name));
        Assert.Equal((3, 3, 2, false), (scheme.Outputs, scheme.Ignore, scheme.ForegroundValues, scheme.HasRegions));
        Assert.Equal([1, 2], scheme.Written);
        Assert.Equal([0, 1, 2, 3], scheme.Values.Order());
        Assert.Empty(scheme.Problems());
    }

    [Fact]
    public void Regions_keep_the_files_order_and_have_an_output_each()
    {
        Assert.Equal(["WT", "TC", "ET"], brats.Foreground.Select(entry => entry.Name));
        Assert.Equal((3, 3, true), (brats.Outputs, brats.ForegroundValues, brats.HasRegions));
        Assert.Equal([2, 1, 3], brats.Written);
        Assert.Null(brats.Ignore);
        Assert.Empty(brats.Problems());
    }

    [Fact]
    public void What_contradicts_itself_is_named()
    {
        Assert.Contains("regions_class_order", Assert.Single((brats with { RegionsClassOrder = [1, 2] }).Problems()));
        Assert.Contains("regions_class_order", Assert.Single((brats with { RegionsClassOrder = [1, 2, 4] }).Problems()));
        Assert.Contains("besides background", Assert.Single(LabelScheme.Plain([new("background", 0), new("ignore", 1)]).Problems()));
        Assert.Contains("the highest", Assert.Single(LabelScheme.Plain([new("background", 0), new("ignore", 1), new("lesion", 2)]).Problems()));
        Assert.Contains("same value", Assert.Single(LabelScheme.Plain([new("background", 0), new("a", 1), new("b", 1)]).Problems()));
        Assert.Contains("0 to 255", Assert.Single(LabelScheme.Plain([new("background", 0), new("a", 256)]).Problems()));
    }
}
