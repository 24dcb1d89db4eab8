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
        var written = Written(whole);
        if (written is not null && ElementAt(written, key) is { } element)
            return Read(element).WithoutGuards();
        return written is not null && ElementsByKey(written, key) is { } elements ? elements : ReadElements(collection);
    }

    // Where a collection is written out that nothing changes afterwards; otherwise the expression itself, which may be that.
    private IOperation? Written(IOperation? whole) => whole switch
    {
        IMemberReferenceOperation { Member: IFieldSymbol or IPropertySymbol { SetMethod: null }, Member.OriginalDefinition: var member }
            when FixedMember.IsLasting(member) && Initializer(member) is { } initializer && IsOnlyRead(member) => BodyReader.Unwrap(initializer),
        ILocalReferenceOperation { Local: var local } when _source.Index(whole).Assignments(local) is [{ Element: null, Value.Parent: IVariableInitializerOperation, Value: var given }] && IsOnlyRead(local) => BodyReader.Unwrap(given),
        _ => whole,
    };

    private static IOperation? ElementAt(IOperation written, IOperation key)
    {
        if (IsDictionary(written) is { } dictionary)
            return BodyReader.Unwrap(key)?.ConstantValue is { HasValue: true, Value: { } wanted } && Entries(dictionary) is { } entries ? entries.LastOrDefault(e => Equals(e.Key, wanted)).Value : null;
        if (InOrder(written) is not { } elements)
            return null;
        var index = PlaceOf(key, null) is { } place ? place.IsFromEnd ? elements.Length - place.Offset : place.Offset : -1;
        return index >= 0 && index < elements.Length ? elements[index] : null;
    }

    // One text for each key, where the key is a parameter that the caller knows.
    private SqlTexts? ElementsByKey(IOperation written, IOperation key)
    {
        if (key is not IParameterReferenceOperation { Parameter: { ContainingSymbol: IMethodSymbol { MethodKind: not (MethodKind.Constructor or MethodKind.AnonymousFunction) } } parameter } ||
            _source.Index(key).Guards.IsChanged(parameter) || IsDictionary(written) is not { } dictionary || Entries(dictionary) is not { Count: > 0 } entries)
        {
            return null;
        }

        var asked = new AskedValue(parameter, null, false);
        return entries.Aggregate(SqlTexts.None, (texts, entry) => texts.Or(Read(entry.Value).WithoutGuards().Under([new ValueGuard(asked, entry.Key, true)])));
    }

    private static IObjectCreationOperation? IsDictionary(IOperation written) =>
        written is IObjectCreationOperation { Type.Name: "Dictionary" or "SortedDictionary" or "SortedList" or "ConcurrentDictionary" } dictionary ? dictionary : null;

    // The elements of an array or a list.
    private static IOperation[]? InOrder(IOperation written) =>
        written is IObjectCreationOperation and not { Type.Name: "List", Arguments.IsEmpty: true } || Elements(written)?.ToArray() is not { } elements || elements.Any(static e => e.Syntax is SpreadElementSyntax)
            ? null
            : elements;

    // Null where some key isn't known, or keys are compared in a way of their own.
    private static List<(object Key, IOperation Value)>? Entries(IObjectCreationOperation dictionary)
    {
        if (!dictionary.Arguments.IsEmpty || dictionary.Initializer is not { } initializer)
            return null;
        var entries = new List<(object, IOperation)>();
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
            entries.Add((known, value!));
        }

        return entries;
    }

    // Whether its type only takes elements out of the collection that a member holds, and no other one that sees it puts any in.
    private bool IsOnlyRead(ISymbol member)
    {
        if (member.DeclaredAccessibility != Accessibility.Private && _source.GivingPlaces(member.Name, _cancellationToken).Count > 0)
            return false;
        return NamedInItsType(member).All(IsReading);
    }

    private bool IsOnlyRead(ILocalSymbol local) => NamedBeside(local).All(IsReading);

    // Where the code that a variable belongs to may name it.
    private IEnumerable<IdentifierNameSyntax> NamedBeside(ILocalSymbol local) => local.DeclaringSyntaxReferences
        .Select(r => r.GetSyntax(_cancellationToken).FirstAncestorOrSelf<SyntaxNode>(static n => n is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax))
        .SelectMany(static n => n?.DescendantNodes() ?? [])
        .OfType<IdentifierNameSyntax>()
        .Where(n => n.Identifier.ValueText == local.Name);

    // var other = all; Fill(all), of a field; ref all[0]; all = …
    private bool IsHeldElsewhere(IdentifierNameSyntax name)
    {
        if (IsReading(name) || _source.Model(name.SyntaxTree) is not { } model)
            return false;
        var symbol = model.GetSymbolInfo(name, _cancellationToken).Symbol;
        if (symbol is not (ILocalSymbol or IFieldSymbol))
            return false;
        ExpressionSyntax at = name.Parent is MemberAccessExpressionSyntax qualified && qualified.Name == name ? qualified : name;
        return at.Parent switch
        {
            MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax => false,
            ElementAccessExpressionSyntax element => element.Parent is RefExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None },
            AssignmentExpressionSyntax assignment when assignment.Left == at => symbol is IFieldSymbol,
            // Of a variable's it is looked at what the method may do.
            ArgumentSyntax { Parent: ArgumentListSyntax } when symbol is ILocalSymbol => !BodyReader.AreTexts(model.GetTypeInfo(at, _cancellationToken).Type) && IsChangeable(model.GetTypeInfo(at, _cancellationToken).ConvertedType),
            _ => IsChangeable(model.GetTypeInfo(at, _cancellationToken).ConvertedType),
        };
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
            MemberAccessExpressionSyntax { Name.Identifier.ValueText: "Length" or "Count" or "Keys" or "Values" or "ContainsKey" or "ContainsValue" or "Contains" or "TryGetValue" or "GetValueOrDefault" or "Any" or "Select" or "Where" or "First" or "Last" or "ToArray" or "ToList" or "Aggregate" } access => access.Expression == at,
            CommonForEachStatementSyntax each => each.Expression == at,
            // string.Join(…), string.Concat(…)
            ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.None, Parent.Parent: InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.StringKeyword }, Name.Identifier.ValueText: "Join" or "Concat" } } } => true,
            _ => false,
        };
    }
}
