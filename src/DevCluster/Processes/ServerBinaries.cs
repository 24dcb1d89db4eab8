using System.Globalization;
using System.Text.RegularExpressions;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>A directory with server programs that run here.</summary>
internal sealed partial record ServerBinaries(string Directory, int Major, int Minor)
{
    public string InitDb => Program("initdb");

    public string PgCtl => Program("pg_ctl");

    /// <summary>Not every distribution has it.</summary>
    public string? PgBaseBackup => File.Exists(Program("pg_basebackup")) ? Program("pg_basebackup") : null;

    /// <summary>Takes a directory if all that is needed is there and the user who will run it can; else says why not.</summary>
    public static async Task<(ServerBinaries? Binaries, string Problem)> ProbeAsync(string directory, ServerUser? user, CancellationToken cancellationToken)
    {
        var candidate = new ServerBinaries(Path.GetFullPath(directory), 0, 0);
        foreach (var program in new[] { candidate.InitDb, candidate.PgCtl, candidate.Program("postgres") })
        {
            if (!File.Exists(program))
                return (null, $"there is no {Path.GetFileName(program)} in {directory}");
        }
        var result = await Command.RunAsync(candidate.Program("postgres"), ["--version"], user, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (!result.Succeeded || VersionPattern().Match(result.Output) is not { Success: true } match)
            return (null, $"postgres in {directory} can't be run{(user is null ? "" : $" by the user {user.Name}")}: {result.Output}");
        var binaries = candidate with
        {
            Major = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture),
            Minor = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0,
        };
        return binaries.Major < PostgresClusterOptions.MinimumMajorVersion
            ? (null, $"{directory} holds PostgreSQL {binaries.Major}; {PostgresClusterOptions.MinimumMajorVersion} or later is needed")
            : (binaries, "");
    }

    private string Program(string name) => Path.Combine(Directory, OperatingSystem.IsWindows() ? name + ".exe" : name);

    [GeneratedRegex(@"\(PostgreSQL\) (\d+)(?:\.(\d+))?")]
    private static partial Regex VersionPattern();
}
