namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>Knows a full disk by what PostgreSQL, npm and .NET say.</summary>
internal static class DiskSpace
{
    // ERROR_DISK_FULL, and ENOSPC as .NET passes it on.
    private const int WindowsDiskFull = unchecked((int)0x80070070);
    private const int UnixNoSpace = 28;

    public static bool IsExhausted(string output) =>
        output.Contains("No space left on device", StringComparison.OrdinalIgnoreCase)
        || output.Contains("not enough space on the disk", StringComparison.OrdinalIgnoreCase)
        || output.Contains("ENOSPC", StringComparison.Ordinal);

    public static bool IsExhausted(IOException exception) =>
        exception.HResult is WindowsDiskFull or UnixNoSpace || IsExhausted(exception.Message);

    public static PostgresClusterException Exhausted(string directory, Exception? cause = null) =>
        new($"No disk space is left in {directory}. Free some, or set TMPDIR to a directory with more (a cluster needs about 50 MB per server).", cause);
}
