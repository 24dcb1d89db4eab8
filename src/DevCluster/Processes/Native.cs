using System.Runtime.InteropServices;

namespace CompileTimeRouting.DevCluster.Processes;

/// <summary>What .NET has no API for on Unix.</summary>
internal static partial class Native
{
    public const int Kill = 9;

    private const int RemoveId = 0;

    /// <summary>SIGSTOP: 19 on Linux, 17 on macOS and the BSDs.</summary>
    public static int Stop => OperatingSystem.IsLinux() ? 19 : 17;

    /// <summary>SIGCONT: 18 on Linux, 19 on macOS and the BSDs.</summary>
    public static int Continue => OperatingSystem.IsLinux() ? 18 : 19;

    /// <summary>Sends a signal; that the process is gone already is no failure.</summary>
    public static void Signal(int pid, int signal) => _ = SendSignal(pid, signal);

    /// <summary>
    /// Removes the System V segment by which a server guards its data directory. Ids start over at boot: one that is not the
    /// key's has become somebody else's.
    /// </summary>
    public static void RemoveSharedMemory(int key, int id)
    {
        if (FindSharedMemory(key, 0, 0) == id)
            _ = ControlSharedMemory(id, RemoveId, 0);
    }

    /// <summary>Gives a file, directory or link to a user.</summary>
    public static void ChangeOwner(string path, ServerUser user)
    {
        if (ChangeLinkOwner(path, user.Uid, user.Gid) != 0)
            throw new IOException($"{path} can't be given to the user {user.Name}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "shmget")]
    private static partial int FindSharedMemory(int key, nuint size, int flags);

    [LibraryImport("libc", EntryPoint = "shmctl")]
    private static partial int ControlSharedMemory(int id, int command, nint buffer);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeLinkOwner(string path, uint uid, uint gid);
}
