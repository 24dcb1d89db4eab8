namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The SQL of a <see cref="RoutedForm.Statement"/> and what its rows become.</summary>
internal sealed record StatementModel(string Sql, ResultShape Result);
