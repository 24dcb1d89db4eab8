namespace CompileTimeRouting.Sql;

/// <summary>
/// Whether a text leaves its session as it found it, so that the next statement on the connection needs no reset before it.
/// What isn't known to leave nothing is taken to leave something.
/// </summary>
internal static class SqlSessionState
{
    /// <summary>Functions that a standby runs and that set a mode of the session.</summary>
    private static readonly string[] SetsMode = ["isn_weak"];

    /// <summary>
    /// Whether no statement has any effect: each one writes nothing (defaults and triggers may do anything), sets, prepares,
    /// declares or locks nothing and calls built-in functions that only read. Relations, operators and casts are taken to be
    /// what they seem: a view that calls <c>set_config</c> is not seen.
    /// </summary>
    public static bool IsUntouchedBy(string sql)
    {
        foreach (var statement in SqlEffects.Analyze(sql).Statements)
        {
            if (statement.Effects.Count > 0 || statement.Functions.Any(MayTouch))
                return false;
        }

        return true;
    }

    private static bool MayTouch(SqlObjectName function) =>
        SqlFunctionCatalog.Role(function.Schema, function.Name) != SqlFunctionRole.Harmless || SetsMode.Contains(function.Name);
}
