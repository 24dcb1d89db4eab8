namespace CompileTimeRouting.Cluster;

/// <summary>What a server told of itself when its probe connection was opened. It stays while the connection does.</summary>
/// <param name="Version">For example <c>15.8</c>.</param>
/// <param name="ReadOnlySessions">Whether the session is read-only by default, as it was opened to be.</param>
/// <param name="StartTime">When the server started: another time is another run, or another server.</param>
/// <param name="SystemId">The cluster's system identifier; null where the role may not ask.</param>
/// <param name="ConnectionLimit">The connections it gives to roles without privileges; null where that isn't known.</param>
internal sealed record ServerIdentity(string Version, bool ReadOnlySessions, string StartTime, long? SystemId, int? ConnectionLimit = null)
{
    /// <summary>
    /// The expression for <see cref="StartTime"/>: microseconds, whatever the session's time zone and date style. No two
    /// runs of servers that share an address have the same.
    /// </summary>
    public const string StartTimeSql = "(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text";

    /// <summary>Whether the role may read the control file, as every role may by default.</summary>
    public bool ReadsControlFile { get; init; }

    /// <summary>How its positions are to be read.</summary>
    public WalLayout Layout { get; init; } = WalLayout.Usual;
}
