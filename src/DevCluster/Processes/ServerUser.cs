using System.Globalization;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>The unprivileged user who runs the servers where this process is root: PostgreSQL refuses to run as root.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Uid">Its user id.</param>
/// <param name="Gid">Its group id.</param>
/// <param name="Prefix">What is put before a command to run it as this user.</param>
internal sealed record ServerUser(string Name, uint Uid, uint Gid, IReadOnlyList<string> Prefix)
{
    private static readonly Lazy<Task<ServerUser?>> Resolved = new(ResolveAsync);

    /// <summary>The user to run servers as, or <see langword="null"/> for the user of this process.</summary>
    public static Task<ServerUser?> ResolveOnceAsync() => Resolved.Value;

    /// <summary>Gives all of a directory to this user.</summary>
    public void TakeOver(string directory)
    {
        Native.ChangeOwner(directory, this);
        foreach (var entry in Directory.EnumerateFileSystemEntries(directory, "*", SearchOption.AllDirectories))
            Native.ChangeOwner(entry, this);
    }

    /// <summary>Whether any user may enter the directory.</summary>
    public static bool MayPassThrough(string directory)
    {
        for (var d = new DirectoryInfo(directory); d is not null; d = d.Parent)
        {
            if (d.Exists && !OperatingSystem.IsWindows() && !d.UnixFileMode.HasFlag(UnixFileMode.OtherExecute))
                return false;
        }
        return true;
    }

    private static async Task<ServerUser?> ResolveAsync()
    {
        // On Windows pg_ctl gives up an administrator's rights by itself.
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;

        foreach (var name in new[] { "postgres", "nobody" })
        {
            if (await IdAsync("-u", name).ConfigureAwait(false) is not { } uid || await IdAsync("-g", name).ConfigureAwait(false) is not { } gid)
                continue;
            IReadOnlyList<string>[] candidates =
            [
                ["setpriv", $"--reuid={uid}", $"--regid={gid}", "--clear-groups", "--"],
                ["runuser", "-u", name, "--"],
                ["su", name, "-s", "/bin/sh", "-c", "exec \"$0\" \"$@\"", "--"],
                ["sudo", "-n", "-E", "-u", name, "--"],
            ];
            foreach (var prefix in candidates)
            {
                var user = new ServerUser(name, uid, gid, prefix);
                if ((await Command.RunAsync("true", [], user, "/").ConfigureAwait(false)).Succeeded)
                    return user;
            }
        }
        throw new PostgresClusterException(
            "PostgreSQL refuses to run as root, and no other user was found to run it: neither postgres nor nobody can be switched to by setpriv, runuser, su or sudo. Run as a normal user, or create the user: useradd --system postgres");
    }

    private static async Task<uint?> IdAsync(string what, string name)
    {
        var result = await Command.RunAsync("id", [what, name], directory: "/").ConfigureAwait(false);
        return result.Succeeded && uint.TryParse(result.Output, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
    }
}
