using Xunit;

namespace MetSeg.Tests.Nifti;

/// <summary>A few of the mutants that <c>benchmarks -- fuzz</c> reads 200,000 of.</summary>
public class NiftiFuzzTests(ITestOutputHelper output)
{
    private const long OneGigabyte = 1 << 30;

    [Fact]
    public void Mutants_are_read_or_refused_and_nothing_else()
    {
        var fuzz = NiftiFuzz.Run(seed: 1, count: 8000);

        output.WriteLine($"{fuzz.Read} read; {string.Join(", ", fuzz.Refused)}; at most {fuzz.MostBytes} bytes, {fuzz.Longest}.");
        Assert.Empty(fuzz.Failures);
        Assert.InRange(fuzz.MostBytes, 0, OneGigabyte);
        Assert.InRange(fuzz.Read, 1000, 7000);
        ImageFault[] reached =
        [
            ImageFault.NotFound, ImageFault.Empty, ImageFault.Truncated, ImageFault.NotNifti, ImageFault.BadHeader, ImageFault.BadGeometry,
            ImageFault.Unsupported, ImageFault.TooLarge, ImageFault.CorruptGzip, ImageFault.NotLabels,
        ];
        Assert.All(reached, fault => Assert.True(fuzz.Refused.ContainsKey(fault), $"No mutant is refused as {fault}."));
    }

    [Fact]
    public void Mutants_of_a_seed_are_always_the_same_and_others_of_another()
    {
        using var folder = new TemporaryFolder();
        byte[] Mutant(long seed, int number) => File.ReadAllBytes(new NiftiMutants(seed).Save(folder.Path, number));
        byte[] Bytes(long seed) => [.. Enumerable.Range(0, 20).SelectMany(number => Mutant(seed, number))];

        Assert.Equal(Bytes(1), Bytes(1));
        Assert.NotEqual(Bytes(1), Bytes(2));
    }
}
