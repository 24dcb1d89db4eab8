namespace CompileTimeRouting.Roslyn.Models;

/// <summary>How the shim calls its core.</summary>
/// <param name="Target">What stands before the argument list: <c>this.BookAsync&lt;T&gt;</c>.</param>
/// <param name="TakesDbConnection">Whether the first parameter is <c>DbConnection</c>: a cast then keeps overloads that take an <c>NpgsqlConnection</c> out.</param>
/// <param name="Arguments">The arguments after the connection.</param>
internal sealed record CoreCall(string Target, bool TakesDbConnection, EquatableArray<string> Arguments);
