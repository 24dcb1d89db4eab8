namespace CompileTimeRouting.Cluster;

/// <summary>What a server told of itself when its probe connection was opened. It stays while the connection does.</summary>
/// <param name="Version">For example <c>15.8</c>.</param>
/// <param name="ReadOnlySessions">Whether the session is read-only by default, as it was opened to be.</param>
/// <param name="StartTime">When the server started: another time is another run, or another server.</param>
/// <param name="SystemId">The cluster's system identifier; null where the role may not ask.</param>
/// <param name="ConnectionLimit">The connections it gives to roles without privileges; null where that isn't known.</param>
internal sealed record ServerIdentity(string Version, bool ReadOnlySessions, string StartTime, long? SystemId, int? ConnectionLimit = null);
