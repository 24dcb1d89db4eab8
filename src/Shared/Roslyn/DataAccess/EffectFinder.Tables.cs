using System.Collections.Concurrent;
using CompileTimeRouting.Roslyn.DataAccess.Tables;
using CompileTimeRouting.Roslyn.Statements;
using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Which tables methods read and write.</content>
internal sealed partial class EffectFinder
{
    private readonly ConcurrentDictionary<IMethodSymbol, TableAccess> _tables = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<string, SqlEffects> _texts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TableAccess> _tablesOfTexts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<IMethodSymbol, IReadOnlyList<EntityUse>> _entities = new(SymbolEqualityComparer.Default);
    private readonly PublishedTables _publishedTables = new();
    private EntityTables? _entityTables;

    public SourceModel Source => _source;

    public Implementations Implementations => _implementations;

    /// <summary>The tables that a routed method's work uses, as far as they are known.</summary>
    /// <param name="method">The method that has the attribute, of this assembly or another.</param>
    /// <param name="cancellationToken">Cancels the reading of bodies.</param>
    public TableAccess RoutedTables(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (_tables.TryGetValue(method, out var tables))
            return tables;
        var (read, write) = RoutingAttributes.Find(method, _known);
        if ((read ?? write) is not { } attribute)
            return TableAccess.None;
        tables = AttributeSql.Value(attribute) is { } sql ? Tables(sql)
            : method.DeclaringSyntaxReferences.IsEmpty ? _publishedTables.Of(method)
            : Core(method) is { } core ? Reached(new State(core, null, State.NoBindings, null, null), cancellationToken)
            : TableAccess.None;
        return _tables.GetOrAdd(method, tables);
    }

    /// <summary>The tables of a text.</summary>
    public TableAccess Tables(string sql) => _tablesOfTexts.GetOrAdd(sql, text => SqlTables.Of(Read(text), _catalog));

    /// <summary>The tables that SQL in a body names, whichever of its texts it is.</summary>
    public TableAccess Tables(SqlSite site)
    {
        var tables = new TableSet();
        Add(site.Texts, tables);
        return tables.ToAccess();
    }

    /// <summary>What a body does, by itself.</summary>
    public BodyFacts Body(IMethodSymbol method, CancellationToken cancellationToken) => Facts(method, cancellationToken);

    /// <summary>What is used of EF Core's entities in a body; nothing where the project has no EF Core.</summary>
    public IReadOnlyList<EntityUse> Entities(IMethodSymbol method, CancellationToken cancellationToken)
    {
        if (_known.DbContext is null)
            return [];
        return _entities.TryGetValue(method, out var uses)
            ? uses
            : _entities.GetOrAdd(method, _source.Body(method, cancellationToken) is { } body ? EntityReader.Read(body, _known, OfEntities.IsEntity) : []);
    }

    /// <summary>The names that the table of an entity may have.</summary>
    public IReadOnlyList<TableName> Tables(EntityUse use) =>
        use.Entity is null ? [] : OfEntities.Of(use.Entity, use.Set);

    private EntityTables OfEntities => LazyInitializer.EnsureInitialized(ref _entityTables, () => new EntityTables(_source))!;

    /// <summary>
    /// What a call of a method in source comes to, with the texts that it is given; for one that only hands on what its caller
    /// says.
    /// </summary>
    public TableAccess Tables(IMethodSymbol caller, CallSite call, CancellationToken cancellationToken)
    {
        var tables = new TableSet();
        var from = new State(caller, null, State.NoBindings, null, null);
        foreach (var target in Targets(call, from))
        {
            if (SourceModel.IsInSource(target) && UsesTexts(target))
                tables.Add(Reached(Enter(call, from, target), cancellationToken));
        }

        return tables.ToAccess();
    }

    /// <summary>The methods that a call in a body may run.</summary>
    public IReadOnlyList<IMethodSymbol> Targets(IMethodSymbol caller, CallSite call) => Targets(call, new State(caller, null, State.NoBindings, null, null));

    // Each text is judged and asked for its tables, and found in more than one place.
    private SqlEffects Read(string sql) => _texts.GetOrAdd(sql, text => SqlEffects.Analyze(text, SqlJudge.Options(_catalog)));

    private IMethodSymbol? Core(IMethodSymbol method)
    {
        var isGenerated = method.PartialImplementationPart is { } part && GeneratedMembers.IsGenerated(part);
        if (!method.IsPartialDefinition || (method.PartialImplementationPart is not null && !isGenerated))
            return method;
        return CoreFinder.Find(method, _known).Core?.OriginalDefinition;
    }

    private TableAccess Reached(State start, CancellationToken cancellationToken)
    {
        var tables = new TableSet();
        var entities = new List<EntityUse>();
        var visited = new HashSet<(IMethodSymbol, INamedTypeSymbol?, string)> { start.Key };
        var pending = new Queue<State>();
        pending.Enqueue(start);
        while (pending.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var state = pending.Dequeue();
            var facts = Facts(state.Method, cancellationToken);
            foreach (var site in facts.Sql)
                Add(site.IsRoutine ? SqlTexts.None : site.Texts.Bind(s => Fill(s, state, site.Syntax)), tables);
            entities.AddRange(Entities(state.Method, cancellationToken));
            if (state.Depth >= MaxDepth)
                continue;
            foreach (var call in facts.Calls)
            {
                foreach (var target in Targets(call, state))
                {
                    if (SourceModel.IsInSource(target) && visited.Count < MaxMethods && Enter(call, state, target) is var next && visited.Add(next.Key))
                        pending.Enqueue(next);
                }
            }
        }

        Add(entities, tables);
        return tables.ToAccess();
    }

    private void Add(SqlTexts texts, TableSet tables)
    {
        foreach (var text in texts.Alternatives)
            tables.Add(Tables(text.Rendered));
    }

    // What is tracked is written where something saves.
    private void Add(List<EntityUse> uses, TableSet tables)
    {
        var isSaved = uses.Any(static u => u.Kind == EntityUseKind.Saved);
        var isAnyNoted = uses.Any(static u => u.Kind == EntityUseKind.Tracked);
        foreach (var use in uses)
        {
            foreach (var table in Tables(use))
            {
                if (use.Kind is EntityUseKind.Read or EntityUseKind.ReadTracked)
                    tables.Read(table);
                if (use.Kind == EntityUseKind.Written || (isSaved && use.IsWrittenBySave(isAnyNoted)))
                    tables.Write(table);
            }
        }
    }
}
