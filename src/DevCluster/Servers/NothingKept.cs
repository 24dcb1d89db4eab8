namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>For copies that need nothing of their source any more.</summary>
internal sealed class NothingKept : IAsyncDisposable
{
    public static readonly NothingKept Instance = new();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
