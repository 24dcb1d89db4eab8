namespace CompileTimeRouting.Sql;

/// <summary>One occurrence of a parameter in a text.</summary>
internal readonly struct SqlParameter
{
    public SqlParameter(string name, int start, int length)
    {
        Name = name;
        Start = start;
        Length = length;
    }

    public SqlParameter(int ordinal, int start, int length)
    {
        Ordinal = ordinal;
        Start = start;
        Length = length;
    }

    /// <summary>The name without its <c>@</c> or <c>:</c>, as written here; null for <c>$1</c>.</summary>
    public string? Name { get; }

    /// <summary>The number of <c>$1</c>; 0 for a name, -1 for one that no server counts to.</summary>
    public int Ordinal { get; }

    public int Start { get; }

    public int Length { get; }

    public int End => Start + Length;
}

/// <summary>Why a text's parameters can't be bound.</summary>
internal enum SqlParameterError
{
    None,

    /// <summary>Both <c>$1</c> and <c>@name</c>: Npgsql binds one sort or the other.</summary>
    Mixed,

    /// <summary>A number between 1 and the highest one isn't used, so the server can't tell its type.</summary>
    OrdinalGap,

    /// <summary><c>$0</c> or a number past 65535, the most that the protocol can bind.</summary>
    OrdinalOutOfRange,
}
