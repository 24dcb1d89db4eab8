namespace CompileTimeRouting.Tool;

/// <summary>What the process ends with.</summary>
internal static class ExitCode
{
    /// <summary>Every statement has its answer.</summary>
    public const int Answered = 0;

    /// <summary>Answered, and something in the answers is what the caller watches for, or a line of the input isn't what it must be.</summary>
    public const int Found = 1;

    /// <summary>Not answered: wrong arguments, a file that can't be read or written, a standby that can't be asked.</summary>
    public const int Usage = 2;

    /// <summary>Interrupted; 128 + SIGINT.</summary>
    public const int Cancelled = 130;
}
