using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>What one body does to a database, apart from what the methods that it calls do.</summary>
internal sealed class BodyFacts(IReadOnlyList<SqlSite> sql, IReadOnlyList<ApiSite> apis, IReadOnlyList<CallSite> calls)
{
    public static readonly BodyFacts Nothing = new([], [], []);

    private readonly Lazy<bool> _takesTexts = new(() =>
        sql.Any(static s => s.Texts.IsOpen) || calls.Any(static c => c.Arguments.Value.Values.Any(static t => t.IsOpen)));

    private readonly Lazy<HashSet<ISymbol>> _decisive = new(() => new(
        sql.SelectMany(static s => s.Guards.Concat(s.Texts.Guards)).Concat(apis.SelectMany(static a => a.Guards)).Concat(calls.SelectMany(static c => c.Guards))
            .Concat(calls.SelectMany(static c => c.Arguments.Value.Values.SelectMany(static t => t.Guards)))
            .Select(static g => g.Parameter).OfType<IParameterSymbol>()
            .Concat(calls.SelectMany(static c => c.Constants.Select(static a => a.From).OfType<IParameterSymbol>()))
            .Concat(sql.Select(static s => s.Texts).Concat(calls.SelectMany(static c => c.Arguments.Value.Values)).SelectMany(static t => t.Holders).OfType<IParameterSymbol>()),
        SymbolEqualityComparer.Default));

    /// <summary>The SQL that is given to something.</summary>
    public IReadOnlyList<SqlSite> Sql { get; } = sql;

    /// <summary>The calls that do something of their own.</summary>
    public IReadOnlyList<ApiSite> Apis { get; } = apis;

    /// <summary>The calls of methods whose bodies are at hand.</summary>
    public IReadOnlyList<CallSite> Calls { get; } = calls;

    /// <summary>Whether SQL in it depends on what the method is given.</summary>
    public bool TakesTexts => _takesTexts.Value;

    /// <summary>Whether it asks a database.</summary>
    public bool Reads => Sql.Count > 0 || Apis.Any(static a => a.Effect == ApiEffect.Reads);

    /// <summary>The parameters whose constant values decide what of it runs.</summary>
    public HashSet<ISymbol> Decisive => _decisive.Value;

    public bool IsNothing => Sql.Count == 0 && Apis.Count == 0 && Calls.Count == 0;
}

/// <summary>SQL that is given to a method or property.</summary>
/// <param name="Texts">What it may be, as far as the body tells.</param>
/// <param name="Syntax">The expression.</param>
/// <param name="Api">What takes it.</param>
/// <param name="IsRoutine">Whether it names a stored procedure.</param>
/// <param name="IsNonQuery">Whether it is meant to return no rows.</param>
/// <param name="IsReturned">Whether it is the text of a command that the method returns and doesn't run.</param>
internal sealed record SqlSite(SqlTexts Texts, SyntaxNode Syntax, string Api, bool IsRoutine, bool IsNonQuery, bool IsReturned = false)
{
    /// <summary>What holds wherever it runs.</summary>
    public IReadOnlyList<ValueGuard> Guards { get; init; } = [];
}

/// <summary>A call that does something by itself.</summary>
/// <param name="Effect">What it does.</param>
/// <param name="Syntax">The call.</param>
/// <param name="Name">The method's name.</param>
/// <param name="IsOfParameter">Whether it runs a command or delegate that is a parameter: then the caller knows what it runs.</param>
internal sealed record ApiSite(ApiEffect Effect, SyntaxNode Syntax, string Name, bool IsOfParameter = false)
{
    /// <summary>What holds wherever it runs.</summary>
    public IReadOnlyList<ValueGuard> Guards { get; init; } = [];
}

/// <summary>A call of a method in source.</summary>
/// <param name="Target">The method.</param>
/// <param name="Syntax">The call.</param>
/// <param name="Receiver">The static type of the object; null for <c>this</c>, <c>base</c> and static methods.</param>
/// <param name="IsOnThis">Whether the object is the one that the caller runs on.</param>
/// <param name="IsVirtual">Whether the object's type decides which method runs.</param>
/// <param name="Arguments">The texts of the arguments that may be SQL, by the ordinal of their parameter.</param>
internal sealed record CallSite(
    IMethodSymbol Target, SyntaxNode Syntax, INamedTypeSymbol? Receiver, bool IsOnThis, bool IsVirtual, Lazy<IReadOnlyDictionary<int, SqlTexts>> Arguments)
{
    /// <summary>What holds wherever it runs.</summary>
    public IReadOnlyList<ValueGuard> Guards { get; init; } = [];

    /// <summary>The arguments that are constants, or parameters of the caller that may be.</summary>
    public IReadOnlyList<ConstantArgument> Constants { get; init; } = [];

    /// <summary>Whether the method is one of several that the call may run.</summary>
    public bool IsChosen { get; init; }

    /// <summary>Whether it is made on each object of a collection that its class was given: then every method runs that it may run.</summary>
    public bool IsOnEach { get; init; }

    /// <summary>Whether the object is of no class below the receiver's.</summary>
    public bool IsExact { get; init; }

    /// <summary>The creation of the object, where that is always the same.</summary>
    public IObjectCreationOperation? Created { get; init; }

    /// <summary>Whether it is a member that an object initializer gives its value: then the object isn't the caller's.</summary>
    public bool IsOnNew { get; init; }

    /// <summary>What type parameters of the method and its type are, which have to be of a type of the source.</summary>
    public IReadOnlyList<(ITypeParameterSymbol Parameter, ITypeSymbol Argument)> Types { get; init; } = [];

    /// <summary>The caller's type parameter whose type's method runs, be it a static one or that of a new object.</summary>
    public ITypeParameterSymbol? TypeParameter { get; init; }

    /// <summary>Whether it hands over something that reaches the database.</summary>
    public bool HandsConnection { get; init; }

    /// <summary>A clause that says why the call may leave the method out, should it write; null where the call runs it.</summary>
    public string? Doubt { get; init; }

    /// <summary>Whether it makes a command that is run for no rows.</summary>
    public bool IsNonQuery { get; init; }

    /// <summary>Whether what it makes is what the method returns.</summary>
    public bool IsReturned { get; init; }
}
