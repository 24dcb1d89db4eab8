using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Enumerators and disposal: what <c>foreach</c> and <c>using</c> run.</content>
internal sealed partial class BodyReader
{
    private static readonly string[] Enumerations = ["GetEnumerator", "GetAsyncEnumerator"];

    private void TakeEnumeration(CommonForEachStatementSyntax statement, IForEachLoopOperation loop)
    {
        if (_source.Model(statement.SyntaxTree) is not { } model)
            return;
        var info = model.GetForEachStatementInfo(statement);
        TakeImplied(info.ElementConversion.MethodSymbol, loop.Collection);
        TakeImplied(info.CurrentConversion.MethodSymbol, loop.Collection);
        if (statement is ForEachVariableStatementSyntax variables)
            TakeDeconstruction(model.GetDeconstructionInfo(variables), loop.Collection);
        if (info.GetEnumeratorMethod is { } method && IsFollowed(method))
        {
            AddCall(method, loop.Collection.Syntax, Unwrap(loop.Collection), method.IsVirtual || method.IsAbstract || method.IsOverride, null);
            TakeEnumerator(method, loop.Collection);
        }
        else
        {
            TakeEnumeration(loop.Collection);
        }
    }

    // A collection of the source that a library is handed as IEnumerable<T> is gone through there.
    private void TakeEnumeration(IOperation collection)
    {
        var value = Unwrap(collection);
        if (value?.Type is not INamedTypeSymbol type || type.TypeKind == TypeKind.Interface || !IsDeclaredHere(type))
            return;
        foreach (var method in EnumeratorsOf(type))
        {
            if (!IsFollowed(method))
                continue;
            AddCall(method, collection.Syntax, value, method.IsVirtual || method.IsAbstract || method.IsOverride, null);
            TakeEnumerator(method, collection);
        }
    }

    // new Rows(…) as IEnumerable<T>: whoever holds it goes through it.
    private void TakeEnumerable(IConversionOperation conversion)
    {
        if (conversion is { Operand: IObjectCreationOperation, Type: INamedTypeSymbol { Name: "IEnumerable" or "IAsyncEnumerable" or "IReadOnlyCollection" or "IReadOnlyList" or "ICollection" or "IList" } } && conversion.Parent is not (IForEachLoopOperation or IArgumentOperation))
            TakeEnumeration(conversion);
    }

    private static IEnumerable<IMethodSymbol> EnumeratorsOf(INamedTypeSymbol type)
    {
        foreach (var contract in type.AllInterfaces)
        {
            if (contract is not { Name: "IEnumerable" or "IAsyncEnumerable", TypeArguments.Length: 1 })
                continue;
            foreach (var member in Enumerations.SelectMany(n => contract.GetMembers(n)))
            {
                if (type.FindImplementationForInterfaceMember(member) is IMethodSymbol implementation)
                    yield return implementation;
            }
        }
    }

    // The enumerator is of the declared type, or of those of the objects that the method returns.
    private void TakeEnumerator(IMethodSymbol getEnumerator, IOperation collection)
    {
        var types = new HashSet<INamedTypeSymbol>(SymbolEqualityComparer.Default);
        if (getEnumerator.ReturnType is INamedTypeSymbol declared && IsDeclaredHere(declared))
            types.Add(declared);
        if (_source.Body(getEnumerator.OriginalDefinition, _cancellationToken) is { } body)
        {
            foreach (var creation in body.Descendants().OfType<IObjectCreationOperation>())
            {
                if (creation.Type is INamedTypeSymbol created && IsDeclaredHere(created) && BodyIndex.IsReturned(creation))
                    types.Add(created);
            }
        }

        foreach (var type in types)
        {
            foreach (var member in BaseTypes.AndSelf(type).SelectMany(static t => t.GetMembers()))
            {
                var name = member.Name.Substring(member.Name.LastIndexOf('.') + 1);
                if (name is "MoveNext" or "MoveNextAsync" or "Current" or "Dispose" or "DisposeAsync")
                    TakeAccessor(member, collection);
            }
        }
    }

    private void TakeDisposal(IOperation resources, bool isAsynchronous)
    {
        foreach (var type in Disposed(resources))
            TakeDisposal(type, resources, isAsynchronous);
    }

    private void TakeDisposal(INamedTypeSymbol type, IOperation resources, bool isAsynchronous)
    {
        var name = isAsynchronous ? "DisposeAsync" : "Dispose";
        if (type.TypeKind == TypeKind.Interface)
        {
            if (!IsDeclaredHere(type))
                return;
            var classes = _implementations.Below(type).ToArray();
            foreach (var found in classes)
                AddDisposal(found, name, resources, classes.Length > 1 ? $"'{name}' of '{found.Name}' writes" : null);
            return;
        }

        AddDisposal(type, name, resources, null);
    }

    private void AddDisposal(INamedTypeSymbol type, string name, IOperation resources, string? doubt)
    {
        foreach (var (own, disposal) in _source.Disposals(type))
        {
            // What a base class of a library calls is its pattern: Dispose(bool), DisposeAsyncCore().
            var isOfPattern = (own == "Dispose" ? disposal.Parameters.Length == 1 : own == "DisposeAsyncCore") &&
                disposal.OverriddenMethod is { OriginalDefinition.DeclaringSyntaxReferences.IsEmpty: true };
            if ((!isOfPattern && (own != name || !disposal.Parameters.IsEmpty)) || !(disposal.IsAbstract || IsFollowed(disposal)))
                continue;
            var isVirtual = disposal.IsVirtual || disposal.IsOverride || disposal.IsAbstract;
            _calls.Add(new CallSite(disposal.OriginalDefinition, resources.Syntax, type, false, isVirtual, NoArguments) { Doubt = doubt });
            if (!isOfPattern)
                return;
        }
    }

    private INamedTypeSymbol[] Disposed(IOperation resources)
    {
        if (resources is not IVariableDeclarationGroupOperation group)
            return OfValue(resources, resources.Type);
        if (group.Declarations is [{ Declarators: [var only] }])
            return OfValue(only.GetVariableInitializer()?.Value, only.Symbol.Type);
        return [.. group.Declarations.SelectMany(static d => d.Declarators).SelectMany(d => OfValue(d.GetVariableInitializer()?.Value, d.Symbol.Type))];
    }

    // The types of what is created there, or the declared one.
    private INamedTypeSymbol[] OfValue(IOperation? value, ITypeSymbol? declared)
    {
        if (Unwrap(value) is IObjectCreationOperation { Type: INamedTypeSymbol only })
            return [only];
        var created = CreatedTypes(value, MaxDelegates).Distinct<INamedTypeSymbol>(SymbolEqualityComparer.Default).ToArray();
        return created.Length > 0 ? created : declared is INamedTypeSymbol type ? [type] : [];
    }

    // Through variables, choices and methods of the source.
    private IEnumerable<INamedTypeSymbol> CreatedTypes(IOperation? value, int depth)
    {
        if (depth == 0)
            return [];
        switch (Unwrap(value))
        {
            case IObjectCreationOperation { Type: INamedTypeSymbol created }:
                return [created];
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return CreatedTypes(choice.WhenTrue, depth - 1).Concat(CreatedTypes(otherwise, depth - 1));
            case ICoalesceOperation choice:
                return CreatedTypes(choice.Value, depth - 1).Concat(CreatedTypes(choice.WhenNull, depth - 1));
            case ILocalReferenceOperation local:
                return _source.Index(local).Assignments(local.Local).Where(static a => a.Element is null).SelectMany(a => CreatedTypes(a.Value, depth - 1));
            case IInvocationOperation { TargetMethod: { IsAbstract: false, OriginalDefinition: var method } } when _source.Body(method, _cancellationToken) is { } body:
                return body.Descendants().OfType<IReturnOperation>().Where(static r => r.Kind == OperationKind.Return).SelectMany(r => CreatedTypes(r.ReturnedValue, depth - 1));
            default:
                return [];
        }
    }
}
