using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Methods of collections that take out one text or make one of all.</content>
internal sealed partial class SqlTextReader
{
    /// <summary>More elements than that make no text that anybody writes.</summary>
    private const int MostElements = 64;

    // What a lambda's parameters are while its body is read for one element.
    private readonly Dictionary<ISymbol, SqlTexts> _given = new(SymbolEqualityComparer.Default);

    private SqlTexts? ReadFromCollection(IInvocationOperation call) => call switch
    {
        { TargetMethod: { Name: "GetValueOrDefault", ContainingType.Name: "CollectionExtensions" }, Arguments: [var dictionary, var key, ..] others } =>
            others.Skip(2).Aggregate(ReadElement(dictionary.Value, key.Value), (texts, other) => texts.Or(Read(other.Value))),
        { TargetMethod: { Name: "Aggregate", ContainingType.Name: "Enumerable" }, Arguments: [var all, .., var function], Arguments.Length: 2 or 3 } =>
            ReadFolded(all.Value, call.Arguments.Length == 3 ? call.Arguments[1].Value : null, function.Value),
        { TargetMethod: { Name: "GetOrAdd", ContainingType.Name: "ConcurrentDictionary" }, Instance: { } cache, Arguments: [var key, _] } => ReadCached(cache, key.Value),
        _ => null,
    };

    // parts.Aggregate((all, part) => all + part), of a list that is written out.
    private SqlTexts? ReadFolded(IOperation all, IOperation? seed, IOperation function)
    {
        if (Lambda(function) is not { Symbol.Parameters: [var before, var element] } lambda || Returned(lambda.Body).ToArray() is not [var result] ||
            Written(BodyReader.Unwrap(all)) is not { } written || InOrder(written) is not { Length: > 0 and <= MostElements } elements)
        {
            return null;
        }

        // (all, part) => { all += part; return all; }
        var guards = _source.Index(lambda).Guards;
        if (guards.IsChanged(before) || guards.IsChanged(element))
            return null;
        var texts = seed is null ? Read(elements[0]) : Read(seed);
        foreach (var next in elements.Skip(seed is null ? 1 : 0))
        {
            (_given[before], _given[element]) = (texts, Read(next));
            texts = Read(result);
        }

        _given.Remove(before);
        _given.Remove(element);
        return texts;
    }

    // What a private cache may have under a key: it holds nothing but what it is given by calls like this one.
    private SqlTexts? ReadCached(IOperation cache, IOperation key)
    {
        if (cache is not IMemberReferenceOperation { Member: { DeclaredAccessibility: Accessibility.Private, OriginalDefinition: var member } } || !FixedMember.IsLasting(member) ||
            Initializer(member) is not { } initializer || BodyReader.Unwrap(initializer) is not IObjectCreationOperation { Initializer: null or { Initializers.IsEmpty: true } } created ||
            !created.Arguments.All(static a => a.Parameter?.Type is { SpecialType: SpecialType.System_Int32 } or { Name: "IEqualityComparer" }))
        {
            return null;
        }

        var values = new List<IOperation>();
        foreach (var name in NamedInItsType(member))
        {
            if (IsReading(name))
                continue;
            ExpressionSyntax at = name.Parent is MemberAccessExpressionSyntax qualified && qualified.Name == name ? qualified : name;
            if (at.Parent is not MemberAccessExpressionSyntax { Name.Identifier.ValueText: "GetOrAdd", Parent: InvocationExpressionSyntax place } access || access.Expression != at ||
                _source.Operation(place, _cancellationToken) is not IInvocationOperation { Arguments: [var otherKey, var given] })
            {
                return null;
            }

            if (!created.Arguments.IsEmpty || key.ConstantValue is not { HasValue: true, Value: var wanted } || otherKey.Value.ConstantValue is not { HasValue: true, Value: var other } || Equals(wanted, other))
                values.AddRange(Lambda(given.Value) is { } maker ? Returned(maker.Body) : [given.Value]);
        }

        // What another call was given with its parameters isn't known here.
        var texts = Guarded(member, cache, () => values.Aggregate(SqlTexts.None, (all, value) => all.Or(Read(value))));
        return texts.Alternatives.Count == 0 || texts.IsOpen ? null : texts.WithoutGuards();
    }
}
