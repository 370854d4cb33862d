using System.CommandLine;
using System.Text.Json;
using MetSeg.App;
using MetSeg.Files;

using var interruption = new Interruption();
var parse = ProgramCommand.Create().Parse(args, new ParserConfiguration { EnablePosixBundling = false, ResponseFileTokenReplacer = null });
if (UsageError.Describe(parse) is { } mistake)
{
    return Report(new Failure(Failure.UserKind, mistake, ExitCode.UserMistake));
}

try
{
    var invocation = new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
    return await parse.InvokeAsync(invocation, interruption.Token);
}
catch (Exception exception)
{
    if (Environment.GetEnvironmentVariable("METSEG_DEBUG") == "1")
    {
        Console.Error.WriteLine(exception);
    }

    return Report(Failure.From(exception, interruption.ExitCode));
}

int Report(Failure failure)
{
    if (args.TakeWhile(argument => argument != "--").Contains(CommonOptions.Json.Name))
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(new { Error = new { failure.Kind, failure.Message } }, JsonFile.OwnStyle));
    }

    Console.Error.WriteLine(failure.Message.StartsWith("metseg", StringComparison.Ordinal) ? failure.Message : $"metseg: {failure.Message}");
    return failure.ExitCode;
}
