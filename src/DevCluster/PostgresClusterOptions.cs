namespace CompileTimeRouting.DevCluster;

/// <summary>What <see cref="PostgresCluster.StartAsync"/> shall build.</summary>
public sealed class PostgresClusterOptions
{
    /// <summary>How many streaming standbys; 0 to 16.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>Processes on this machine, or containers.</summary>
    public ClusterBackend Backend { get; init; } = ClusterBackend.Processes;

    /// <summary>
    /// PostgreSQL's major version; <see langword="null"/> takes the newest that is installed. A version that is not
    /// installed comes from npm, where <see cref="BinarySource"/> allows it. Used by <see cref="ClusterBackend.Processes"/>.
    /// </summary>
    public int? MajorVersion { get; init; }

    /// <summary>The directory that holds <c>initdb</c>, <c>pg_ctl</c> and <c>postgres</c>; looked for when <see langword="null"/>.</summary>
    public string? BinDirectory { get; init; }

    /// <summary>Where server binaries may come from.</summary>
    public BinarySource BinarySource { get; init; } = BinarySource.Any;

    /// <summary>
    /// The image of <see cref="ClusterBackend.Containers"/>; when <see langword="null"/>, the environment variable
    /// <c>CTR_POSTGRES_IMAGE</c>, else <c>postgres:18</c>. Any image with PostgreSQL 15 or later and a user
    /// <c>postgres</c> will do.
    /// </summary>
    public string? Image { get; init; }

    /// <summary>
    /// The ports, the primary's first: one for each server. <see langword="null"/> takes free ones at random.
    /// </summary>
    public IReadOnlyList<int>? Ports { get; init; }

    /// <summary>The database that is created and that the connection strings name.</summary>
    public string DatabaseName { get; init; } = "app";

    /// <summary>
    /// The role that owns the database. It is an ordinary role, as an application's is; what needs a superuser goes
    /// through <see cref="PostgresNode.AdminConnectionString"/>.
    /// </summary>
    public string UserName { get; init; } = "app";

    /// <summary>The password of that role and of the superuser; <see langword="null"/> makes one up.</summary>
    public string? Password { get; init; }

    /// <summary>Further lines for every server's <c>postgresql.conf</c>: name and value. They win over the defaults.</summary>
    public IDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Is told what is being done, one line at a time.</summary>
    public Action<string>? Log { get; init; }

    /// <summary>How long a server may take to start, stop or catch up before that counts as a failure.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    internal int? PortAt(int index) => Ports?[index];

    internal void Validate()
    {
        if (Replicas is < 0 or > 16)
            throw new ArgumentOutOfRangeException(nameof(Replicas), Replicas, "A cluster has 0 to 16 replicas.");
        if (Ports is not null && Ports.Count != Replicas + 1)
            throw new ArgumentException($"{Replicas + 1} servers need {Replicas + 1} ports (the primary's first), but {Ports.Count} were given.", nameof(Ports));
        if (Ports is not null && Ports.Distinct().Count() != Ports.Count)
            throw new ArgumentException("The ports must differ from each other.", nameof(Ports));
        if (Ports?.Any(static p => p is < 1 or > 65535) == true)
            throw new ArgumentOutOfRangeException(nameof(Ports), string.Join(", ", Ports), "A port is a number from 1 to 65535.");
        // initdb and libpq read it from files, of which a line is a password.
        if (Password is not null && (Password.Length == 0 || Password.AsSpan().ContainsAny('\r', '\n', '\0')))
            throw new ArgumentException("The password must not be empty nor hold a line break.", nameof(Password));
        if (MajorVersion < MinimumMajorVersion)
            throw new ArgumentOutOfRangeException(nameof(MajorVersion), MajorVersion, $"PostgreSQL {MinimumMajorVersion} or later is needed.");
        ArgumentException.ThrowIfNullOrWhiteSpace(DatabaseName);
        ArgumentException.ThrowIfNullOrWhiteSpace(UserName);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(StartTimeout, TimeSpan.Zero);
    }

    // Non-exclusive base backups by pg_backup_start are this old.
    internal const int MinimumMajorVersion = 15;
}
