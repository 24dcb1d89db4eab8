namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>A positional parameter of the statement.</summary>
/// <param name="Argument">The escaped name of the method parameter that it gets its value from.</param>
/// <param name="Value">How that is sent.</param>
internal sealed record StatementParameter(string Argument, StatementValue Value);
