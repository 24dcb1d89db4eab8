namespace CompileTimeRouting.Sql;

/// <summary>What is known beside the text.</summary>
internal sealed class SqlEffectOptions
{
    public static SqlEffectOptions Default { get; } = new();

    /// <summary>The server setting of that name.</summary>
    public bool StandardConformingStrings { get; init; } = true;

    /// <summary>
    /// Where a statement goes that calls a function which is neither built in nor known to <see cref="Functions"/>. The
    /// effect is listed in any case. Most such functions only read, and no text tells those that don't, so that by default
    /// the function alone sends nothing to the primary: whoever needs proof asks for <see cref="SqlRoute.Unknown"/>.
    /// </summary>
    public SqlRoute UnknownFunctions { get; init; } = SqlRoute.Replica;

    /// <summary>What the database says of a function that isn't built in: schema (or null) and name; null when it doesn't know either.</summary>
    public Func<string?, string, SqlFunctionRole?>? Functions { get; init; }

    /// <summary>The database's own functions, views, rules and tables; null when no snapshot is at hand.</summary>
    public SqlCatalog? Catalog { get; init; }

    /// <summary>The text is a routine's: whoever asks follows its calls, CALL too.</summary>
    internal bool IsBody { get; init; }
}
