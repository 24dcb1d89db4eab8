namespace CompileTimeRouting.Roslyn.Models;

/// <summary>How the shim calls its core.</summary>
/// <param name="Target">What stands before the argument list: <c>this.BookAsync&lt;T&gt;</c>.</param>
/// <param name="Opened">The member of the lease that is its first argument: <c>Connection</c> or <c>Context</c>.</param>
/// <param name="Cast">The type of the first parameter, where it isn't that of the member: a cast then keeps overloads that take the nearer type out.</param>
/// <param name="Arguments">The arguments after the first one.</param>
internal sealed record CoreCall(string Target, string Opened, string? Cast, EquatableArray<string> Arguments);
