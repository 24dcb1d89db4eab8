namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>Where a rule on statements is broken.</summary>
internal enum StatementPlace
{
    /// <summary>In the SQL.</summary>
    Sql,

    /// <summary>At a method parameter.</summary>
    Parameter,

    /// <summary>At the return type.</summary>
    Return,
}
