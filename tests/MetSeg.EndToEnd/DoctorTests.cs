using System.Text.Json;
using Xunit;

namespace MetSeg.EndToEnd;

public class DoctorTests
{
    [Fact]
    public void Tells_the_machine_the_libtorch_and_every_tool_as_json()
    {
        var run = BuiltProgram.Run("doctor", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        var found = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(Environment.Version.ToString(), found.GetProperty("dotNet").GetString());
        Assert.InRange(found.GetProperty("memoryGb").GetDouble(), 0.1, 100_000);
        Assert.Equal(JsonValueKind.Null, found.GetProperty("torchProblem").ValueKind);
        Assert.StartsWith("2.", found.GetProperty("torch").GetProperty("version").GetString());
        Assert.All(found.GetProperty("tools").EnumerateArray(), tool => Assert.NotEqual("", tool.GetProperty("howToGet").GetString()));
    }

    [Fact]
    public void Tells_it_as_text()
    {
        var run = BuiltProgram.Run("doctor");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"(?m)^libtorch +2\.\d+", run.Output);
        Assert.Matches(@"(?m)^devices +cpu", run.Output);
        Assert.Matches(@"(?m)^dcm2niix +(/|missing; needed for .* Get it: )", run.Output);
    }
}
