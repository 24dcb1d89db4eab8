using CompileTimeRouting.DevCluster.Processes;
using CompileTimeRouting.DevCluster.Servers;

namespace CompileTimeRouting.DevCluster.Leftovers;

/// <summary>
/// A cluster's directory under the temporary one. While its owner lives, a lock on a file in it is held, and another
/// file says who the owner is: a later start removes only directories whose lock is free and whose owner is dead.
/// </summary>
internal sealed class ClusterDirectory : IDisposable
{
    private const string Prefix = "ctr-pg-";
    private const string LockFile = "lock";
    private const string OwnerFile = "owner";

    // Between making the directory and writing the owner there is a moment without an owner.
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    private readonly FileStream _lock;

    private ClusterDirectory(string path, FileStream lockStream)
    {
        Path = path;
        _lock = lockStream;
    }

    public string Path { get; }

    public static ClusterDirectory Create(string id, ServerUser? user)
    {
        var path = System.IO.Path.Combine(BaseFor(user), Prefix + id);
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else
                Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
                    // The unprivileged user passes through to its servers' directories.
                    | (user is null ? 0 : UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
            var lockStream = OpenLock(path);
            File.WriteAllText(System.IO.Path.Combine(path, OwnerFile), Owner.Current.ToString());
            return new ClusterDirectory(path, lockStream);
        }
        catch (IOException e) when (DiskSpace.IsExhausted(e))
        {
            throw DiskSpace.Exhausted(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PostgresClusterException($"The directory {path} can't be made: {e.Message} Set TMPDIR to a directory that can be written.", e);
        }
    }

    /// <summary>Ends the servers of dead owners and removes their directories.</summary>
    public static void SweepDead(Action<string> log)
    {
        foreach (var root in Bases().Distinct().Where(Directory.Exists))
        {
            foreach (var directory in Directory.EnumerateDirectories(root, Prefix + "*"))
            {
                try
                {
                    Sweep(directory, log);
                }
                catch (Exception e) when (e is IOException or UnauthorizedAccessException)
                {
                    // Another user's, or somebody else removes it right now.
                }
            }
        }
    }

    /// <summary>Ends what runs in a cluster's directory.</summary>
    public static void EndServers(string path)
    {
        foreach (var server in Directory.EnumerateDirectories(path))
            ServerProcess.Kill(ProcessServer.DataDirectoryIn(server));
    }

    /// <summary>Removes the directory. Servers in it must have ended.</summary>
    public void Dispose()
    {
        _lock.Dispose();
        Remove(Path);
    }

    private static void Sweep(string directory, Action<string> log)
    {
        var ownerFile = System.IO.Path.Combine(directory, OwnerFile);
        if (!File.Exists(ownerFile) && DateTime.UtcNow - Directory.GetCreationTimeUtc(directory) < Grace)
            return;
        // Throws while the owner, or another sweep, holds it.
        using (OpenLock(directory))
        {
            if (File.Exists(ownerFile) && Owner.Parse(File.ReadAllText(ownerFile))?.IsDead() == false)
                return;
            log($"removing {directory}, left by a run that crashed");
            EndServers(directory);
        }
        Remove(directory);
    }

    private static FileStream OpenLock(string directory) =>
        new(System.IO.Path.Combine(directory, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private static void Remove(string directory)
    {
        // A backend that is just ending may still write a file, and on a busy machine it takes its time.
        for (var attempt = 0; Directory.Exists(directory); attempt++)
        {
            try
            {
                // The owner's name goes last: a removal that is cut short is taken up by the next start.
                foreach (var part in Directory.EnumerateDirectories(directory))
                    Directory.Delete(part, recursive: true);
                Directory.Delete(directory, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // Somebody else removes it, too.
            }
            catch (Exception e) when (attempt < 200 && e is IOException or UnauthorizedAccessException)
            {
                Thread.Sleep(50);
            }
        }
    }

    private static string BaseFor(ServerUser? user) =>
        user is null
            ? System.IO.Path.GetTempPath()
            : Bases().FirstOrDefault(ServerUser.MayPassThrough)
                ?? throw new PostgresClusterException($"The user {user.Name}, who runs the servers in place of root, can enter none of {string.Join(", ", Bases())}. Set TMPDIR to a directory that all may enter.");

    private static IEnumerable<string> Bases()
    {
        yield return System.IO.Path.GetTempPath();
        if (!OperatingSystem.IsWindows())
            yield return "/tmp/";
    }
}
