namespace CompileTimeRouting.Tool;

/// <summary>The command can't be carried out. The message is for the user, says what to do, and holds no password.</summary>
internal sealed class CommandException : Exception
{
    public CommandException(string message)
        : base(message)
    {
    }

    public CommandException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
