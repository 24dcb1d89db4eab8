using System.Data;

namespace CompileTimeRouting;

/// <summary>
/// How one write is routed: what a <see cref="WriteCommandAttribute"/> says, as the generated shim holds it in a static
/// field. Immutable and safe for use by many threads.
/// </summary>
public sealed class WriteRoute
{
    /// <summary>The route of a write that opens no transaction of its own.</summary>
    public static WriteRoute Default { get; } = new("write");

    internal static WriteRoute UnitOfWork { get; } = new("unit of work");

    /// <summary>Describes a route.</summary>
    /// <param name="name">The routed method, as messages and metrics name it.</param>
    /// <param name="isolationLevel">The isolation level, where the method opens a transaction.</param>
    /// <param name="serializationRetries">How often the write is tried again after a serialization failure or deadlock; 0 for never.</param>
    /// <param name="leavesSessionClean">Whether the write is proved to leave no session state: its connection then needs no reset.</param>
    /// <param name="isOneTransaction">Whether the write is one statement that is a transaction by itself: where it fails, nothing was written.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="serializationRetries"/> is negative.</exception>
    public WriteRoute(
        string name, IsolationLevel isolationLevel = IsolationLevel.Unspecified, int serializationRetries = 0, bool leavesSessionClean = false,
        bool isOneTransaction = false)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfNegative(serializationRetries);
        Name = name;
        IsolationLevel = isolationLevel;
        SerializationRetries = serializationRetries;
        LeavesSessionClean = leavesSessionClean;
        IsOneTransaction = isOneTransaction;
    }

    /// <summary>The routed method, as messages and metrics name it.</summary>
    public string Name { get; }

    /// <summary>The isolation level, where the method opens a transaction.</summary>
    public IsolationLevel IsolationLevel { get; }

    /// <summary>How often the write is tried again after a serialization failure or deadlock.</summary>
    public int SerializationRetries { get; }

    /// <summary>Whether the write is proved to leave no session state: its connection then needs no reset.</summary>
    public bool LeavesSessionClean { get; }

    /// <summary>
    /// Whether the write is one statement that is a transaction by itself: where it fails, nothing was written. What runs in a
    /// <see cref="CommandScope"/> is one transaction in any case.
    /// </summary>
    public bool IsOneTransaction { get; }
}
