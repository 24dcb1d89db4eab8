using System.Security.Cryptography;
using Npgsql;

namespace CompileTimeRouting.DevCluster.Servers;

/// <summary>What all parts of one cluster share: its options, its password and its log.</summary>
internal sealed class ClusterContext(PostgresClusterOptions options)
{
    /// <summary>The bootstrap superuser; also what standbys replicate as.</summary>
    public const string SuperUser = "postgres";

    // A shorter one is a word that the log may hold for other reasons ("app"); replacing it would hide the cause.
    private const int LengthWorthHiding = 8;

    public PostgresClusterOptions Options { get; } = options;

    public string Id { get; } = RandomNumberGenerator.GetHexString(8, lowercase: true);

    public string Password { get; } = options.Password ?? RandomNumberGenerator.GetHexString(24, lowercase: true);

    /// <summary>Set when the cluster's end begins: its nodes do nothing more.</summary>
    public bool IsDisposed { get; set; }

    public void Log(string line) => Options.Log?.Invoke(line);

    /// <summary>Nothing here writes the password to a log; a setting or statement of the user may.</summary>
    public string Redact(string text) =>
        Password.Length >= LengthWorthHiding ? text.Replace(Password, "***", StringComparison.Ordinal) : text;

    /// <summary>A connection as superuser that is not pooled, so that it outlives no restart.</summary>
    public string AdminConnectionString(INodeServer server, string database = "postgres") => new NpgsqlConnectionStringBuilder
    {
        Host = server.Host,
        Port = server.Port,
        Username = SuperUser,
        Password = Password,
        Database = database,
        Pooling = false,
        SslMode = SslMode.Disable,
        GssEncryptionMode = GssEncryptionMode.Disable,
        Timeout = 5,
        ApplicationName = "dev cluster",
    }.ConnectionString;

    public async Task<NpgsqlConnection> OpenAdminAsync(INodeServer server, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(AdminConnectionString(server));
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>A failure as it is shown: what happened, then the end of the server's log.</summary>
    public async Task<PostgresClusterException> FailureAsync(INodeServer server, string what, Exception? cause = null)
    {
        var tail = await server.ReadLogTailAsync().ConfigureAwait(false);
        var advice = DiskSpace.IsExhausted(tail) ? " The disk is full: free some space, or set TMPDIR to a directory with more." : "";
        var log = tail.Length == 0 ? "" : $"{Environment.NewLine}Last lines of {server.Name}'s log:{Environment.NewLine}{tail}";
        return new PostgresClusterException(Redact(what + advice + log), cause);
    }
}
