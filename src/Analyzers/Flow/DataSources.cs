using System.Collections.Concurrent;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.DataAccess;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// Tells data sources apart by what dependency injection is asked for: <c>[FromKeyedServices("reports")] RoutedDataSource db</c> is
/// another one than <c>RoutedDataSource db</c>. Safe to ask from many threads.
/// </summary>
internal sealed class DataSources(KnownSymbols known, SourceModel source)
{
    /// <summary>The name of the one without a key.</summary>
    public const string Default = "";

    private readonly ConcurrentDictionary<INamedTypeSymbol, string?> _ofTypes = new(SymbolEqualityComparer.Default);

    /// <summary>The data source of a routed method; null where it isn't known.</summary>
    public string? Of(IMethodSymbol method)
    {
        var type = method.ContainingType.OriginalDefinition;
        return _ofTypes.TryGetValue(type, out var name) ? name : _ofTypes.GetOrAdd(type, OfType(type));
    }

    /// <summary>The data source that an expression stands for; null where it isn't known.</summary>
    public string? Of(IOperation? operation)
    {
        while (operation is IConversionOperation conversion)
            operation = conversion.Operand;
        return operation switch
        {
            IParameterReferenceOperation parameter => Of(parameter.Parameter),
            IFieldReferenceOperation field => Of(field.Field),
            IPropertyReferenceOperation property => Of(property.Property),
            ILocalReferenceOperation { Local.DeclaringSyntaxReferences: [var declaration] } when declaration.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } value } =>
                Of(source.Operation(value, CancellationToken.None)),
            IInvocationOperation call => Of(call),
            _ => null,
        };
    }

    /// <summary>Whether code makes objects of a type by itself: then they may have any data source.</summary>
    public bool IsMadeByHand(INamedTypeSymbol type) => source.Creations(type.Name, CancellationToken.None).Any();

    private string? OfType(INamedTypeSymbol type)
    {
        if (type.DeclaringSyntaxReferences.IsEmpty || known.ContainingType(type).Source(staticOnly: false) is not { Expression: not null, Candidates: [var name] })
            return null;
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.GetMembers(name).FirstOrDefault(static m => m is IFieldSymbol or IPropertySymbol) is { } member)
                return Of(member);
        }

        return type.InstanceConstructors.SelectMany(static c => c.Parameters).FirstOrDefault(p => p.Name == name) is { } parameter ? Of(parameter) : null;
    }

    private static string? Of(ISymbol symbol)
    {
        if (symbol is IParameterSymbol parameter)
            return Of(parameter);
        if (symbol.IsStatic)
            return null;
        // What it gets is the parameter of a constructor, always the same one.
        var given = Given(symbol).Select(value => Parameter(value, symbol.ContainingType)).ToList();
        return given.Count > 0 && given.TrueForAll(static p => p is not null) && given.Select(static p => Of(p!)).Distinct().ToList() is [var name] ? name : null;
    }

    private static string? Of(IParameterSymbol parameter)
    {
        foreach (var attribute in parameter.GetAttributes())
        {
            if (attribute is { AttributeClass.Name: "FromKeyedServicesAttribute", ConstructorArguments: [{ Kind: not TypedConstantKind.Array, Value: { } key }] })
                return Name(key);
            if (attribute.AttributeClass?.Name is "FromServicesAttribute")
                return Default;
        }

        return parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? Default : null;
    }

    private static string? Of(IInvocationOperation call) => call.TargetMethod.Name switch
    {
        "GetRequiredService" or "GetService" => Default,
        "GetRequiredKeyedService" or "GetKeyedService" when call.Arguments is [.., { Value: var key }] => Constant(key) is { } value ? Name(value) : null,
        _ => null,
    };

    private static object? Constant(IOperation value) =>
        value is IConversionOperation { Operand: var operand } ? Constant(operand) : value.ConstantValue is { HasValue: true, Value: { } constant } ? constant : null;

    private static string Name(object key) => $"{key.GetType().Name} {key}";

    private static IEnumerable<ExpressionSyntax> Given(ISymbol member)
    {
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            if (reference.GetSyntax() is VariableDeclaratorSyntax { Initializer.Value: { } ofField })
                yield return ofField;
            else if (reference.GetSyntax() is PropertyDeclarationSyntax property && (property.Initializer?.Value ?? property.ExpressionBody?.Expression) is { } ofProperty)
                yield return ofProperty;
        }

        foreach (var assignment in member.ContainingType.DeclaringSyntaxReferences.SelectMany(static r => r.GetSyntax().DescendantNodes()).OfType<AssignmentExpressionSyntax>())
        {
            var target = assignment.Left is MemberAccessExpressionSyntax { Expression: ThisExpressionSyntax, Name: var name } ? name : assignment.Left;
            if (target is IdentifierNameSyntax { Identifier.ValueText: var assigned } && assigned == member.Name)
                yield return assignment.Right;
        }
    }

    private static IParameterSymbol? Parameter(ExpressionSyntax value, INamedTypeSymbol type) => value switch
    {
        IdentifierNameSyntax name => type.InstanceConstructors.SelectMany(static c => c.Parameters).FirstOrDefault(p => p.Name == name.Identifier.ValueText),
        BinaryExpressionSyntax { Left: IdentifierNameSyntax left, Right: ThrowExpressionSyntax } => Parameter(left, type),
        _ => null,
    };
}
