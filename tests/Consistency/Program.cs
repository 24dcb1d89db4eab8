using CompileTimeRouting.Consistency.Processes;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CompileTimeRouting.Consistency;

internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (args is [OtherProcess.Command])
            return OtherProcess.RunAsync();
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
