using System.Diagnostics;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting;

/// <summary>
/// A commit and the question for the primary's position behind it, in one round trip: what a token would have to ask for in a
/// round trip of its own. Used once.
/// </summary>
/// <remarks>
/// All in one series: where a statement fails, the server skips the rest, the commit too. No error barriers: Npgsql loses its
/// place in the server's answers where one fails that commits by itself (a deferred constraint).
/// </remarks>
internal sealed class CommitWithPosition
{
    private readonly RoutedDataSource _source;
    private readonly NpgsqlBatchCommand _last;
    private readonly NpgsqlBatchCommand _commit = new("commit");
    private long _askedAt;
    private ConsistencyToken? _token;

    /// <param name="source">Whose primary it is.</param>
    /// <param name="connection">A connection to it.</param>
    /// <param name="before">What comes before the commit, in its transaction.</param>
    public CommitWithPosition(RoutedDataSource source, NpgsqlConnection connection, params ReadOnlySpan<NpgsqlBatchCommand> before)
    {
        _source = source;
        _last = before[^1];
        Batch = new NpgsqlBatch(connection);
        foreach (var command in before)
            Batch.BatchCommands.Add(command);

        // The server answers the commit, and goes on, when it is done: only what is asked behind it is behind its record.
        var isTooEarly = source.Mutation == ConsistencyMutation.PositionBeforeCommit;
        var question = new NpgsqlBatchCommand(NodeProbe.PositionQuestion);
        Batch.BatchCommands.Add(isTooEarly ? question : _commit);
        Batch.BatchCommands.Add(isTooEarly ? _commit : question);
    }

    public NpgsqlBatch Batch { get; }

    /// <summary>Whether the server has acknowledged the commit: whatever fails then, what was written is written.</summary>
    public bool IsCommitted => _commit.StatementType != StatementType.Unknown;

    /// <summary>The position; null where there is none to be had.</summary>
    public TakenPosition? Taken => IsCommitted && _token is { } token ? new TakenPosition(_askedAt, token) : null;

    /// <summary>Sends all of it.</summary>
    /// <returns>The rows that the statement before the commit has changed.</returns>
    public async Task<int> ExecuteAsync(CancellationToken cancellationToken)
    {
        try
        {
            var reader = await ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
                await ReadPositionAsync(reader, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsCommitted)
        {
            // The export asks then.
        }

        return _last.RecordsAffected;
    }

    /// <inheritdoc cref="ExecuteAsync"/>
    public int Execute()
    {
        try
        {
            using var reader = ExecuteReader();
            ReadPosition(reader);
        }
        catch (Exception) when (IsCommitted)
        {
            // As above.
        }

        return _last.RecordsAffected;
    }

    /// <summary>Sends all of it, for the rows of the statement before the commit: they come first.</summary>
    public Task<NpgsqlDataReader> ExecuteReaderAsync(CancellationToken cancellationToken)
    {
        _askedAt = Stopwatch.GetTimestamp();
        return Batch.ExecuteReaderAsync(cancellationToken);
    }

    /// <inheritdoc cref="ExecuteReaderAsync"/>
    public NpgsqlDataReader ExecuteReader()
    {
        _askedAt = Stopwatch.GetTimestamp();
        return Batch.ExecuteReader();
    }

    /// <summary>Goes on behind the rows.</summary>
    /// <exception cref="NpgsqlException">The commit failed.</exception>
    public async ValueTask EndAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        try
        {
            await ReadPositionAsync(reader, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception) when (IsCommitted)
        {
            // As above.
        }
    }

    /// <inheritdoc cref="EndAsync"/>
    public void End(NpgsqlDataReader reader)
    {
        try
        {
            ReadPosition(reader);
        }
        catch (Exception) when (IsCommitted)
        {
            // As above.
        }
    }

    private async ValueTask ReadPositionAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        while (!IsPosition(reader))
        {
            if (!await reader.NextResultAsync(cancellationToken).ConfigureAwait(false))
                return;
        }

        if (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
            _token = _source.TokenOf(reader);
    }

    private void ReadPosition(NpgsqlDataReader reader)
    {
        while (!IsPosition(reader))
        {
            if (!reader.NextResult())
                return;
        }

        if (reader.Read())
            _token = _source.TokenOf(reader);
    }

    // Results of the statement before come first, also where its text has none: a rule may answer with rows.
    private static bool IsPosition(NpgsqlDataReader reader) => reader.FieldCount > 0 && reader.GetName(0) == NodeProbe.PositionColumn;
}
