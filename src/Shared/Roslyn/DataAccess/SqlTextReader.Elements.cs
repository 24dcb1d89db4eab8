using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>One element of a collection, by a constant key or index.</content>
internal sealed partial class SqlTextReader
{
    private static readonly FileIndex<IdentifierNameSyntax> Qualified = new(QualifiedName);

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
        if (member.DeclaredAccessibility != Accessibility.Private && (_source.GivingPlaces(member.Name, _cancellationToken).Count > 0 || NamedOutside(member).Any(n => IsChangedUnseen(n, member))))
            return false;
        return NamedInItsType(member).All(IsReading);
    }

    private bool IsOnlyRead(ILocalSymbol local) => NamedBeside(local).All(IsReading);

    // Where the code that a variable belongs to may name it.
    private IEnumerable<IdentifierNameSyntax> NamedBeside(ISymbol local) => local.DeclaringSyntaxReferences
        .Select(r => r.GetSyntax(_cancellationToken).FirstAncestorOrSelf<SyntaxNode>(static n => n is MemberDeclarationSyntax and not GlobalStatementSyntax or CompilationUnitSyntax))
        .SelectMany(static n => n?.DescendantNodes() ?? [])
        .OfType<IdentifierNameSyntax>()
        .Where(n => n.Identifier.ValueText == local.Name);

    // Where a field that others see is named by type or object, but for calls of methods and what only reads.
    private IEnumerable<IdentifierNameSyntax> NamedOutside(ISymbol member) => member.DeclaredAccessibility == Accessibility.Private ? [] :
        _source.Trees.SelectMany(tree => Qualified.Of(member.Name, tree, _cancellationToken))
            .Where(n => !member.ContainingType.DeclaringSyntaxReferences.Any(d => d.SyntaxTree == n.SyntaxTree && d.Span.Contains(n.Span)));

    private static (string Name, IdentifierNameSyntax Place)? QualifiedName(SyntaxNode node) =>
        node is MemberAccessExpressionSyntax { Name: IdentifierNameSyntax name, Parent: not (InvocationExpressionSyntax or TypeSyntax) } && !IsReading(name) ? (name.Identifier.ValueText, name) : null;

    // var other = all; Fill(all); ref all[0]; all.Fill(…): whatever isn't known to only read, nor as one of the additions.
    private bool IsChangedUnseen(IdentifierNameSyntax name, ISymbol holder)
    {
        if (IsReading(name) || _source.Model(name.SyntaxTree) is not { } model)
            return false;
        var symbol = model.GetSymbolInfo(name, _cancellationToken).Symbol;
        if (!SymbolEqualityComparer.Default.Equals(symbol?.OriginalDefinition, holder))
            return false;
        var isVariable = symbol is ILocalSymbol;
        var at = Use(name);
        var type = model.GetTypeInfo(at, _cancellationToken);
        switch (at.Parent)
        {
            case MemberAccessExpressionSyntax access when access.Expression == at:
                return !IsKnownUse(model.GetSymbolInfo(access, _cancellationToken).Symbol, access.Parent is InvocationExpressionSyntax);
            // Additions of that form are found for variables only.
            case ConditionalAccessExpressionSyntax { WhenNotNull: InvocationExpressionSyntax { Expression: MemberBindingExpressionSyntax method } } access when access.Expression == at:
                return !IsKnownUse(model.GetSymbolInfo(method, _cancellationToken).Symbol, true) || (!isVariable && SourceAssignments.IsAddition(method.Name.Identifier.ValueText));
            case ConditionalAccessExpressionSyntax access when access.Expression == at:
                return access.WhenNotNull is AssignmentExpressionSyntax ? !isVariable : access.WhenNotNull is InvocationExpressionSyntax && IsChangeable(type.ConvertedType);
            case SpreadElementSyntax or IsPatternExpressionSyntax or BinaryExpressionSyntax { RawKind: (int)SyntaxKind.EqualsExpression or (int)SyntaxKind.NotEqualsExpression }:
                return false;
            case ReturnStatementSyntax or ArrowExpressionClauseSyntax:
                return false;
            case ElementAccessExpressionSyntax element when element.Expression == at:
                var use = Outermost(element);
                return use.Parent switch
                {
                    AssignmentExpressionSyntax assignment => assignment.Left == use && (!assignment.IsKind(SyntaxKind.SimpleAssignmentExpression) || (use != element && !isVariable)),
                    _ => use.Parent is RefExpressionSyntax or ArgumentSyntax { RefKindKeyword.RawKind: not (int)SyntaxKind.None } or ArgumentSyntax { Parent: TupleExpressionSyntax },
                };
            case AssignmentExpressionSyntax assignment when assignment.Left == at:
                return !isVariable;
            // Of a variable's it is looked at what the method may do.
            case ArgumentSyntax { Parent: ArgumentListSyntax } argument when isVariable:
                return model.GetOperation(argument, _cancellationToken) is IArgumentOperation { Parameter.Type: var given } && IsUntyped(given) ||
                    (!BodyReader.AreTexts(type.Type) && IsChangeable(type.ConvertedType));
            default:
                return IsChangeable(type.ConvertedType) || IsUntyped(type.ConvertedType) || (type.ConvertedType?.SpecialType == SpecialType.System_Object && at.Parent is EqualsValueClauseSyntax or AssignmentExpressionSyntax);
        }
    }

    // An array of any type, or what refers to all of it.
    private static bool IsUntyped(ITypeSymbol? type) => type is { Name: "Array" or "Span" or "Memory" or "IList" or "ICollection" or "IDictionary" };

    // What only reads a collection, takes elements out or orders them, and the additions that are looked for by name.
    private static bool IsKnownUse(ISymbol? member, bool isCalled) => member switch
    {
        IMethodSymbol method when !isCalled => false,
        IMethodSymbol { IsExtensionMethod: true } extension => !IsChangeable((extension.ReducedFrom ?? extension).Parameters[0].Type) && !IsChangeable(extension.ReceiverType is { } receiver && extension.ReducedFrom is { } own && own.Parameters[0].Type is IArrayTypeSymbol ? receiver : null),
        IMethodSymbol method => SourceAssignments.IsAddition(method.Name) || method.DeclaringSyntaxReferences.IsEmpty && method.Name is
            "Remove" or "RemoveAt" or "RemoveAll" or "RemoveRange" or "RemoveFirst" or "RemoveLast" or "RemoveWhere" or "TryRemove" or "Clear" or "Sort" or "Reverse" or
            "Dequeue" or "TryDequeue" or "Pop" or "TryPop" or "Peek" or "TryPeek" or "Take" or "TryTake" or "GetOrAdd" or
            "Contains" or "ContainsKey" or "ContainsValue" or "TryGetValue" or "IndexOf" or "LastIndexOf" or "FindIndex" or "FindLastIndex" or "Find" or "FindAll" or "FindLast" or "Exists" or "TrueForAll" or
            "BinarySearch" or "GetRange" or "Slice" or "ForEach" or "ConvertAll" or "ToArray" or "AsReadOnly" or "CopyTo" or "Clone" or "GetLength" or "GetEnumerator" or "GetAlternateLookup" or
            "TrimExcess" or "EnsureCapacity" or "ExceptWith" or "IntersectWith" or "Overlaps" or "SetEquals" or "IsSubsetOf" or "IsSupersetOf" or "GetType" or "GetHashCode" or "Equals" or "ToString" or "Complete" or "CompleteAdding",
        _ => true,
    };

    // The whole expression that names it: this.all, T.All!
    private static ExpressionSyntax Use(IdentifierNameSyntax name) =>
        Outermost(name.Parent is MemberAccessExpressionSyntax qualified && qualified.Name == name ? qualified : name);

    private static ExpressionSyntax Outermost(ExpressionSyntax at)
    {
        while (at.Parent is ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression })
            at = (ExpressionSyntax)at.Parent;
        return at;
    }

    private static bool IsReading(IdentifierNameSyntax name)
    {
        var at = Use(name);
        return at.Parent switch
        {
            ElementAccessExpressionSyntax element when element.Expression == at => Outermost(element) is var use && use.Parent switch
            {
                AssignmentExpressionSyntax assignment => assignment.Left != use,
                ArgumentSyntax argument => argument.RefKindKeyword.IsKind(SyntaxKind.None) && argument.Parent is not TupleExpressionSyntax,
                RefExpressionSyntax or PostfixUnaryExpressionSyntax or PrefixUnaryExpressionSyntax => false,
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
