namespace CompileTimeRouting.Roslyn;

/// <summary>What the rules on SQL say in a few words, to the analyzer's users and to the command-line tool's.</summary>
internal static class SqlRuleTitles
{
    public const string Writes = "The SQL of a read writes";

    public const string Locks = "The SQL of a read takes locks";

    public const string CallsWrite = "The SQL of a read calls a function that belongs on the primary";

    public const string NeedsPrimary = "The SQL of a read needs what only the primary has";
}
