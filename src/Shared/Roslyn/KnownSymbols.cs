using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// The types the rules speak of, resolved once per compilation, with what was learned of the compilation's own types, so
/// that a thousand methods of one class don't render its name a thousand times.
/// </summary>
internal sealed class KnownSymbols
{
    private static readonly ConditionalWeakTable<Compilation, Holder> PerCompilation = new();

    private readonly ConcurrentDictionary<ITypeSymbol, TypeFacts> _types = new(SymbolEqualityComparer.IncludeNullability);
    private readonly ConcurrentDictionary<INamedTypeSymbol, ContainingTypeFacts> _containingTypes = new(SymbolEqualityComparer.Default);
    private readonly HashSet<INamedTypeSymbol> _connectionBound;
    private readonly HashSet<INamedTypeSymbol> _lazy;

    private KnownSymbols(Compilation compilation, INamedTypeSymbol dataSource, INamedTypeSymbol readQuery, INamedTypeSymbol writeCommand)
    {
        Compilation = compilation;
        RoutedDataSource = dataSource;
        ReadQuery = readQuery;
        WriteCommand = writeCommand;
        ReadConsistency = Type("CompileTimeRouting.ReadConsistency");
        OverloadPolicy = Type("CompileTimeRouting.OverloadPolicy");
        IsolationLevel = Type("System.Data.IsolationLevel");
        NpgsqlConnection = Type("Npgsql.NpgsqlConnection");
        DbConnection = Type("System.Data.Common.DbConnection");
        DbContext = Type("Microsoft.EntityFrameworkCore.DbContext");
        RoutedDbContextFactory = Type("CompileTimeRouting.EntityFrameworkCore.RoutedDbContextFactory`1");
        Queryable = Type("System.Linq.IQueryable");
        CancellationToken = Type("System.Threading.CancellationToken");
        Task = Type("System.Threading.Tasks.Task");
        TaskOfT = Type("System.Threading.Tasks.Task`1");
        ValueTask = Type("System.Threading.Tasks.ValueTask");
        ValueTaskOfT = Type("System.Threading.Tasks.ValueTask`1");
        AsyncEnumerable = Type("System.Collections.Generic.IAsyncEnumerable`1");
        EnumeratorCancellation = Type("System.Runtime.CompilerServices.EnumeratorCancellationAttribute");
        Experimental = Type("System.Diagnostics.CodeAnalysis.ExperimentalAttribute");
        _connectionBound = TypesOf(
            "System.Data.Common.DbConnection",
            "System.Data.Common.DbDataReader",
            "System.Data.Common.DbCommand",
            "System.Data.Common.DbBatch",
            "System.Data.Common.DbTransaction",
            "System.Data.IDbConnection",
            "System.Data.IDataReader",
            "System.Data.IDbCommand",
            "System.Data.IDbTransaction",
            "Microsoft.EntityFrameworkCore.DbContext",
            "Npgsql.NpgsqlBinaryExporter",
            "Npgsql.NpgsqlBinaryImporter",
            "Npgsql.NpgsqlRawCopyStream",
            "Dapper.SqlMapper+GridReader");
        _lazy = TypesOf(
            "System.Collections.IEnumerable",
            "System.Collections.IEnumerator",
            "System.Collections.Generic.IEnumerable`1",
            "System.Collections.Generic.IEnumerator`1",
            "System.Collections.Generic.IAsyncEnumerable`1",
            "System.Collections.Generic.IAsyncEnumerator`1",
            "System.Linq.IOrderedEnumerable`1",
            "System.Lazy`1",
            "System.Threading.Tasks.Task",
            "System.Threading.Tasks.Task`1",
            "System.Threading.Tasks.ValueTask",
            "System.Threading.Tasks.ValueTask`1");
    }

    public Compilation Compilation { get; }

    public INamedTypeSymbol RoutedDataSource { get; }

    public INamedTypeSymbol ReadQuery { get; }

    public INamedTypeSymbol WriteCommand { get; }

    public INamedTypeSymbol? ReadConsistency { get; }

    public INamedTypeSymbol? OverloadPolicy { get; }

    public INamedTypeSymbol? IsolationLevel { get; }

    public INamedTypeSymbol? NpgsqlConnection { get; }

    public INamedTypeSymbol? DbConnection { get; }

    public INamedTypeSymbol? DbContext { get; }

    public INamedTypeSymbol? RoutedDbContextFactory { get; }

    public INamedTypeSymbol? Queryable { get; }

    public INamedTypeSymbol? CancellationToken { get; }

    public INamedTypeSymbol? Task { get; }

    public INamedTypeSymbol? TaskOfT { get; }

    public INamedTypeSymbol? ValueTask { get; }

    public INamedTypeSymbol? ValueTaskOfT { get; }

    public INamedTypeSymbol? AsyncEnumerable { get; }

    public INamedTypeSymbol? EnumeratorCancellation { get; }

    public INamedTypeSymbol? Experimental { get; }

    /// <summary>The symbols of a compilation; null where it doesn't reference the runtime.</summary>
    public static KnownSymbols? For(Compilation compilation) =>
        PerCompilation.GetValue(compilation, static c => new Holder(Create(c))).Symbols;

    /// <summary>What was learned of a type, its nullability included.</summary>
    public TypeFacts Facts(ITypeSymbol type) =>
        _types.TryGetValue(type, out var facts) ? facts : _types.GetOrAdd(type, new TypeFacts(type, this));

    /// <summary>What was learned of a type that declares routed methods.</summary>
    public ContainingTypeFacts ContainingType(INamedTypeSymbol type) =>
        _containingTypes.TryGetValue(type, out var facts) ? facts : _containingTypes.GetOrAdd(type, new ContainingTypeFacts(type, this));

    /// <summary>Whether a core can take its connection as a parameter of this type.</summary>
    public bool IsConnection(ITypeSymbol type) => Is(type, NpgsqlConnection) || Is(type, DbConnection);

    /// <summary>Whether this is EF's <c>DbContext</c> or derives from it. A type parameter of a class may stand for one.</summary>
    public bool IsDbContext(ITypeSymbol type) => DbContext is not null && IsOrDerivesFrom(type, DbContext);

    /// <summary>Whether it can be the first parameter of a core: what a shim opens for it.</summary>
    public bool IsOpened(ITypeSymbol type) => IsConnection(type) || IsDbContext(type);

    /// <summary>Whether a value of the type can open the first parameter of a core.</summary>
    /// <param name="source">The type of a member or constructor parameter.</param>
    /// <param name="context">The context class that the core takes; null where it takes a connection.</param>
    public bool IsSource(ITypeSymbol source, ITypeSymbol? context) => context is null
        ? Is(source, RoutedDataSource)
        : ContextOf(source) is { } made && IsOrDerivesFrom(made, context);

    /// <summary>The context class that a factory of this type makes; null for any other type.</summary>
    public ITypeSymbol? ContextOf(ITypeSymbol type) =>
        type is INamedTypeSymbol { TypeArguments: [var context] } && Is(type.OriginalDefinition, RoutedDbContextFactory) ? context : null;

    private static bool IsOrDerivesFrom(ITypeSymbol type, ITypeSymbol ancestor)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (SymbolEqualityComparer.Default.Equals(t, ancestor))
                return true;
        }

        return type is ITypeParameterSymbol { TypeParameterKind: TypeParameterKind.Type } parameter &&
            parameter.ConstraintTypes.Any(constraint => IsOrDerivesFrom(constraint, ancestor));
    }

    /// <summary>Whether values of the type, given unconstructed, are of no use without an open connection.</summary>
    public bool IsConnectionBound(INamedTypeSymbol type) => _connectionBound.Contains(type);

    /// <summary>Whether values of the type, given unconstructed, may do their work after the method has returned.</summary>
    public bool IsLazy(INamedTypeSymbol type) => _lazy.Contains(type);

    public bool IsCancellationToken(ITypeSymbol type) => Is(type, CancellationToken);

    /// <summary>Whether two types are the same but for nullability.</summary>
    public static bool Is(ITypeSymbol? type, INamedTypeSymbol? known) =>
        known is not null && SymbolEqualityComparer.Default.Equals(type, known);

    private static KnownSymbols? Create(Compilation compilation) =>
        compilation.GetTypeByMetadataName("CompileTimeRouting.RoutedDataSource") is { } dataSource &&
        compilation.GetTypeByMetadataName("CompileTimeRouting.ReadQueryAttribute") is { } readQuery &&
        compilation.GetTypeByMetadataName("CompileTimeRouting.WriteCommandAttribute") is { } writeCommand
            ? new KnownSymbols(compilation, dataSource, readQuery, writeCommand)
            : null;

    private INamedTypeSymbol? Type(string metadataName) => Compilation.GetTypeByMetadataName(metadataName);

    private HashSet<INamedTypeSymbol> TypesOf(params string[] metadataNames)
    {
        var types = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        foreach (var name in metadataNames)
        {
            if (Type(name) is { } type)
                types.Add(type);
        }

        return types;
    }

    // The table holds no null, but a compilation without the runtime must be asked once only, too.
    private sealed class Holder(KnownSymbols? symbols)
    {
        public KnownSymbols? Symbols { get; } = symbols;
    }
}
