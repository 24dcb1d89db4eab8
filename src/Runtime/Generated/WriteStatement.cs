using System.ComponentModel;
using System.Data;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// How generated bodies send a write that is one statement and does in a transaction block what it does outside of one: in a
/// session whose token will be exported it takes the position along. Made for them; its members may change with the generator.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class WriteStatement
{
    /// <summary>Sends a write without rows.</summary>
    /// <param name="lease">The write's own lease.</param>
    /// <param name="command">The statement with its parameters, which may be taken from it.</param>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>The rows it has changed; -1 where it isn't of that kind.</returns>
    /// <exception cref="NpgsqlException">It failed.</exception>
    public static Task<int> ExecuteNonQueryAsync(in ConnectionLease lease, NpgsqlCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return lease.PositionTaker is { } taker ? taker.CommitWith(command).ExecuteAsync(cancellationToken) : command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <inheritdoc cref="ExecuteNonQueryAsync"/>
    public static int ExecuteNonQuery(in ConnectionLease lease, NpgsqlCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return lease.PositionTaker is { } taker ? taker.CommitWith(command).Execute() : command.ExecuteNonQuery();
    }

    /// <summary>Sends a write that answers with rows. Read them, then call <see cref="EndAsync"/>.</summary>
    /// <param name="lease">The write's own lease.</param>
    /// <param name="command">The statement with its parameters, which may be taken from it.</param>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>The rows; dispose it.</returns>
    /// <exception cref="NpgsqlException">It failed.</exception>
    public static Task<NpgsqlDataReader> ExecuteReaderAsync(in ConnectionLease lease, NpgsqlCommand command, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return lease.PositionTaker is { } taker
            ? taker.CommitWith(command).ExecuteReaderAsync(cancellationToken) : command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken);
    }

    /// <inheritdoc cref="ExecuteReaderAsync"/>
    public static NpgsqlDataReader ExecuteReader(in ConnectionLease lease, NpgsqlCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return lease.PositionTaker is { } taker ? taker.CommitWith(command).ExecuteReader() : command.ExecuteReader(CommandBehavior.SingleResult);
    }

    /// <summary>Ends a write whose rows were read.</summary>
    /// <param name="lease">The write's own lease.</param>
    /// <param name="reader">Its rows.</param>
    /// <param name="cancellationToken">Cancels the wait for the server.</param>
    /// <returns>A task that ends when the server has acknowledged the write, where that isn't left to the reader's end.</returns>
    /// <exception cref="NpgsqlException">It failed.</exception>
    public static ValueTask EndAsync(in ConnectionLease lease, NpgsqlDataReader reader, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        return lease.PositionTaker?.Commit is { } commit ? commit.EndAsync(reader, cancellationToken) : default;
    }

    /// <inheritdoc cref="EndAsync"/>
    public static void End(in ConnectionLease lease, NpgsqlDataReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        lease.PositionTaker?.Commit?.End(reader);
    }
}
