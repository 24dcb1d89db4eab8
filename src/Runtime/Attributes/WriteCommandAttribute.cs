using System.Data;
using System.Diagnostics.CodeAnalysis;

namespace CompileTimeRouting;

/// <summary>
/// Marks a method whose database work writes. The generated shim opens a connection to the primary and hands it to the
/// method's core. The forms are those of <see cref="ReadQueryAttribute"/>.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class WriteCommandAttribute : Attribute
{
    /// <summary>Marks a method that has, or finds, its own core.</summary>
    public WriteCommandAttribute()
    {
    }

    /// <summary>Marks a partial method whose body is generated from <paramref name="sql"/>.</summary>
    /// <param name="sql">
    /// One PostgreSQL statement. <c>@name</c> stands for the method parameter of that name, <c>$1</c> for the first one;
    /// not both in one statement.
    /// </param>
    public WriteCommandAttribute([StringSyntax("sql")] string sql) => Sql = sql;

    /// <summary>The statement from which the body is generated; null where the method has a core.</summary>
    public string? Sql { get; }

    /// <summary>
    /// Whether the core runs in a transaction that is committed when it returns and rolled back when it throws. Inside an
    /// ambient unit of work the method joins that one. Default: false.
    /// </summary>
    public bool Transaction { get; set; }

    /// <summary>
    /// The isolation level of <see cref="Transaction"/>. Default: <see cref="IsolationLevel.Unspecified"/>, which is READ
    /// COMMITTED, whatever the server's own default.
    /// </summary>
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.Unspecified;

    /// <summary>
    /// How often the whole call is tried again after a serialization failure (40001) or a deadlock (40P01), in which
    /// PostgreSQL has rolled it back; 0 or more. Needs <see cref="Transaction"/>, or SQL in the attribute. Default: 0.
    /// </summary>
    public int SerializationRetries { get; set; }
}
