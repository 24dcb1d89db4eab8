using System.ComponentModel;

namespace CompileTimeRouting;

/// <summary>
/// Tells the running application of a routed method of this assembly: <see cref="RouteManifest"/> lists them. The generator
/// makes these attributes; they aren't meant to be written by hand.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PublishedRouteAttribute : Attribute
{
    /// <summary>Names a method.</summary>
    /// <param name="name">The routed method, as messages and metrics name it.</param>
    /// <param name="isRead">Whether it is a read.</param>
    public PublishedRouteAttribute(string name, bool isRead)
    {
        Name = name;
        IsRead = isRead;
    }

    /// <summary>The routed method, as messages and metrics name it, for example <c>Shop.Orders.ListAsync</c>.</summary>
    public string Name { get; }

    /// <summary>Whether it is a read; otherwise it is a write.</summary>
    public bool IsRead { get; }

    /// <summary>What a read must see.</summary>
    public ReadConsistency Consistency { get; set; }

    /// <summary>The bound of <see cref="ReadConsistency.BoundedStaleness"/> in seconds; 0 for the data source's threshold.</summary>
    public double MaxLagSeconds { get; set; }

    /// <summary>The replica group; null for replicas without one.</summary>
    public string? Group { get; set; }

    /// <summary>Whether a write is a transaction of its own.</summary>
    public bool Transaction { get; set; }

    /// <summary>How often a write is tried again after a serialization failure or deadlock.</summary>
    public int SerializationRetries { get; set; }

    /// <summary>Whether the method is tried again after a failure of its node.</summary>
    public bool Retry { get; set; } = true;

    /// <summary>Whether it is proved to leave no session state.</summary>
    public bool LeavesSessionClean { get; set; }

    /// <summary>The tables that it reads, as far as the compiler knows them: SQL names with commas between them. May be empty.</summary>
    public string Reads { get; set; } = "";

    /// <summary>The tables that it writes, in the same form.</summary>
    public string Writes { get; set; } = "";
}
