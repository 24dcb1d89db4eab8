using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>Variables, fields and properties.</content>
internal sealed partial class SqlTextReader
{
    /// <summary>What is under way for an element of a tuple: below every position in a source.</summary>
    private const int ElementKey = -2;

    private SqlTexts ReadLocal(ILocalReferenceOperation reference)
    {
        var local = reference.Local;
        if (IsTextBuilder(local.Type))
            return ReadBuilder(reference);
        var name = $"the variable '{local.Name}'";
        var texts = Guarded(local, reference, () => ReadAssigned(reference, local, name));
        return _source.Index(reference).IsReferred(local) ? texts.Or(Hole(name, reference)) : texts;
    }

    // In the order of the text: the value that was last given on the way here, and what was added to it since. Values
    // that are given on branches are alternatives.
    private SqlTexts ReadAssigned(IOperation reference, ISymbol symbol, string name)
    {
        var at = reference.Syntax;
        var all = _source.Index(reference).Assignments(symbol);
        var texts = SqlTexts.None;
        var assignments = new List<BodyAssignment>();
        foreach (var assignment in all)
        {
            if (IsOnTheSide(assignment, at, _source.Index(reference)))
                texts = texts.Or(ReadValue(assignment, symbol));
            if (!IsOfNested(assignment, at))
                assignments.Add(assignment);
        }

        var before = assignments.Where(a => a.Position < at.SpanStart && !a.Value.Syntax.Span.Contains(at.SpanStart)).ToList();
        if (before.Count == 0)
            before.AddRange(assignments.Where(a => !a.Value.Syntax.Span.Contains(at.SpanStart)));

        var additions = new List<(SyntaxNode, Func<SqlTexts, SqlTexts>)>();
        SyntaxNode? covering = null;
        var given = before.Where(static a => !a.IsAppended).ToList();
        for (var i = before.Count - 1; i >= 0; i--)
        {
            var assignment = before[i];
            if (assignment.IsAppended)
            {
                var guards = Guards(assignment.Value.Syntax, at, reference);
                additions.Insert(0, (assignment.Value.Syntax, all => AddUnder(all, guards, before => before.Then(Read(assignment.Value)))));
                continue;
            }

            var syntax = assignment.Value.Syntax;
            if (covering is not null && !covering.Span.Contains(syntax.Span))
                return texts;
            if (SourceFlow.Leaves(syntax, at))
                continue;
            texts = texts.Or(SourceFlow.Append(Under(ReadValue(assignment, symbol), syntax, at, reference), additions, at));
            if (SourceFlow.IsOnEveryWay(syntax, at))
                return SourceFlow.LoopOf(syntax, at) is null ? texts.Or(FromNextRound(assignments, symbol, at, syntax)) : texts;
            covering ??= SourceFlow.Covering(syntax, at, given.Select(static a => a.Value.Syntax));
        }

        return texts.Alternatives.Count > 0 ? texts : Hole(name, reference);
    }

    // A function that is called in between, or a method that may change it, leaves what stands before it possible; a jump back
    // brings what stands behind.
    private static bool IsOnTheSide(in BodyAssignment assignment, SyntaxNode at, BodyIndex index) =>
        !assignment.Value.Syntax.Span.Contains(at.Span) && (IsOfNested(assignment, at) ||
            (assignment.Position > at.SpanStart && (index.Guards.HasJumps || SourceFlow.IsInNested(at, assignment.Value.Syntax))));

    private static bool IsOfNested(in BodyAssignment assignment, SyntaxNode at) =>
        SourceFlow.IsInNested(assignment.Value.Syntax, at) || assignment.Value is IArgumentOperation { Parameter.RefKind: RefKind.Ref };

    // In a loop what is given behind the reference is there in the next round.
    private SqlTexts FromNextRound(IReadOnlyList<BodyAssignment> assignments, ISymbol symbol, SyntaxNode at, SyntaxNode first)
    {
        var texts = SqlTexts.None;
        foreach (var assignment in assignments)
        {
            if (!assignment.IsAppended && assignment.Position > at.SpanStart && SourceFlow.LoopOf(assignment.Value.Syntax, at) is { } loop && !loop.Span.Contains(first.Span))
                texts = texts.Or(ReadValue(assignment, symbol));
        }

        return texts;
    }

    private SqlTexts ReadValue(in BodyAssignment assignment, ISymbol symbol)
    {
        var value = assignment.Value;
        if (assignment.Element is { } element)
            return ReadElementOf(value, element) ?? Read(value);
        return value.Parent is IForEachLoopOperation loop && loop.Collection == value && symbol is ILocalSymbol ? ReadElements(value) : Read(value);
    }

    private SqlTexts ReadParameter(IParameterReferenceOperation reference)
    {
        var parameter = reference.Parameter;
        if (_given.TryGetValue(parameter, out var known))
            return known;
        if (IsTextBuilder(parameter.Type))
            return ReadBuilder(reference);
        var assignments = _source.Index(reference).Assignments(parameter);
        if (assignments.Count == 0)
        {
            if (parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.AnonymousFunction } && GivenToLambda(reference) is { Alternatives.Count: > 0 } handed)
                return handed;
            var whole = SqlTexts.Of(SqlPiece.Parameter(parameter, reference.Syntax));
            // Captured by the type's members.
            return parameter.ContainingSymbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? WithGiven(whole, reference) : whole;
        }

        var given = SqlTexts.Of(SqlPiece.Parameter(parameter, reference.Syntax));
        return Guarded(parameter, reference, () => assignments.All(static a => a.IsAppended)
            ? assignments.Aggregate(given, (texts, a) => texts.Then(Read(a.Value)))
            : given.Or(ReadAssigned(reference, parameter, $"the parameter '{parameter.Name}'")));
    }

    private SqlTexts ReadField(IFieldReferenceOperation reference)
    {
        var field = reference.Field;
        if (field is { ContainingType.SpecialType: SpecialType.System_String, Name: "Empty" })
            return SqlTexts.EmptyString;
        if (IsTextBuilder(field.Type))
            return ReadBuilder(reference);
        if (field.ContainingType.IsTupleType)
            return ReadTupleElement(reference);
        if (IsGivenBelow(field.OriginalDefinition, reference.Instance))
            return SqlTexts.Of(SqlPiece.Virtual(field.OriginalDefinition, reference.Syntax));
        return Guarded(field.OriginalDefinition, reference, () => ReadMember(field.OriginalDefinition, Initializer(field.OriginalDefinition), reference));
    }

    // Of a tuple that a variable holds, or that the call which takes a lambda hands to it: Execute(static state => … state.Sql, (Sql, …)).
    private SqlTexts ReadTupleElement(IFieldReferenceOperation reference)
    {
        var index = reference.Field.ContainingType.TupleElements.ToList().FindIndex(f => f.Name == reference.Field.Name || SymbolEqualityComparer.Default.Equals(f.CorrespondingTupleField, reference.Field.CorrespondingTupleField));
        if (reference.Instance is ILocalReferenceOperation local && ReadHeld(local, index) is { } held)
            return held;

        for (var at = reference.Instance is IParameterReferenceOperation ? reference.Parent : null; at is not null; at = at.Parent)
        {
            if (at is not IInvocationOperation call)
                continue;
            foreach (var argument in call.Arguments)
            {
                if (SymbolEqualityComparer.Default.Equals(argument.Value.Type, reference.Instance!.Type) && Element(argument.Value, index) is { } element)
                    return Read(element);
            }
        }

        return Hole($"'{reference.Field.Name}'", reference);
    }

    /// <summary>An element of a tuple that is written out, or returned by a method of the source; null of any other.</summary>
    private SqlTexts? ReadElementOf(IOperation value, int index)
    {
        if (Element(value, index) is { } element)
            return Read(element);
        switch (BodyReader.Unwrap(value))
        {
            case ISwitchExpressionOperation choice:
                return OneOf(choice.Arms.Select(static a => a.Value), index);
            case IConditionalOperation { WhenFalse: { } otherwise } choice:
                return OneOf([choice.WhenTrue, otherwise], index);
            case ICoalesceOperation choice:
                return OneOf([choice.Value, choice.WhenNull], index);
            case ILocalReferenceOperation local:
                return ReadHeld(local, index);
        }

        if (BodyReader.Unwrap(value) is not IInvocationOperation { TargetMethod.OriginalDefinition: { } method } call)
            return null;
        SqlTexts? texts = null;
        foreach (var implementation in method.IsAbstract ? _implementations.Of(method) : [method])
        {
            if (_source.Body(implementation, _cancellationToken) is not { } body)
                continue;
            texts = (texts ?? SqlTexts.None).Or(Guarded(implementation, call, () => InCall(call, implementation, OneOf(Returned(body), index) ?? Hole($"the result of '{method.Name}'", call))));
        }

        return texts;
    }

    // An element of the tuple that a variable holds: of what the variable is given, and of what the element is given by itself.
    private SqlTexts? ReadHeld(ILocalReferenceOperation local, int index)
    {
        if (local.Type is not INamedTypeSymbol { IsTupleType: true } type || index < 0 || index >= type.TupleElements.Length)
            return null;
        var key = ((ISymbol)local.Local, ElementKey - index);
        if (!_underWay.Add(key))
            return SqlTexts.None;
        try
        {
            var body = _source.Index(local);
            var given = body.Assignments(local.Local);
            if (given.Any(static a => a.Element is not null) || OneOf(given.Select(static a => a.Value), index) is not { } texts)
                return null;
            var element = type.TupleElements[index];
            foreach (var name in new[] { element, element.CorrespondingTupleField }.OfType<IFieldSymbol>().Distinct<IFieldSymbol>(SymbolEqualityComparer.Default))
            {
                foreach (var assignment in body.Assignments(name))
                {
                    if (assignment.Value.Parent is not IAssignmentOperation { Target: IFieldReferenceOperation { Instance: var owner } } || SymbolEqualityComparer.Default.Equals(BodyIndex.Named(owner), local.Local))
                        texts = assignment.IsAppended ? texts.Or(texts.Then(ReadValue(assignment, name))) : texts.Or(ReadValue(assignment, name));
                }
            }

            return texts.Alternatives.Count > 0 ? texts : null;
        }
        finally
        {
            _underWay.Remove(key);
        }
    }

    // Null where one of them is no tuple that is written out.
    private SqlTexts? OneOf(IEnumerable<IOperation> values, int index)
    {
        var texts = SqlTexts.None;
        foreach (var value in values)
        {
            if (BodyReader.Unwrap(value) is IThrowOperation or ILiteralOperation or IDefaultValueOperation)
                continue;
            if (ReadElementOf(value, index) is not { } found)
                return null;
            texts = texts.Or(found);
        }

        return texts;
    }

    private static IOperation? Element(IOperation value, int index)
    {
        while (value is IConversionOperation conversion)
            value = conversion.Operand;
        return value is ITupleOperation tuple && index >= 0 && index < tuple.Elements.Length ? tuple.Elements[index] : null;
    }

    private SqlTexts ReadProperty(IPropertyReferenceOperation reference)
    {
        var property = reference.Property.OriginalDefinition;
        if (reference.Instance is IInstanceReferenceOperation && (property.IsAbstract || property.IsVirtual || property.IsOverride) && !property.IsSealed)
            return SqlTexts.Of(SqlPiece.Virtual(property, reference.Syntax));
        if (IsGivenBelow(property, reference.Instance))
            return SqlTexts.Of(SqlPiece.Virtual(property, reference.Syntax));
        if (property.IsIndexer)
            return reference.Instance is { } indexed ? reference.Arguments is [var key] ? ReadElement(indexed, key.Value) : ReadElements(indexed) : Hole("an indexer", reference);
        if (reference.Instance is ITypeOfOperation named && IsTypeName(property))
            return ReadTypeName(property, named);
        // A command's text is what was assigned to it.
        if (property.Name == "CommandText" || property.DeclaringSyntaxReferences.IsEmpty)
        {
            return _source.Index(reference).Assignments(reference.Property).Count > 0
                ? Guarded(property, reference, () => ReadAssigned(reference, reference.Property, $"the property '{property.Name}'"))
                : Hole($"the property '{property.Name}'", reference);
        }

        var texts = ReadPropertyValue(property, reference);
        return property.IsAbstract && texts.Alternatives.Any(static t => t.FirstHole is not null) && HolderOf(reference.ConstrainedToType, reference.Instance) is { } holder
            ? SqlTexts.Of(SqlPiece.OfHolder(property, holder, reference.Syntax))
            : texts;
    }

    /// <summary>What a property of the source returns; of an abstract or virtual one, what each that overrides it does.</summary>
    private SqlTexts ReadPropertyValue(IPropertySymbol property, IOperation reference)
    {
        if (property.IsAbstract || property.IsVirtual)
        {
            var texts = property.IsAbstract ? SqlTexts.None : OwnValue();
            // A class that leaves the default of an interface has that for its own.
            foreach (var implementation in _implementations.Of(property).Where(i => !SymbolEqualityComparer.Default.Equals(i, property)))
                texts = texts.Or(ReadPropertyValue(implementation, reference));
            // Of objects that hold statements of any kind it isn't known which is at hand.
            return texts.Alternatives.Count > 0 && !IsReadOrWrite(texts) ? texts : Hole($"the property '{property.Name}'", reference);
        }

        return OwnValue();

        SqlTexts OwnValue() => Guarded(property, reference, () =>
            property.GetMethod is { } getter && SourceModel.HasBody(getter, _cancellationToken)
                ? ReadReturned(getter, reference)
                : ReadMember(property, Initializer(property), reference));
    }

    /// <summary>What the source gives a field or automatic property: its initializer and the assignments of its type, and those elsewhere.</summary>
    private SqlTexts ReadMember(ISymbol member, IOperation? initializer, IOperation reference)
    {
        var texts = initializer is null ? SqlTexts.None : Read(initializer);
        foreach (var value in AssignedTo(member))
            texts = texts.Or(Read(value));
        foreach (var value in AppendedTo(member, reference))
            texts = texts.Or((texts.Alternatives.Count > 0 ? texts : SqlTexts.EmptyString).Then(Read(value)));
        if (IsSettableElsewhere(member) && OfObject(member, texts, reference) is { } given)
            return WithGiven(given.WithoutGuards(), reference);
        if (texts.Alternatives.Count == 0 && Positional(member) is { } parameter)
            texts = SqlTexts.Of(SqlPiece.Parameter(parameter, reference.Syntax));
        if (IsSettableElsewhere(member))
            texts = WithElsewhere(texts, member, reference);
        if (IsReferredTo(member))
            texts = texts.Or(Hole($"'{member.Name}'", reference));
        return texts.Alternatives.Count > 0 ? WithGiven(texts.WithoutGuards(), reference) : Hole($"'{member.Name}'", reference);
    }

    /// <summary>The values that the source of its type gives a field or automatic property.</summary>
    public IEnumerable<IOperation> Values(ISymbol member)
    {
        if (Initializer(member) is { } initializer)
            yield return initializer;
        foreach (var value in AssignedTo(member))
            yield return value;
        if (!IsSettableElsewhere(member))
            yield break;
        foreach (var value in AssignedOutside(member) ?? [])
            yield return value.Value;
    }

    /// <summary>Whether code outside of its type may give a field or property another value.</summary>
    public static bool IsSettableElsewhere(ISymbol member) => member switch
    {
        IFieldSymbol field => !field.IsReadOnly && !field.IsConst && field.DeclaredAccessibility != Accessibility.Private,
        IPropertySymbol property => property.DeclaredAccessibility != Accessibility.Private && property.SetMethod is { DeclaredAccessibility: not Accessibility.Private },
        _ => false,
    };

    /// <summary>The parameter that a property of a record is made of.</summary>
    public static IParameterSymbol? Positional(ISymbol member) => member is IPropertySymbol { ContainingType: { IsRecord: true } type }
        ? type.InstanceConstructors.SelectMany(static c => c.Parameters).FirstOrDefault(p => p.Name == member.Name && p.DeclaringSyntaxReferences.Any(r => member.DeclaringSyntaxReferences.Any(m => m.SyntaxTree == r.SyntaxTree && m.Span == r.Span)))
        : null;

    private IOperation? Initializer(ISymbol member)
    {
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var value = reference.GetSyntax(_cancellationToken) switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer?.Value,
                PropertyDeclarationSyntax property => property.Initializer?.Value,
                _ => null,
            };
            if (value is not null)
                return _source.Operation(value, _cancellationToken);
        }

        return null;
    }

    // The values that the source of its own type gives a member.
    private IEnumerable<IOperation> AssignedTo(ISymbol member) => Assignments(member).Where(static a => a is ISimpleAssignmentOperation or ICoalesceAssignmentOperation).Select(static a => a.Value).Concat(
        member.ContainingType.DeclaringSyntaxReferences.SelectMany(d => SourceAssignments.Of(member.Name, d.SyntaxTree, _cancellationToken).Where(p => d.Span.Contains(p.Span)))
            .Where(p => SourceAssignments.ElementGivenTo(p) is not null && FixedMember.MayGive(p, member, _source, _cancellationToken))
            .Select(p => _source.Operation(SourceAssignments.ElementGivenTo(p)!, _cancellationToken))
            .OfType<IOperation>());

    // What other members of its type add to it: member += value.
    private IEnumerable<IOperation> AppendedTo(ISymbol member, IOperation reference)
    {
        var own = reference.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>();
        return Assignments(member).OfType<ICompoundAssignmentOperation>()
            .Where(a => a.OperatorKind == BinaryOperatorKind.Add && a.Syntax.FirstAncestorOrSelf<MemberDeclarationSyntax>() != own)
            .Select(static a => a.Value)
            .Take(MostBranched);
    }

    private IEnumerable<IAssignmentOperation> Assignments(ISymbol member)
    {
        foreach (var declaration in member.ContainingType.DeclaringSyntaxReferences)
        {
            foreach (var place in SourceAssignments.Of(member.Name, declaration.SyntaxTree, _cancellationToken))
            {
                if (place is AssignmentExpressionSyntax assignment && declaration.Span.Contains(assignment.Span) &&
                    _source.Operation(assignment, _cancellationToken) is IAssignmentOperation operation &&
                    SymbolEqualityComparer.Default.Equals(BodyIndex.Named(operation.Target)?.OriginalDefinition, member))
                {
                    yield return operation;
                }
            }
        }
    }

    // A text that is made of itself: of a variable the reference inside sees only what was given before it.
    private SqlTexts Guarded(ISymbol symbol, IOperation reference, Func<SqlTexts> read)
    {
        var key = (symbol, symbol is ILocalSymbol or IParameterSymbol ? reference.Syntax.SpanStart : -1);
        if (_looks >= MostLooks || !_underWay.Add(key))
            return Hole($"'{symbol.Name}'", reference);
        _looks++;
        try
        {
            return read();
        }
        finally
        {
            _underWay.Remove(key);
        }
    }
}
