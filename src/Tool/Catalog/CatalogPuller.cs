using System.Data;
using CompileTimeRouting.Sql;
using Npgsql;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary>
/// Reads a database's catalogs, in one read-only snapshot that a standby grants as well. Bodies and definitions are
/// analyzed here: what is kept is what they do, not their text.
/// </summary>
internal sealed class CatalogPuller
{
    private readonly NpgsqlConnection _connection;
    private readonly IReadOnlyList<string>? _schemas;
    private readonly CancellationToken _cancellationToken;
    private bool _standardConformingStrings = true;

    private CatalogPuller(NpgsqlConnection connection, IReadOnlyList<string>? schemas, CancellationToken cancellationToken)
    {
        _cancellationToken = cancellationToken;
        _connection = connection;
        _schemas = schemas;
    }

    /// <summary>Pulls the catalog.</summary>
    /// <param name="connection">An open session without a transaction, on a primary or standby of PostgreSQL 15 or later.</param>
    /// <param name="schemas">The schemas to look at; null for all but the system's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CommandException">The server is too old.</exception>
    /// <exception cref="NpgsqlException">The server refuses, or is gone.</exception>
    public static async Task<SqlCatalog> PullAsync(NpgsqlConnection connection, IReadOnlyList<string>? schemas, CancellationToken cancellationToken)
    {
        var puller = new CatalogPuller(connection, schemas, cancellationToken);
        // The setting of the empty path ends with the transaction.
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        return await puller.PullAsync();
    }

    private async Task<SqlCatalog> PullAsync()
    {
        await RunAsync("set transaction read only");
        var settings = await RowsAsync(CatalogQueries.Settings, static r => (Path: Texts(r, 0), Version: r.GetInt32(1), Conforming: r.GetBoolean(2)));
        var (path, version, conforming) = settings[0];
        if (version < 150000)
            throw new CommandException($"The server is PostgreSQL {version / 10000}, and the catalog can be pulled from 15 on.");
        _standardConformingStrings = conforming;
        await RunAsync("set local search_path = ''");
        if (_schemas is not null)
        {
            var there = await RowsAsync(CatalogQueries.SchemasThere, static r => r.GetString(0));
            if (_schemas.Except(there, StringComparer.Ordinal).FirstOrDefault() is { } missing)
                throw new CommandException($"The database has no schema '{missing}', or it is the system's. Check --schemas; names are taken as they stand, upper case included.");
        }

        var functions = await FunctionsAsync();
        var relations = await RelationsAsync();
        var known = functions.Select(static f => new SqlObjectName(f.Schema, f.Name, 0, 0).ToString()).ToHashSet(StringComparer.Ordinal);
        var operators = await RowsAsync(
            CatalogQueries.Operators, static r => new SqlCatalogOperator { Name = r.GetString(0), Function = Name(r.GetString(1)) });
        var enums = await RowsAsync(
            CatalogQueries.Enums, static r => new SqlCatalogEnum { Schema = r.GetString(0), Name = r.GetString(1), Labels = Texts(r, 2) });
        return new SqlCatalog(
            path,
            [.. functions.OrderBy(static f => f.Schema, StringComparer.Ordinal).ThenBy(static f => f.Name, StringComparer.Ordinal).ThenBy(static f => f.ToString(), StringComparer.Ordinal)],
            [.. relations.OrderBy(static r => r.Schema, StringComparer.Ordinal).ThenBy(static r => r.Name, StringComparer.Ordinal)],
            [.. operators.Where(o => known.Contains(o.Function.ToString())).OrderBy(static o => o.Name, StringComparer.Ordinal).ThenBy(static o => o.Function.ToString(), StringComparer.Ordinal)],
            [.. enums.OrderBy(static e => e.Schema, StringComparer.Ordinal).ThenBy(static e => e.Name, StringComparer.Ordinal)]);
    }

    private async Task<List<SqlCatalogFunction>> FunctionsAsync()
    {
        var rows = await RowsAsync(CatalogQueries.Functions, FunctionRow.Read);
        // What an extension brings and the package knows by name needs no entry.
        rows.RemoveAll(static r => r.IsOfExtension && SqlFunctionCatalog.Role(r.Schema, r.Name) != SqlFunctionRole.Unknown);
        var names = rows.Select(static r => r.Name).ToHashSet(StringComparer.Ordinal);
        return rows.ConvertAll(row =>
        {
            var body = CatalogBodies.OfFunction(row, _standardConformingStrings);
            return new SqlCatalogFunction
            {
                Schema = row.Schema,
                Name = row.Name,
                Kind = row.Kind,
                Volatility = row.Volatility,
                Language = row.Language,
                Arguments = row.Arguments,
                Defaults = row.Defaults,
                IsVariadic = row.IsVariadic,
                Route = body?.Route ?? SqlRoute.Replica,
                IsRefused = body?.IsRefused ?? false,
                Reason = body?.Reason,
                Reads = CatalogBodies.Sorted(body?.Reads),
                Writes = CatalogBodies.Sorted(body?.Writes),
                Calls = CatalogBodies.Sorted(
                    body?.Calls.Where(c => SqlFunctionCatalog.Role(c.Schema, c.Name) == SqlFunctionRole.Unknown || names.Contains(c.Name)) ?? row.AggregateCalls),
                SearchPath = row.SearchPath,
            };
        });
    }

    private async Task<List<SqlCatalogRelation>> RelationsAsync()
    {
        var columns = await ByRelationAsync(
            CatalogQueries.Columns, static r => new SqlCatalogColumn { Name = r.GetString(1), Type = r.GetString(2), IsNotNull = r.GetBoolean(3) });
        var triggers = await ByRelationAsync(
            CatalogQueries.Triggers, static r => new SqlCatalogTrigger { Name = r.GetString(1), Events = CatalogCodes.TriggerEvents(r.GetInt32(2)), Function = Name(r.GetString(3)) });
        var rules = await ByRelationAsync(CatalogQueries.Rules, Rule);
        var keys = await ByRelationAsync(CatalogQueries.ForeignKeys, static r => new SqlCatalogForeignKey
        {
            Name = r.GetString(1),
            Columns = Texts(r, 2),
            References = Name(r.GetString(3)),
            OnDelete = CatalogCodes.Action(r.GetString(4)),
            OnUpdate = CatalogCodes.Action(r.GetString(5)),
        });
        var parents = await ByRelationAsync(
            CatalogQueries.Parents, static r => (Parent: r.GetFieldValue<uint>(1), Name: Name(r.GetString(2)), IsUnlogged: r.GetBoolean(3)));
        var overUnlogged = OverUnlogged(parents);
        return await RowsAsync(CatalogQueries.Relations, r =>
        {
            var id = r.GetFieldValue<uint>(0);
            var kind = CatalogCodes.RelationKind(r.GetString(3));
            var definition = CatalogBodies.OfRelation(r.IsDBNull(5) ? null : r.GetString(5), Texts(r, 6), _standardConformingStrings);
            return new SqlCatalogRelation
            {
                Schema = r.GetString(1),
                Name = r.GetString(2),
                Kind = kind,
                IsUnlogged = r.GetString(4) == "u" || overUnlogged.Contains(id),
                Route = definition.Route,
                IsRefused = definition.IsRefused,
                Reason = definition.Reason,
                Reads = CatalogBodies.Sorted(definition.Reads.Where(CatalogBodies.IsOfUser)),
                Calls = CatalogBodies.Sorted(definition.Calls.Where(CatalogBodies.IsOfUser)),
                Columns = columns[id].ToList(),
                Parents = CatalogBodies.Sorted(parents[id].Select(static p => p.Name)),
                Triggers = triggers[id].OrderBy(static t => t.Name, StringComparer.Ordinal).ToList(),
                Rules = rules[id].OrderBy(static x => x.Name, StringComparer.Ordinal).ToList(),
                ForeignKeys = keys[id].OrderBy(static k => k.Name, StringComparer.Ordinal).ToList(),
            };
        });
    }

    private SqlCatalogRule Rule(NpgsqlDataReader row)
    {
        var action = CatalogBodies.OfRule(row.GetString(5), _standardConformingStrings);
        return new SqlCatalogRule
        {
            Name = row.GetString(1),
            Events = CatalogCodes.RuleEvents(row.GetString(2)),
            IsInstead = row.GetBoolean(3),
            IsConditional = row.GetBoolean(4),
            IsNothing = action is null,
            Reads = CatalogBodies.Sorted(action?.Reads.Where(CatalogBodies.IsOfUser)),
            Writes = CatalogBodies.Sorted(action?.Writes),
            Calls = CatalogBodies.Sorted(action?.Calls.Where(CatalogBodies.IsOfUser)),
        };
    }

    /// <summary>The tables over an unlogged partition or child: reading them reads that one.</summary>
    private static HashSet<uint> OverUnlogged(ILookup<uint, (uint Parent, SqlObjectName Name, bool IsUnlogged)> parents)
    {
        var found = new HashSet<uint>();
        var pending = new Stack<uint>(parents.SelectMany(static g => g.Where(static p => p.IsUnlogged).Select(static p => p.Parent)));
        while (pending.TryPop(out var relation))
        {
            if (!found.Add(relation))
                continue;
            foreach (var (parent, _, _) in parents[relation])
                pending.Push(parent);
        }

        return found;
    }

    private async Task<ILookup<uint, T>> ByRelationAsync<T>(string query, Func<NpgsqlDataReader, T> read)
    {
        var rows = await RowsAsync(query, r => (Id: r.GetFieldValue<uint>(0), Value: read(r)));
        return rows.ToLookup(static r => r.Id, static r => r.Value);
    }

    private async Task<List<T>> RowsAsync<T>(string query, Func<NpgsqlDataReader, T> read)
    {
        await using var command = new NpgsqlCommand(query, _connection);
        if (query.Contains("$1", StringComparison.Ordinal))
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)_schemas?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text });
        await using var reader = await command.ExecuteReaderAsync(_cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(_cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync(_cancellationToken);
    }

    private static string[] Texts(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? [] : row.GetFieldValue<string[]>(column);

    private static SqlObjectName Name(string text) => SqlCatalogWords.Name(text) ?? new SqlObjectName(null, text, 0, 0);
}
