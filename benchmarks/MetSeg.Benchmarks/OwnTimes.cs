using System.Diagnostics;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Engines;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using BenchmarkDotNet.Validators;

namespace MetSeg.Benchmarks;

/// <summary>Runs benchmarks with BenchmarkDotNet and keeps each one's least time.</summary>
/// <remarks>
/// They run in this process: the one that BenchmarkDotNet would build elsewhere has no libtorch/ beside it. Each iteration is one call, as in
/// peers.py, so that both sides' least times mean the same.
/// </remarks>
internal static class OwnTimes
{
    private const int Warmups = 3;
    private const int Iterations = 10;

    private static readonly TimeSpan longest = TimeSpan.FromHours(1);

    /// <summary>Takes back the high priority that BenchmarkDotNet gives itself: the peers have none, and other people may be at work.</summary>
    public static void TakeNormalPriority()
    {
        using var process = Process.GetCurrentProcess();
        process.PriorityClass = ProcessPriorityClass.Normal;
    }

    /// <summary>Least seconds of every benchmark of a class, by method name.</summary>
    /// <exception cref="MetSegException">A benchmark failed; its log says why.</exception>
    public static IReadOnlyDictionary<string, double> Measure<T>(string artifacts)
    {
        var job = Job.Default.WithStrategy(RunStrategy.Monitoring).WithToolchain(new InProcessEmitToolchain(longest, logOutput: true))
            .WithLaunchCount(1).WithWarmupCount(Warmups).WithIterationCount(Iterations).WithInvocationCount(1).WithUnrollFactor(1);
        var config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance)
            .AddValidator(JitOptimizationsValidator.FailOnError).WithArtifactsPath(artifacts);
        var summary = BenchmarkRunner.Run<T>(config);
        var failed = summary.HasCriticalValidationErrors || summary.Reports.IsEmpty || summary.Reports.Any(report => report.ResultStatistics is null);
        return failed
            ? throw new MetSegException($"Benchmarks of {typeof(T).Name} failed; see '{summary.LogFilePath}'.")
            : summary.Reports.ToDictionary(report => report.BenchmarkCase.Descriptor.WorkloadMethod.Name, report => report.ResultStatistics!.Min / 1e9);
    }
}
