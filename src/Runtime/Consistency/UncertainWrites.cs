using System.Data;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// Writes whose connection broke before the server acknowledged them: while the server's process that ran one is there, it may
/// yet commit. Known by those processes' ids. Immutable.
/// </summary>
internal sealed class UncertainWrites
{
    /// <summary>The id where it isn't known: nobody can tell when such a write is over.</summary>
    public const int UnknownBackend = 0;

    // Ids are those of the server that the answer comes from, which isn't the case where something in between makes up its own.
    // One may have been given again: not to who asks, and only sessions of a role commit. What kind of process another role's
    // is, only roles with pg_monitor or pg_read_all_stats see.
    private const string Question = """
        select pg_backend_pid(), array(
            select pid from pg_stat_activity
            where pid = any($1) and pid <> pg_backend_pid() and usesysid is not null and coalesce(backend_type, 'client backend') = 'client backend')
        where not pg_is_in_recovery()
        """;

    private readonly int[] _backends;

    private UncertainWrites(int[] backends) => _backends = backends;

    /// <summary>The only one; <see cref="UnknownBackend"/> where there are several, or it isn't known.</summary>
    public int Backend => _backends is [var only] ? only : UnknownBackend;

    /// <summary>Whether the end of at least one of them can be told.</summary>
    public bool CanSettle => Array.Exists(_backends, static b => b != UnknownBackend);

    public static UncertainWrites Of(int backend) => new([backend]);

    public static UncertainWrites? Union(UncertainWrites? one, UncertainWrites? other) =>
        one is null || ReferenceEquals(one, other) ? other : other is null ? one : new([.. one._backends.Union(other._backends)]);

    /// <summary>Those that aren't among the others; null for none.</summary>
    public UncertainWrites? Except(UncertainWrites settled)
    {
        int[] left = [.. _backends.Except(settled._backends)];
        return left.Length == 0 ? null : new(left);
    }

    /// <summary>Asks the primary which of them are over, whatever came of them.</summary>
    /// <param name="connection">A connection to the primary.</param>
    /// <param name="cancellationToken">Cancels the wait for the answer.</param>
    /// <returns>Those that are over; null for none.</returns>
    /// <exception cref="NpgsqlException">The primary didn't answer.</exception>
    public async Task<UncertainWrites?> AskSettledAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        using var command = Command(connection);
        var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleRow, cancellationToken).ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Settled(reader, connection) : null;
    }

    /// <inheritdoc cref="AskSettledAsync"/>
    public UncertainWrites? AskSettled(NpgsqlConnection connection)
    {
        using var command = Command(connection);
        using var reader = command.ExecuteReader(CommandBehavior.SingleRow);
        return reader.Read() ? Settled(reader, connection) : null;
    }

    private NpgsqlCommand Command(NpgsqlConnection connection) => new(Question, connection) { Parameters = { new NpgsqlParameter<int[]> { TypedValue = _backends } } };

    private UncertainWrites? Settled(NpgsqlDataReader reader, NpgsqlConnection connection)
    {
        if (reader.GetInt32(0) != connection.ProcessID)
            return null;
        int[] over = [.. _backends.Except(reader.GetFieldValue<int[]>(1)).Where(static b => b != UnknownBackend)];
        return over.Length == 0 ? null : new(over);
    }
}
