namespace CompileTimeRouting.Tool.Input;

/// <summary>Keeps a connection string that stands in the wrong place out of messages.</summary>
internal static class ConnectionText
{
    public const string Withheld =
        "A connection string stands where none is expected (withheld: it could hold a password). It belongs right behind --standby, --url, --primary or --replica.";

    private static readonly string[] Keywords = ["password", "passwort", "passwd", "pwd", "host", "server", "username", "user id"];

    /// <summary>The message, unless what it is about looks like a connection string.</summary>
    public static string Guard(string argument, string message) => IsIn(argument) ? Withheld : message;

    public static bool IsIn(string text) =>
        text.Contains("://", StringComparison.Ordinal)
        || (text.Contains('=', StringComparison.Ordinal) && Keywords.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)));
}
