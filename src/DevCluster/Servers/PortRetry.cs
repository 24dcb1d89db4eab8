namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>Starts a server; where its port was taken between being chosen and being bound, on another one.</summary>
internal static class PortRetry
{
    private const int Attempts = 5;

    /// <param name="context">Of the cluster; ports that its options name are not exchanged.</param>
    /// <param name="server">The server's name.</param>
    /// <param name="start">One attempt.</param>
    /// <param name="moveToFreePort">Gives the server another port.</param>
    /// <exception cref="PostgresClusterException">The port was named by the options, or there were too many attempts.</exception>
    public static async Task StartAsync(ClusterContext context, string server, Func<Task> start, Action moveToFreePort)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await start().ConfigureAwait(false);
                return;
            }
            catch (PortInUseException e) when (context.Options.Ports is not null || attempt == Attempts)
            {
                throw e.Explain();
            }
            catch (PortInUseException e)
            {
                context.Log($"port {e.Port} was taken meanwhile; {server} moves to another");
                moveToFreePort();
            }
        }
    }
}
