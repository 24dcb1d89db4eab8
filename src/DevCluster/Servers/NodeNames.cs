using System.Globalization;

namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>What servers are called: also their directories, hosts in a container network, and application names.</summary>
internal static class NodeNames
{
    public static string At(int index) => index == 0 ? "primary" : string.Create(CultureInfo.InvariantCulture, $"replica-{index}");
}
