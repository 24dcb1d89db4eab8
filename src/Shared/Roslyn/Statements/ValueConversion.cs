namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>What stands between a C# value and the one that Npgsql sends or reads.</summary>
internal enum ValueConversion
{
    None,

    /// <summary>A cast: enums and the unsigned integers, which PostgreSQL doesn't have.</summary>
    Number,

    /// <summary>A <c>DateTimeOffset</c> is sent in UTC: Npgsql refuses any other offset.</summary>
    Universal,

    /// <summary>A <c>char</c> in an array, which Npgsql would take for one text.</summary>
    Text,
}
