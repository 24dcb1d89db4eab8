namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>What the body of a <see cref="Models.RoutedForm.Statement"/> is generated from.</summary>
/// <param name="Sql">The SQL with positional parameters.</param>
/// <param name="Parameters">Their values in order.</param>
/// <param name="Execution">What is wanted of it.</param>
/// <param name="Row">How its rows are read; null where they aren't.</param>
/// <param name="LeavesSessionClean">Whether it is proved to leave no session state.</param>
/// <param name="TakesPosition">Whether it is a write that can bring the primary's position back: see <see cref="StatementReader"/>.</param>
internal sealed record StatementBody(
    string Sql,
    EquatableArray<StatementParameter> Parameters,
    StatementExecution Execution,
    StatementRow? Row,
    bool LeavesSessionClean,
    bool TakesPosition);
