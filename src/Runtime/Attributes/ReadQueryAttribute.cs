using System.Diagnostics.CodeAnalysis;

namespace CompileTimeRouting;

/// <summary>
/// Marks a method whose database work only reads. The generated shim opens a connection to a replica (or, by
/// <see cref="Consistency"/>, to the primary's read-only pool) and hands it to the method's core.
/// </summary>
/// <remarks>
/// Three forms: with SQL on a partial method, the whole body is generated; on a partial method without SQL, a method of
/// the same name that takes the connection first is called; on a method with a body whose first parameter is the
/// connection, an overload without that parameter is generated.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ReadQueryAttribute : Attribute
{
    /// <summary>Marks a method that has, or finds, its own core.</summary>
    public ReadQueryAttribute()
    {
    }

    /// <summary>Marks a partial method whose body is generated from <paramref name="sql"/>.</summary>
    /// <param name="sql">
    /// One PostgreSQL statement. <c>@name</c> stands for the method parameter of that name, <c>$1</c> for the first one;
    /// not both in one statement.
    /// </param>
    public ReadQueryAttribute([StringSyntax("sql")] string sql) => Sql = sql;

    /// <summary>The statement from which the body is generated; null where the method has a core.</summary>
    public string? Sql { get; }

    /// <summary>What the read must see. Default: what the assembly's <see cref="RoutingDefaultsAttribute"/> says, else <see cref="ReadConsistency.Eventual"/>.</summary>
    public ReadConsistency Consistency { get; set; }

    /// <summary>
    /// The bound of <see cref="ReadConsistency.BoundedStaleness"/>, in seconds, greater than zero. 0, the default, means
    /// the data source's own lag threshold.
    /// </summary>
    public double MaxLagSeconds { get; set; }

    /// <summary>The replica group that serves the read, as named in the configuration; null for replicas without a group.</summary>
    public string? Group { get; set; }

    /// <summary>
    /// Whether the read is tried again where the first node fails it: on another replica, then on the primary's read-only
    /// sessions. A stream is tried again only before its first row, and nothing inside a unit of work. Default: true.
    /// </summary>
    public bool Retry { get; set; } = true;

    /// <summary>
    /// What happens to the read where no replica may serve it and the primary has enough to do. Default: what the data
    /// source's <see cref="RoutingOptions.Overload"/> says.
    /// </summary>
    public OverloadPolicy Overload { get; set; }
}
