namespace CompileTimeRouting.DevCluster;

/// <summary>
/// A cluster could not do what was asked. The message says what happened, what to do, and holds the last lines of
/// the server's log where there are any; it never holds a password.
/// </summary>
public sealed class PostgresClusterException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public PostgresClusterException()
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    public PostgresClusterException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception.</summary>
    /// <param name="message">What happened and what to do.</param>
    /// <param name="innerException">What caused it.</param>
    public PostgresClusterException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
