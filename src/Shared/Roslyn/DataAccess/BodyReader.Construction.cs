using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What the creation of an object and the first use of a type run besides the body of the constructor: initializers and base constructors.</content>
internal sealed partial class BodyReader
{
    /// <summary>Reads what a constructor runs, with a body of its own or without.</summary>
    public static BodyFacts ReadConstruction(IMethodSymbol constructor, SourceModel source, Implementations implementations, KnownSymbols known, PublishedEffects published, CancellationToken cancellationToken)
    {
        var reader = new BodyReader(source, implementations, known, published, cancellationToken);
        reader._constructed.Add(constructor.ContainingType.OriginalDefinition);
        reader._isConstruction = true;
        var declaration = constructor.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(cancellationToken);
        if (source.Body(constructor, cancellationToken) is { } body)
            reader.VisitInside(body);
        var initializer = (declaration as ConstructorDeclarationSyntax)?.Initializer;
        if (initializer?.IsKind(SyntaxKind.ThisConstructorInitializer) == true)
            return reader.Finish();
        reader.VisitInitializers(constructor);
        if (!constructor.IsStatic && initializer is null)
            reader.TakeBaseConstruction(constructor.ContainingType);
        return reader.Finish();
    }

    private void VisitInitializers(IMethodSymbol constructor)
    {
        _isInitializer = true;
        foreach (var initializer in _source.Initializers(constructor.ContainingType, constructor.IsStatic, _cancellationToken))
        {
            if (_source.Operation(initializer, _cancellationToken) is { } operation)
                VisitInside(operation);
        }

        _isInitializer = false;
    }

    // : Base(…) behind a primary constructor, or the one that is called without being named.
    private void TakeBaseConstruction(INamedTypeSymbol type)
    {
        foreach (var reference in type.DeclaringSyntaxReferences)
        {
            if ((reference.GetSyntax(_cancellationToken) as TypeDeclarationSyntax)?.BaseList?.Types.FirstOrDefault() is not { } first)
                continue;
            if (first is PrimaryConstructorBaseTypeSyntax)
            {
                if (_source.Operation(first, _cancellationToken) is { } call)
                    Visit(call);
                return;
            }

            if (type.BaseType?.InstanceConstructors.FirstOrDefault(static c => c.Parameters.All(static p => p.IsOptional || p.IsParams)) is { } constructor)
                TakeConstruction(constructor, first);
            return;
        }
    }

    private void TakeConstruction(IMethodSymbol constructor, SyntaxNode syntax, string? doubt = null, Lazy<IReadOnlyDictionary<int, SqlTexts>>? arguments = null, IReadOnlyList<ConstantArgument>? constants = null)
    {
        if (_published.Write(constructor) is not null || _source.HasConstruction(constructor, _cancellationToken))
            _calls.Add(new CallSite(constructor.OriginalDefinition, syntax, constructor.ContainingType, false, false, arguments ?? NoArguments) { Doubt = doubt, Constants = constants ?? [] });
    }

    private static bool MayConstruct(OperationKind kind) =>
        kind is OperationKind.Invocation or OperationKind.FieldReference or OperationKind.PropertyReference or OperationKind.ObjectCreation;

    // The first use of a type runs its static constructor and initializers; each use may be the first.
    private void TakeStaticConstruction(IOperation operation)
    {
        var type = operation switch
        {
            IInvocationOperation { TargetMethod: { IsStatic: true, ContainingType: { } owner } } => owner,
            IFieldReferenceOperation { Field: { IsStatic: true, IsConst: false, ContainingType: { } owner } } => owner,
            IPropertyReferenceOperation { Property: { IsStatic: true, ContainingType: { } owner } } => owner,
            IObjectCreationOperation { Constructor.ContainingType: { } owner } => owner,
            _ => null,
        };
        if (!IsDeclaredHere(type) || !_constructed.Add(type!.OriginalDefinition))
            return;
        if (type.OriginalDefinition.StaticConstructors.FirstOrDefault() is { } constructor)
            TakeConstruction(constructor, operation.Syntax);
    }

    // A function that a member is given counts where the member is read. In an initializer only Task.Run(() => …) and its like run one.
    private bool IsKept(IOperation function)
    {
        var at = function.Parent;
        while (at is IDelegateCreationOperation or IConversionOperation or IParenthesizedOperation or ICoalesceOperation || (_isInitializer && at is IArgumentOperation))
            at = at.Parent;
        return _isInitializer
            ? at is not IInvocationOperation { TargetMethod: { ContainingType.Name: "Task" or "TaskFactory" or "Parallel" or "ThreadPool" } or { MethodKind: MethodKind.DelegateInvoke } }
            : at is ISimpleAssignmentOperation { Target: IMemberReferenceOperation { Member.DeclaringSyntaxReferences.IsEmpty: false } };
    }
}
