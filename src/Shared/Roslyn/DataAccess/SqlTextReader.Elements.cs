using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>One element of a collection, by a constant key or index.</content>
internal sealed partial class SqlTextReader
{
    // The one element where the collection is written out and nothing changes it; otherwise any of them.
    private SqlTexts ReadElement(IOperation collection, IOperation key)
    {
        var whole = BodyReader.Unwrap(collection);
        if (whole is IInvocationOperation { TargetMethod: { Name: "Split", ContainingType.SpecialType: SpecialType.System_String }, Instance: { } } split)
            return ReadSplit(split, BodyReader.Unwrap(key)?.ConstantValue is { HasValue: true, Value: int part } ? part : null);
        var written = whole is IFieldReferenceOperation { Field: { IsReadOnly: true, OriginalDefinition: var field } } && Initializer(field) is { } initializer && IsOnlyRead(field)
            ? BodyReader.Unwrap(initializer)
            : whole;
        if (written is null || ElementAt(written, key) is not { } element)
            return ReadElements(collection);
        return Read(element).WithoutGuards();
    }

    private static IOperation? ElementAt(IOperation written, IOperation key)
    {
        if (written is IObjectCreationOperation { Type.Name: "Dictionary" or "SortedDictionary" or "SortedList" or "ConcurrentDictionary" } dictionary)
            return BodyReader.Unwrap(key)?.ConstantValue is { HasValue: true, Value: { } wanted } ? ValueOf(dictionary, wanted) : null;
        if (written is IObjectCreationOperation and not { Type.Name: "List", Arguments.IsEmpty: true } || Elements(written)?.ToArray() is not { } elements || elements.Any(static e => e.Syntax is SpreadElementSyntax))
            return null;
        var index = PlaceOf(key, null) is { } place ? place.IsFromEnd ? elements.Length - place.Offset : place.Offset : -1;
        return index >= 0 && index < elements.Length ? elements[index] : null;
    }

    // Null where some key isn't known, or keys are compared in a way of their own.
    private static IOperation? ValueOf(IObjectCreationOperation dictionary, object wanted)
    {
        if (!dictionary.Arguments.IsEmpty || dictionary.Initializer is not { } initializer)
            return null;
        IOperation? found = null;
        foreach (var element in initializer.Initializers)
        {
            var (key, value) = element switch
            {
                ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments: [var index] } } assignment => (index.Value, assignment.Value),
                IInvocationOperation { Arguments: [var first, var second] } => (first.Value, second.Value),
                _ => ((IOperation?)null, (IOperation?)null),
            };
            if (BodyReader.Unwrap(key)?.ConstantValue is not { HasValue: true, Value: { } known })
                return null;
            if (Equals(known, wanted))
                found = value;
        }

        return found;
    }

    // Whether its type only takes elements out of the collection that a field holds, and no other one that sees it puts any in.
    private bool IsOnlyRead(IFieldSymbol field)
    {
        if (field.DeclaredAccessibility != Accessibility.Private && _source.GivingPlaces(field.Name, _cancellationToken).Count > 0)
            return false;
        return NamedInItsType(field).All(IsReading);
    }

    private static bool IsReading(IdentifierNameSyntax name)
    {
        ExpressionSyntax at = name.Parent is MemberAccessExpressionSyntax qualified && qualified.Name == name ? qualified : name;
        return at.Parent switch
        {
            ElementAccessExpressionSyntax element => element.Parent switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left != element,
                ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) && argument.Parent is not TupleExpressionSyntax,
                RefExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: not (int)SyntaxKind.SuppressNullableWarningExpression } or PrefixUnaryExpressionSyntax => false,
                _ => true,
            },
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" or "Count" or "Keys" or "Values" or "ContainsKey" or "ContainsValue" or "Contains" or "TryGetValue" or "GetValueOrDefault" or "Any" or "Select" or "Where" or "First" or "Last" or "ToArray" or "ToList" } access => access.Expression == at,
            CommonForEachStatementSyntax each => each.Expression == at,
            _ => false,
        };
    }
}
