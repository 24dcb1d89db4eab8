namespace CompileTimeRouting.Tool.Input;

/// <summary>Keeps a connection string that stands in the wrong place out of messages.</summary>
internal static class ConnectionText
{
    public const string Withheld =
        "A connection string stands where none is expected (withheld: it could hold a password). It belongs right behind --standby.";

    public static bool IsIn(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || text.Contains("password", StringComparison.OrdinalIgnoreCase)
        || text.Contains("pwd", StringComparison.OrdinalIgnoreCase)
        || text.Contains("host=", StringComparison.OrdinalIgnoreCase);
}
