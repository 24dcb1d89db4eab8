using CompileTimeRouting.Sql;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Members that code outside of their type gives a text.</content>
internal sealed partial class SqlTextReader
{
    // What a member of an object may have that a variable of this body holds: made here, and changed nowhere else.
    private SqlTexts? OfObject(ISymbol member, SqlTexts own, IOperation reference)
    {
        if (reference is not IMemberReferenceOperation { Instance: { } instance } || OfCreated(member, own, instance, MaxDepth) is not { } texts)
            return null;
        if (BodyReader.Unwrap(instance) is not ILocalReferenceOperation { Local: var local })
            return texts;
        var index = _source.Index(reference);
        foreach (var assignment in index.Assignments(((IMemberReferenceOperation)reference).Member))
        {
            if (assignment.Value.Parent is IAssignmentOperation { Target: IMemberReferenceOperation { Instance: { } target } } && SymbolEqualityComparer.Default.Equals(BodyIndex.Named(target), local))
                texts = assignment.IsAppended ? texts.Then(Read(assignment.Value)) : IsReplacing(assignment, reference.Syntax) ? Read(assignment.Value) : texts.Or(Read(assignment.Value));
            // (q.Sql, other) = (…), of whatever object.
            else if (assignment.Value.Parent is not IAssignmentOperation)
                texts = texts.Or(Hole($"'{member.Name}'", reference));
        }

        // Whoever is handed it may change it, and so may its own methods, and whoever has it by another name.
        var isChangedOutside = AssignedOutside(member) is not { Count: 0 };
        var isChangedInside = index.Calls(local).Count + index.HandedOn(local).Count > 0 && Assignments(member).Any(static a => a.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() is not ConstructorDeclarationSyntax);
        return isChangedInside || (isChangedOutside && (index.HandedOn(local).Count > 0 || IsHeldUnderAnotherName(local))) ? texts.Or(Hole($"'{member.Name}'", reference)) : texts;
    }

    private static bool IsReplacing(in BodyAssignment assignment, SyntaxNode at) =>
        assignment.Position < at.SpanStart && SourceFlow.IsOnEveryWay(assignment.Value.Syntax, at);

    private SqlTexts? OfCreated(ISymbol member, SqlTexts own, IOperation value, int depth)
    {
        if (depth == 0)
            return null;
        switch (BodyReader.Unwrap(value))
        {
            case IObjectCreationOperation { Initializer: { } initializer } when Initialized(member, initializer) is { } given:
                return Read(given);
            case IObjectCreationOperation creation:
                if (Positional(member) is { } parameter)
                    return creation.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == parameter.Ordinal) is { } argument ? Read(argument.Value) : null;
                return own.Alternatives.Count > 0 ? own : null;
            case IWithOperation { Initializer: { } initializer } copy:
                return Initialized(member, initializer) is { } replaced ? Read(replaced) : OfCreated(member, own, copy.Operand, depth - 1);
            case ILocalReferenceOperation local:
                SqlTexts? texts = null;
                foreach (var assignment in _source.Index(local).Assignments(local.Local))
                {
                    if (assignment.Element is not null || OfCreated(member, own, assignment.Value, depth - 1) is not { } created)
                        return null;
                    texts = (texts ?? SqlTexts.None).Or(created);
                }

                return texts;
            default:
                return null;
        }
    }

    private static IOperation? Initialized(ISymbol member, IObjectOrCollectionInitializerOperation initializer)
    {
        foreach (var operation in initializer.Initializers)
        {
            if (operation is ISimpleAssignmentOperation assignment && SymbolEqualityComparer.Default.Equals(BodyIndex.Named(assignment.Target)?.OriginalDefinition, member))
                return assignment.Value;
        }

        return null;
    }

    // Objects of one type may be given statements of any kind: which one is at hand isn't known, unless they all begin alike.
    private SqlTexts WithElsewhere(SqlTexts texts, ISymbol member, IOperation reference)
    {
        if (AssignedOutside(member) is not { } elsewhere)
            return texts.Or(Hole($"'{member.Name}'", reference));
        if (elsewhere.Count == 0)
            return texts;
        var all = elsewhere.Aggregate(texts, (found, given) => found.Or(Read(given.Value)));
        return IsOfOneVerb(all) ? all : Hole($"'{member.Name}'", reference);
    }

    private static bool IsOfOneVerb(SqlTexts texts) =>
        texts.Alternatives.Where(static t => t.Pieces.Count > 0).Select(FirstWord).Distinct(StringComparer.OrdinalIgnoreCase).Take(2).Count() == 1;

    // Whether some belong on a replica and some on the primary.
    private static bool IsReadOrWrite(SqlTexts texts)
    {
        var routes = texts.Alternatives.Select(static t => SqlEffects.Analyze(t.Rendered).Route).ToList();
        return routes.Contains(SqlRoute.Replica) && routes.Contains(SqlRoute.Primary);
    }

    private static bool IsWrite(SqlText text) => SqlEffects.Analyze(text.Rendered).Route == SqlRoute.Primary;

    private IReadOnlyList<OutsideAssignment>? AssignedOutside(ISymbol member) => _source.AssignedOutside(member, _cancellationToken);

    // A field to which there is a reference may be given anything through it.
    private bool IsReferredTo(ISymbol member)
    {
        if (member is not IFieldSymbol { IsConst: false } field)
            return false;
        foreach (var place in _source.GivingPlaces(member.Name, _cancellationToken).Take(SourceModel.MostAssignments))
        {
            var target = place is RefExpressionSyntax reference ? reference.Expression : place.Parent is ArgumentSyntax ? place : null;
            // Elements of tuples are read where the type itself gives them: all that may give a readonly field one.
            if (field.IsReadOnly && place.Parent is ArgumentSyntax { Parent: TupleExpressionSyntax })
                continue;
            if (target is not null and not InvocationExpressionSyntax && SymbolEqualityComparer.Default.Equals(_source.Model(target.SyntaxTree)?.GetSymbolInfo(target, _cancellationToken).Symbol?.OriginalDefinition, member))
                return true;
        }

        return false;
    }

    // Where the type of a member may name it.
    private IEnumerable<IdentifierNameSyntax> NamedInItsType(ISymbol member) => member.ContainingType.DeclaringSyntaxReferences
        .SelectMany(d => d.GetSyntax(_cancellationToken).DescendantNodes())
        .OfType<IdentifierNameSyntax>()
        .Where(n => n.Identifier.ValueText == member.Name);

    // A member of this object that classes below give their own texts.
    private bool IsGivenBelow(ISymbol member, IOperation? instance) =>
        instance is IInstanceReferenceOperation && IsSettableElsewhere(member) && !member.ContainingType.IsSealed && member.ContainingType.TypeKind == TypeKind.Class &&
        AssignedOutside(member)?.Any(a => Implementations.IsOrDerives(a.Within?.BaseType, member.ContainingType)) == true;

    // For an object of a class below: what the nearest of its classes gives. Of the declaring class itself all may be meant.
    private SqlTexts ReadBelow(ISymbol member, INamedTypeSymbol type, SyntaxNode reference)
    {
        var own = Initializer(member) is { } initializer ? Read(initializer) : SqlTexts.None;
        foreach (var value in AssignedTo(member))
            own = own.Or(Read(value));
        if (AssignedOutside(member) is not { } elsewhere)
            return own.Or(SqlTexts.Hole($"'{member.Name}'", reference));
        for (var level = type; level is not null && !SymbolEqualityComparer.Default.Equals(level.OriginalDefinition, member.ContainingType); level = level.BaseType)
        {
            var here = elsewhere.Where(a => SymbolEqualityComparer.Default.Equals(a.Within?.OriginalDefinition, level.OriginalDefinition)).ToArray();
            if (here.Length > 0)
                return here.Aggregate(SqlTexts.None, (texts, given) => texts.Or(Read(given.Value))).WithoutGuards();
        }

        var all = elsewhere.Aggregate(own, (texts, given) => texts.Or(Read(given.Value)));
        return IsOfOneVerb(all) ? all.WithoutGuards() : SqlTexts.Hole($"'{member.Name}'", reference);
    }
}
