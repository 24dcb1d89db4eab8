namespace CompileTimeRouting.Cluster;

/// <summary>What a server told of itself when its probe connection was opened. It stays while the connection does.</summary>
/// <param name="Version">For example <c>15.8</c>.</param>
/// <param name="ReadOnlySessions">Whether the session is read-only by default, as it was opened to be.</param>
/// <param name="StartTime">When the server started: another time is another run, or another server.</param>
/// <param name="MaxConnections">Its <c>max_connections</c>.</param>
/// <param name="SystemId">The cluster's system identifier; null where the role may not ask.</param>
internal sealed record ServerIdentity(string Version, bool ReadOnlySessions, string StartTime, int MaxConnections, long? SystemId);

/// <summary>What one probe was told.</summary>
/// <param name="Identity">Who answered.</param>
/// <param name="InRecovery">Whether it is a standby.</param>
/// <param name="Position">The position written on a primary (insert), replayed on a standby; null where there is none.</param>
/// <param name="Timeline">A primary's timeline; null for a standby.</param>
internal sealed record ProbeAnswer(ServerIdentity Identity, bool InRecovery, ulong? Position, uint? Timeline);
