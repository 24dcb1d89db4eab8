using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Methods that run without being named: operators, conversions, setters of what is also read, deconstruction, awaiters, implied indexers.</content>
internal sealed partial class BodyReader
{
    // Every kind that is told apart below.
    private static bool MayImply(OperationKind kind) => kind is
        OperationKind.Binary or OperationKind.Interpolation or OperationKind.Unary or OperationKind.Conversion or OperationKind.CompoundAssignment or
        OperationKind.Increment or OperationKind.Decrement or OperationKind.CoalesceAssignment or OperationKind.DeconstructionAssignment or
        OperationKind.RecursivePattern or OperationKind.ListPattern or OperationKind.SlicePattern or OperationKind.ImplicitIndexerReference or
        OperationKind.Loop or OperationKind.Await or OperationKind.With or OperationKind.EventAssignment or SqlTextReader.CollectionExpression or
        OperationKind.TypeParameterObjectCreation;

    private void TakeImplied(IOperation operation)
    {
        switch (operation)
        {
            case IBinaryOperation { OperatorMethod: { } method } binary:
                TakeImplied(method, operation);
                TakeImpliedByOperator(method, binary);
                break;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add, Type.SpecialType: SpecialType.System_String } sum:
                TakeText(Unwrap(sum.LeftOperand)?.Type, operation);
                TakeText(Unwrap(sum.RightOperand)?.Type, operation);
                break;
            case IInterpolationOperation interpolation:
                TakeText(Unwrap(interpolation.Expression)?.Type, operation);
                break;
            case IUnaryOperation { OperatorMethod: { } method }:
                TakeImplied(method, operation);
                break;
            case IConversionOperation { OperatorMethod: { } method }:
                TakeImplied(method, operation);
                break;
            case IConversionOperation conversion:
                TakeEnumerable(conversion);
                break;
            case ICompoundAssignmentOperation compound:
                TakeImplied(compound.OperatorMethod, operation, compound.Target);
                TakeImplied(compound.InConversion.MethodSymbol, operation);
                TakeImplied(compound.OutConversion.MethodSymbol, operation);
                TakeSetter(compound.Target);
                break;
            case IIncrementOrDecrementOperation increment:
                TakeImplied(increment.OperatorMethod, operation, increment.Target);
                TakeSetter(increment.Target);
                break;
            case ICoalesceAssignmentOperation coalesce:
                TakeSetter(coalesce.Target);
                break;
            case IDeconstructionAssignmentOperation deconstruction:
                TakeDeconstruction(deconstruction);
                break;
            case IRecursivePatternOperation { DeconstructSymbol: IMethodSymbol method }:
                TakeImplied(method, operation);
                break;
            case IListPatternOperation list:
                TakeAccessor(list.LengthSymbol, operation);
                TakeAccessor(list.IndexerSymbol, operation);
                break;
            case ISlicePatternOperation slice:
                TakeAccessor(slice.SliceSymbol, operation);
                break;
            case IImplicitIndexerReferenceOperation indexer:
                TakeAccessor(indexer.LengthSymbol, operation, indexer.Instance);
                TakeAccessor(indexer.IndexerSymbol, operation, indexer.Instance);
                break;
            case IForEachLoopOperation { Syntax: CommonForEachStatementSyntax statement } loop:
                TakeEnumeration(statement, loop);
                break;
            case IAwaitOperation { Syntax: AwaitExpressionSyntax syntax } awaited when IsDeclaredHere(awaited.Operation.Type):
                TakeAwait(syntax, awaited);
                break;
            case IWithOperation { Type: INamedTypeSymbol type }:
                TakeCopy(type, operation);
                break;
            case IEventAssignmentOperation { EventReference: IEventReferenceOperation { Event: var raised } reference } subscription:
                TakeImplied(subscription.Adds ? raised.AddMethod : raised.RemoveMethod, operation, reference.Instance);
                break;
            case { Kind: SqlTextReader.CollectionExpression, Type: INamedTypeSymbol type } when IsDeclaredHere(type):
                TakeCollection(type, operation);
                break;
            case ITypeParameterObjectCreationOperation { Type: ITypeParameterSymbol parameter }:
                TakeCreation(parameter, operation);
                break;
        }
    }

    private void TakeImplied(IMethodSymbol? method, IOperation operation, IOperation? instance = null)
    {
        if (method is null || !(IsFollowed(method) || IsDispatchedAccessor(method)))
            return;
        AddCall(method, operation.Syntax, method.IsStatic ? null : instance, method.IsVirtual || method.IsAbstract || method.IsOverride, null);
    }

    // a && b asks a whether it is false, a || b whether it is true; == of a record calls its Equals.
    private void TakeImpliedByOperator(IMethodSymbol method, IBinaryOperation operation)
    {
        var name = operation.OperatorKind switch
        {
            BinaryOperatorKind.ConditionalAnd => "op_False",
            BinaryOperatorKind.ConditionalOr => "op_True",
            BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals when method.IsImplicitlyDeclared && method.ContainingType.IsRecord => "Equals",
            _ => null,
        };
        if (name is null)
            return;
        foreach (var member in method.ContainingType.GetMembers(name).OfType<IMethodSymbol>())
            TakeImplied(member, operation);
    }

    // A text that an object is put into asks it for its own.
    private void TakeText(ITypeSymbol? type, IOperation operation)
    {
        foreach (var level in BaseTypes.AndSelf(IsDeclaredHere(type) ? type as INamedTypeSymbol : null))
        {
            if (level.GetMembers("ToString").OfType<IMethodSymbol>().FirstOrDefault(static m => m.Parameters.IsEmpty && !m.IsImplicitlyDeclared) is not { } own)
                continue;
            TakeImplied(own, operation);
            return;
        }
    }

    private void TakeAccessor(ISymbol? member, IOperation operation, IOperation? instance = null) =>
        TakeImplied(member is IPropertySymbol property ? property.GetMethod : member as IMethodSymbol, operation, instance);

    private void TakeSetter(IOperation target)
    {
        if (target is IPropertyReferenceOperation { Property.SetMethod: { } setter } property)
            TakeImplied(setter, property, property.Instance);
    }

    // (a.P, b.Q) = pair;
    private void TakeDeconstruction(IDeconstructionAssignmentOperation deconstruction)
    {
        var pending = new Stack<IOperation>([deconstruction.Target]);
        while (pending.Count > 0)
        {
            var target = pending.Pop();
            TakeSetter(target);
            if (target is ITupleOperation tuple)
            {
                foreach (var element in tuple.Elements)
                    pending.Push(element);
            }
        }

        if (deconstruction.Target is ITupleOperation { Elements: var targets } && Unwrap(deconstruction.Value) is ITupleOperation { Elements: var values })
        {
            for (var i = 0; i < targets.Length && i < values.Length; i++)
            {
                if (targets[i] is IPropertyReferenceOperation property)
                    TakeAssignment(property, values[i]);
            }
        }

        if (deconstruction.Syntax is AssignmentExpressionSyntax assignment && _source.Model(assignment.SyntaxTree) is { } model)
            TakeDeconstruction(model.GetDeconstructionInfo(assignment), deconstruction);
    }

    private void TakeDeconstruction(DeconstructionInfo deconstruction, IOperation operation)
    {
        TakeImplied(deconstruction.Method, operation);
        foreach (var nested in deconstruction.Nested)
            TakeDeconstruction(nested, operation);
    }

    private void TakeAwait(AwaitExpressionSyntax syntax, IAwaitOperation awaited)
    {
        if (_source.Model(syntax.SyntaxTree) is not { } model)
            return;
        var info = model.GetAwaitExpressionInfo(syntax);
        TakeImplied(info.GetAwaiterMethod, awaited.Operation, awaited.Operation);
        TakeImplied(info.IsCompletedProperty?.GetMethod, awaited.Operation);
        TakeImplied(info.GetResultMethod, awaited.Operation);
        // What it does to be told of the end.
        if (info.GetAwaiterMethod?.ReturnType is INamedTypeSymbol awaiter && IsDeclaredHere(awaiter))
        {
            foreach (var name in new[] { "OnCompleted", "UnsafeOnCompleted" })
            {
                foreach (var method in awaiter.GetMembers(name).OfType<IMethodSymbol>())
                    TakeImplied(method, awaited.Operation);
            }
        }
    }

    // A copy constructor that is written out.
    private void TakeCopy(INamedTypeSymbol type, IOperation operation)
    {
        foreach (var constructor in type.OriginalDefinition.InstanceConstructors)
        {
            if (constructor is { IsImplicitlyDeclared: false, Parameters: [{ Type: var copied }] } && SymbolEqualityComparer.Default.Equals(copied.OriginalDefinition, constructor.ContainingType))
                TakeImplied(constructor, operation);
        }
    }

    // [a, b] of a type of the source is made by its builder, or by its constructor and Add.
    private void TakeCollection(INamedTypeSymbol type, IOperation operation)
    {
        foreach (var attribute in type.OriginalDefinition.GetAttributes())
        {
            if (attribute is { AttributeClass.Name: "CollectionBuilderAttribute", ConstructorArguments: [{ Value: INamedTypeSymbol builder }, { Value: string name }] })
            {
                foreach (var method in builder.GetMembers(name).OfType<IMethodSymbol>())
                    TakeImplied(method, operation);
                return;
            }
        }

        foreach (var constructor in type.InstanceConstructors)
        {
            if (constructor.Parameters.IsEmpty)
                TakeConstruction(constructor, operation.Syntax);
        }

        foreach (var add in BaseTypes.AndSelf(type).SelectMany(static t => t.GetMembers("Add")).OfType<IMethodSymbol>())
        {
            if (add.Parameters.Length == 1)
                TakeImplied(add, operation);
        }
    }

    // new T(): of each type that T may be.
    private void TakeCreation(ITypeParameterSymbol parameter, IOperation operation)
    {
        foreach (var constraint in parameter.ConstraintTypes.OfType<INamedTypeSymbol>())
        {
            foreach (var type in _implementations.Below(constraint))
            {
                if (type.InstanceConstructors.FirstOrDefault(static c => c.Parameters.IsEmpty) is { } constructor)
                    TakeConstruction(constructor, operation.Syntax, $"an object of type '{type.Name}' writes when it is created");
            }
        }
    }

    private static bool IsDeclaredHere(ITypeSymbol? type) => type is { OriginalDefinition.DeclaringSyntaxReferences.IsEmpty: false };
}
