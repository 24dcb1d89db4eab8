namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>Copies a server's data directory.</summary>
internal static class DataDirectory
{
    // Their contents belong to the running server, or are rebuilt: as in "Making a Base Backup" of PostgreSQL's manual.
    private static readonly HashSet<string> EmptiedDirectories = new(StringComparer.Ordinal)
    {
        "pg_wal", "pg_dynshmem", "pg_notify", "pg_replslot", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans", "pgsql_tmp",
    };

    private static readonly HashSet<string> SkippedFiles = new(StringComparer.Ordinal)
    {
        "postmaster.pid", "postmaster.opts", "backup_label", "tablespace_map", "backup_manifest", "standby.signal", "recovery.signal", "pg_internal.init",
    };

    private const string ControlFile = "pg_control";
    private const int BlockSize = 64 * 1024;
    private const int SparseFrom = 4 * BlockSize;

    /// <summary>Copies all of a stopped server's data.</summary>
    public static void CopyStopped(string source, string target) =>
        Copy(new DirectoryInfo(source), target, running: false);

    /// <summary>Copies what a base backup of a running server holds. WAL is not in it.</summary>
    public static void CopyRunning(string source, string target)
    {
        Copy(new DirectoryInfo(source), target, running: true);
        Directory.CreateDirectory(Path.Combine(target, "pg_wal", "archive_status"));
        CopyControlFile(Path.Combine(source, "global", ControlFile), Path.Combine(target, "global", ControlFile));
    }

    private static void Copy(DirectoryInfo source, string target, bool running)
    {
        CreatePrivate(target);
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            var path = Path.Combine(target, entry.Name);
            try
            {
                if (entry.LinkTarget is { } link)
                    File.CreateSymbolicLink(path, link);
                else if (entry is DirectoryInfo directory)
                    CopyDirectory(directory, path, running);
                else if (!running || !(SkippedFiles.Contains(entry.Name) || entry.Name == ControlFile))
                    CopyFile((FileInfo)entry, path);
            }
            catch (Exception e) when (running && e is FileNotFoundException or DirectoryNotFoundException)
            {
                // A running server removes files at any time; the WAL that is replayed knows of it.
            }
        }
    }

    private static void CopyDirectory(DirectoryInfo directory, string target, bool running)
    {
        if (running && EmptiedDirectories.Contains(directory.Name))
            CreatePrivate(target);
        else
            Copy(directory, target, running);
    }

    // A fresh WAL segment is 16 MB of zeros, nearly; writing them takes longer than all else.
    private static void CopyFile(FileInfo source, string target)
    {
        if (source.Length < SparseFrom)
        {
            source.CopyTo(target, overwrite: true);
            return;
        }
        using var from = new FileStream(source.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        using var to = new FileStream(target, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(to.SafeFileHandle, source.UnixFileMode);
        var block = new byte[BlockSize];
        for (int read; (read = from.ReadAtLeast(block, BlockSize, throwOnEndOfStream: false)) > 0;)
        {
            if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
                to.Write(block, 0, read);
            else
                to.Seek(read, SeekOrigin.Current);
        }
        to.SetLength(to.Position);
    }

    // The server may be writing it: only what reads the same twice is whole.
    private static void CopyControlFile(string source, string target)
    {
        var before = File.ReadAllBytes(source);
        while (true)
        {
            var after = File.ReadAllBytes(source);
            if (before.AsSpan().SequenceEqual(after))
                break;
            before = after;
        }
        File.WriteAllBytes(target, before);
    }

    // A server refuses a data directory that others may enter.
    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}
