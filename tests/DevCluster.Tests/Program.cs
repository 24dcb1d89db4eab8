using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace CompileTimeRouting.DevCluster.Tests;

internal static class Program
{
    public static Task<int> Main(string[] args)
    {
        if (args is [Child.Command, .. var rest])
            return Child.RunAsync(rest);
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : ConsoleRunner.Run(args);
    }
}
