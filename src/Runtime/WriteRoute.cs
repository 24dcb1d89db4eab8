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

    /// <summary>Describes a route.</summary>
    /// <param name="name">The routed method, as messages and metrics name it.</param>
    /// <param name="isolationLevel">The isolation level, where the method opens a transaction.</param>
    /// <exception cref="ArgumentNullException"><paramref name="name"/> is null.</exception>
    public WriteRoute(string name, IsolationLevel isolationLevel = IsolationLevel.Unspecified)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        IsolationLevel = isolationLevel;
    }

    /// <summary>The routed method, as messages and metrics name it.</summary>
    public string Name { get; }

    /// <summary>The isolation level, where the method opens a transaction.</summary>
    public IsolationLevel IsolationLevel { get; }
}
