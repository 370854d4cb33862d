using System.CommandLine;
using System.CommandLine.Help;
using MetSeg.App.Commands;

namespace MetSeg.App;

/// <summary>The whole command line: all commands, the options that they share, and the help.</summary>
internal static class ProgramCommand
{
    /// <summary>Builds it. A new command is one file in Commands/ and one line here.</summary>
    public static RootCommand Create()
    {
        var root = new RootCommand("Finds and contours brain metastases on contrast-enhanced T1 MRI. Research software: not for clinical use.")
        {
            DemoCommand.Create(),
            SimulateCommand.Create(),
            DatasetCommand.Create(),
            PlanCommand.Create(),
            PreprocessCommand.Create(),
            TrainCommand.Create(),
            HarmonizeCommand.Create(),
            PredictCommand.Create(),
            ModelCommand.Create(),
            EvaluateCommand.Create(),
            DescribeCommand.Create(),
            CompareCommand.Create(),
            ReportCommand.Create(),
            InfoCommand.Create(),
            ImageCommand.Create(),
            DoctorCommand.Create(),
        };
        foreach (var option in CommonOptions.All)
        {
            root.Add(option);
        }

        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
