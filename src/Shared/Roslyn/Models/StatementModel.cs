using CompileTimeRouting.Roslyn.Statements;

namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The SQL of a <see cref="RoutedForm.Statement"/> and what its rows become.</summary>
/// <param name="Sql">The SQL as written.</param>
/// <param name="Result">What its rows become.</param>
/// <param name="Body">What the two make together; null before <see cref="StatementReader"/> has joined them.</param>
internal sealed record StatementModel(string Sql, ResultShape Result, StatementBody? Body = null);
