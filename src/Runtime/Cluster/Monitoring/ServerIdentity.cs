namespace CompileTimeRouting.Cluster;

/// <summary>What a server told of itself when its probe connection was opened. It stays while the connection does.</summary>
/// <param name="Version">For example <c>15.8</c>.</param>
/// <param name="ReadOnlySessions">Whether the session is read-only by default, as it was opened to be.</param>
/// <param name="StartTime">When the server started: another time is another start, or another server.</param>
/// <param name="SystemId">The cluster's system identifier; null where the role may not ask.</param>
/// <param name="ConnectionLimit">The connections it gives to roles without privileges; null where that isn't known.</param>
internal sealed record ServerIdentity(string Version, bool ReadOnlySessions, string StartTime, long? SystemId, int? ConnectionLimit = null)
{
    /// <summary>
    /// The expression for <see cref="StartTime"/>: microseconds, whatever the session's time zone and date style. No two
    /// servers that share an address have the same.
    /// </summary>
    public const string StartTimeSql = "(extract(epoch from pg_postmaster_start_time()) * 1000000)::bigint::text";

    /// <summary>
    /// The expression for <see cref="Run"/>. A server that ends all its sessions and recovers, because one of them crashed,
    /// keeps its start time, but a standby then stands where it last was sure to be, not where it was. It counts its
    /// statistics from then on.
    /// </summary>
    public const string RunSql = StartTimeSql + " || '/' || coalesce((extract(epoch from pg_stat_get_bgwriter_stat_reset_time()) * 1000000)::bigint::text, '')";

    /// <summary>Within one run a standby's replay never goes back. Another run, by its text, is another one of this server, or another server.</summary>
    public string Run { get; init; } = StartTime;

    /// <summary>Whether the role may read the control file, as every role may by default.</summary>
    public bool ReadsControlFile { get; init; }

    /// <summary>How its positions are to be read.</summary>
    public WalLayout Layout { get; init; } = WalLayout.Usual;
}
