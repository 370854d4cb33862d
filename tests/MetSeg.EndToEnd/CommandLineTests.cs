using System.Text.Json;
using System.Text.RegularExpressions;
using MetSeg.App;
using Xunit;

namespace MetSeg.EndToEnd;

public partial class CommandLineTests
{
    public static TheoryData<string> CommandPaths => [.. Paths(ProgramCommand.Create(), "")];

    [Fact]
    public void Help_lists_every_command()
    {
        var run = BuiltProgram.Run("--help");

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.All(ProgramCommand.Create().Subcommands, command => Assert.Matches($@"(?m)^  {command.Name}\b", run.Output));
    }

    [Theory]
    [MemberData(nameof(CommandPaths))]
    public void Every_command_has_help_with_an_example_of_itself(string path)
    {
        var run = BuiltProgram.Run([.. path.Split(' '), "--help"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches($@"(?m)^Examples?:\r?\n(  .*\n)*  .*metseg {path}\b", run.Output);
    }

    [Fact]
    public void Version_is_printed()
    {
        var run = BuiltProgram.Run("--version");

        Assert.Equal(0, run.ExitCode);
        Assert.Matches(Version(), run.Output);
    }

    [Fact]
    public void Unknown_option_is_refused_with_the_one_that_was_meant() =>
        BuiltProgram.Run("doctor", "--sede", "3").IsRefused("metseg doctor: unknown option '--sede'.", "Did you mean '--seed'?", "See 'metseg doctor --help'.");

    [Fact]
    public void Unknown_command_is_refused_with_the_one_that_was_meant() =>
        BuiltProgram.Run("docter").IsRefused("metseg: unknown command 'docter'.", "Did you mean 'doctor'?");

    [Fact]
    public void No_command_is_refused_with_their_names() => BuiltProgram.Run().IsRefused("doctor", "info", "metseg --help");

    [Theory]
    [InlineData("option '--seed' takes a whole number, not 'seven'.", "--seed", "seven")]
    [InlineData("option '--seed' needs a value.", "--seed")]
    [InlineData("option '--seed' takes one value only.", "--seed", "1", "--seed", "2")]
    [InlineData("option '--threads' takes a number from 1, not '0'.", "--threads", "0")]
    [InlineData("option '--device' takes auto, cpu, cuda or cuda:N, not 'tpu'.", "--device", "tpu")]
    [InlineData("unexpected argument 'here'.", "here")]
    public void Wrong_value_is_refused(string message, params string[] arguments) => BuiltProgram.Run(["doctor", .. arguments]).IsRefused(message);

    [Fact]
    public void With_json_a_mistake_is_an_object_too()
    {
        var run = BuiltProgram.Run("doctor", "--json", "--colour");

        run.IsRefusedOnStandardError("unknown option '--colour'");
        var error = JsonDocument.Parse(run.Output).RootElement.GetProperty("error");
        Assert.Equal("user", error.GetProperty("kind").GetString());
        Assert.Contains("--colour", error.GetProperty("message").GetString());
    }

    private static IEnumerable<string> Paths(System.CommandLine.Command parent, string prefix) =>
        parent.Subcommands.SelectMany(command => Paths(command, $"{prefix}{command.Name} ").Prepend(prefix + command.Name));

    [GeneratedRegex(@"^\d+\.\d+\.\d+\S*\r?\n$")]
    private static partial Regex Version();
}
