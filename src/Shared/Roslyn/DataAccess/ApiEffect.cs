namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>What a call does apart from the SQL that it is given.</summary>
internal enum ApiEffect : byte
{
    None,

    /// <summary>It asks the database.</summary>
    Reads,

    /// <summary>It writes.</summary>
    Writes,

    /// <summary>It needs what a replica refuses.</summary>
    NeedsPrimary,

    /// <summary>It notes a change that only a later save would write.</summary>
    TracksChange,

    /// <summary>It runs a command that returns no rows.</summary>
    RunsCommand,

    /// <summary>It calls a <c>[WriteCommand]</c>.</summary>
    RoutedWrite,

    /// <summary>It gets the connection, and what it does isn't known.</summary>
    Unknown,
}
