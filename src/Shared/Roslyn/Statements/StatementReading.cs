using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>One statement being read: its method, and the rules found broken so far.</summary>
internal sealed class StatementReading(RoutedMethod method, StatementModel statement)
{
    private readonly List<StatementProblem> _problems = [];

    public RoutedMethod Method { get; } = method;

    public string Sql { get; } = statement.Sql;

    public ResultShape Result { get; } = statement.Result;

    public IReadOnlyList<StatementProblem> Problems => _problems;

    /// <summary>The first broken rule without which no body can be generated; null where there is none.</summary>
    public string? BlockedBy { get; private set; }

    /// <summary>What is generated; null where a rule blocks it.</summary>
    public StatementBody? Body { get; set; }

    public void Break(string ruleId, StatementPlace place, int start, int length, params string[] arguments)
    {
        if (ruleId != RuleIds.MethodParameterUnused)
            BlockedBy ??= ruleId;
        _problems.Add(new StatementProblem(ruleId, place, start, length, arguments));
    }
}
