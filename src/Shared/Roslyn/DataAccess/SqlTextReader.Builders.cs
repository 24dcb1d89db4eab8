using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content><c>StringBuilder</c>, writers into memory, and the builders of commands that are used like one.</content>
internal sealed partial class SqlTextReader
{
    /// <summary>How many other members are looked at that append to a builder.</summary>
    private const int MostBodies = 16;

    /// <summary>All that is appended to a builder, in the order of the text.</summary>
    public SqlTexts ReadBuilder(IOperation builder)
    {
        // A chain has what it begins with, and its own calls.
        var chain = new Stack<IInvocationOperation>();
        IOperation? at = builder;
        while (true)
        {
            if (at is IConversionOperation or IParenthesizedOperation)
                at = at is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)at).Operand;
            else if (at is IInvocationOperation call && (call.Instance ?? call.Arguments.FirstOrDefault()?.Value) is { } receiver && IsBuilder(receiver.Type))
            {
                chain.Push(call);
                at = receiver;
            }
            else
            {
                break;
            }
        }

        if (at is null)
            return SqlTexts.None;
        if (BuilderChoices(at) is { } choices)
            return Appended(choices.Aggregate(SqlTexts.None, (texts, choice) => texts.Or(ReadBuilder(choice))), chain, builder.Syntax);
        if (at is not IAwaitOperation && BodyIndex.Named(at) is { } symbol)
        {
            // What is appended behind a text that was taken isn't in it, nor what the method appends that is handed it. But functions
            // inside may have been called before, and in a loop what stands behind is there in the next round.
            var uses = Uses(at, symbol).Where(u => !IsGiven(u, builder)).ToArray();
            var before = symbol is ILocalSymbol ? uses.Where(u => u.Syntax.Span.End <= builder.Syntax.Span.End).ToArray() : uses;
            var isMore = uses.Length > before.Length && uses.Any(u => u.Syntax.SpanStart > builder.Syntax.Span.End && IsOnTheSide(u.Syntax, builder.Syntax, symbol));
            var texts = Guarded(symbol, builder, () => WithAppendedElsewhere(
                isMore ? Appended(Created(at, symbol), before, builder.Syntax).Or(Appended(Created(at, symbol), uses, builder.Syntax)) : Appended(Created(at, symbol), before, builder.Syntax), symbol, at));
            return IsHeldUnderAnotherName(symbol) ? texts.Or(Hole($"what is appended to '{symbol.Name}' under another name", at)) : texts;
        }

        if (at is IInvocationOperation { TargetMethod: { } maker } && SourceModel.HasBody(maker.OriginalDefinition, _cancellationToken) && _source.Body(maker.OriginalDefinition, _cancellationToken) is { } body)
        {
            var made = Guarded(maker.OriginalDefinition, at, () => Returned(body).Aggregate(SqlTexts.None, (texts, value) => texts.Or(ReadBuilder(value))));
            return Appended(made, chain, builder.Syntax);
        }

        return Appended(at is IObjectCreationOperation creation ? Initial(creation) : Hole("a builder", at), chain, builder.Syntax);
    }

    /// <summary>Whether values of the type are made with <c>Append</c> or <c>Write</c>.</summary>
    public static bool IsBuilder(ITypeSymbol? type) =>
        IsTextBuilder(type) || (type is { Name: var name } &&
            (name.EndsWith("CommandBuilder", StringComparison.Ordinal) || name.EndsWith("BatchBuilder", StringComparison.Ordinal) || name.EndsWith("SqlBuilder", StringComparison.Ordinal)));

    /// <summary>Whether values of the type are texts in the making.</summary>
    public static bool IsTextBuilder(ITypeSymbol? type) =>
        type is { Name: "StringBuilder", ContainingNamespace: { Name: "Text", ContainingNamespace.Name: "System" } } || IsWriter(type);

    private static bool IsWriter(ITypeSymbol? type) =>
        type is { Name: "StringWriter" or "TextWriter" or "IndentedTextWriter", ContainingNamespace: { Name: "IO" or "Compiler", ContainingNamespace.Name: "System" or "CodeDom" } };

    private static bool IsOnTheSide(SyntaxNode use, SyntaxNode at, ISymbol builder) => SourceFlow.IsInNested(use, at) ||
        (SourceFlow.LoopOf(use, at) is { } loop && !builder.DeclaringSyntaxReferences.Any(d => d.SyntaxTree == loop.SyntaxTree && loop.Span.Contains(d.Span)));

    private static bool IsGiven(IOperation use, IOperation builder) => use is IArgumentOperation && use.Syntax.Span.Contains(builder.Syntax.Span);

    private SqlTexts Created(IOperation reference, ISymbol symbol)
    {
        if (symbol is IParameterSymbol parameter)
            return SqlTexts.Of(SqlPiece.Parameter(parameter, reference.Syntax));
        var created = SqlTexts.None;
        if (symbol is IFieldSymbol or IPropertySymbol)
        {
            var member = symbol.OriginalDefinition;
            if (Initializer(member) is { } initializer)
                created = CreatedAs(initializer);
            foreach (var value in AssignedTo(member))
                created = created.Or(CreatedAs(value));
            return created.Alternatives.Count > 0 ? WithGiven(created.WithoutGuards(), reference) : SqlTexts.EmptyString;
        }

        var assignments = _source.Index(reference).Assignments(symbol);
        foreach (var assignment in assignments)
        {
            // A position in a tuple, an element of a collection, an out argument.
            if (assignment.Element is { } element)
                created = created.Or(ReadElementOf(assignment.Value, element) ?? Hole("a builder", assignment.Value));
            else if (assignment.Value.Parent is IForEachLoopOperation)
                created = Elements(BodyReader.Unwrap(assignment.Value)!) is { } elements ? elements.Aggregate(created, (texts, value) => texts.Or(CreatedAs(value))) : created.Or(Hole("a builder", assignment.Value));
            else
                created = created.Or(assignment.Value is IArgumentOperation ? Hole("a builder", assignment.Value) : CreatedAs(assignment.Value));
        }

        // Of a pattern nothing is known.
        return created.Alternatives.Count > 0 ? created : assignments.Count == 0 ? Hole("a builder", reference) : SqlTexts.EmptyString;
    }

    private SqlTexts CreatedAs(IOperation value) => BodyReader.Unwrap(value) switch
    {
        null or IThrowOperation or { ConstantValue: { HasValue: true, Value: null } } => SqlTexts.None,
        var builder => ReadBuilder(builder),
    };

    // The builders of which an expression gives one.
    private static IEnumerable<IOperation>? BuilderChoices(IOperation value) => (value switch
    {
        IConditionalOperation { WhenFalse: { } otherwise } choice => [choice.WhenTrue, otherwise],
        ICoalesceOperation choice => [choice.Value, choice.WhenNull],
        ISwitchExpressionOperation choice => choice.Arms.Select(static a => a.Value),
        ISimpleAssignmentOperation assignment => [assignment.Value],
        ICoalesceAssignmentOperation assignment => [assignment.Target, assignment.Value],
        _ => (IEnumerable<IOperation>?)null,
    })?.Where(static v => BodyReader.Unwrap(v) is not (IThrowOperation or { ConstantValue: { HasValue: true, Value: null } }));

    // var other = builder; var other = builder.Append(…); new[] { builder }: more may be appended there.
    private bool IsHeldUnderAnotherName(ISymbol builder) =>
        (builder is ILocalSymbol or IParameterSymbol ? NamedBeside(builder) : NamedInItsType(builder.OriginalDefinition)).Any(n => IsHeld(n, builder.OriginalDefinition, _source.Model(n.SyntaxTree)));

    private bool IsHeld(IdentifierNameSyntax name, ISymbol holder, SemanticModel? model)
    {
        var at = Use(name);
        while (true)
        {
            switch (at.Parent)
            {
                case ParenthesizedExpressionSyntax or PostfixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.SuppressNullableWarningExpression } or CastExpressionSyntax:
                    at = (ExpressionSyntax)at.Parent;
                    continue;
                case MemberAccessExpressionSyntax { Parent: InvocationExpressionSyntax call } access when access.Expression == at && IsBuilder(model?.GetTypeInfo(call, _cancellationToken).Type):
                    at = call;
                    continue;
            }

            return !IsUsedInPlace(at, name) && SymbolEqualityComparer.Default.Equals(model?.GetSymbolInfo(name, _cancellationToken).Symbol?.OriginalDefinition, holder);
        }
    }

    // Read, changed or handed on, but not kept.
    private static bool IsUsedInPlace(ExpressionSyntax at, IdentifierNameSyntax name) => at.Parent switch
    {
        AssignmentExpressionSyntax assignment => assignment.Left == at || assignment.Left is IdentifierNameSyntax left && left.Identifier.ValueText == name.Identifier.ValueText,
        // A method that is only named may be called elsewhere.
        MemberAccessExpressionSyntax { Parent: not InvocationExpressionSyntax, Name.Identifier.ValueText: var member } => !member.StartsWith("Append", StringComparison.Ordinal),
        MemberAccessExpressionSyntax or ConditionalAccessExpressionSyntax or ElementAccessExpressionSyntax or ArgumentSyntax { Parent: BaseArgumentListSyntax } or
            ExpressionStatementSyntax or ReturnStatementSyntax or ArrowExpressionClauseSyntax or AnonymousFunctionExpressionSyntax or InterpolationSyntax or IsPatternExpressionSyntax or
            BinaryExpressionSyntax { RawKind: not ((int)SyntaxKind.CoalesceExpression or (int)SyntaxKind.AsExpression) } or UsingStatementSyntax or CommonForEachStatementSyntax or NameColonSyntax => true,
        _ => false,
    };

    // Other members may append to a builder that is a member, and what is handed to them isn't known: which of them have run
    // isn't either, unless all that they make begins alike.
    private SqlTexts WithAppendedElsewhere(SqlTexts own, ISymbol builder, IOperation reference)
    {
        if (builder is not (IFieldSymbol or IPropertySymbol))
            return own;
        var texts = own;
        foreach (var body in BodiesThatMention(builder, reference))
        {
            if (_source.Operation(body, _cancellationToken) is { } operation && Uses(operation, builder).ToArray() is { Length: > 0 } uses)
                texts = texts.Or(Appended(own, uses, body));
        }

        var isChanged = texts.Alternatives.Count > own.Alternatives.Count;
        if (!isChanged && builder.DeclaredAccessibility == Accessibility.Private)
            return own;
        return isChanged && IsOfOneVerb(texts) ? texts : own.Or(Hole($"what is appended to '{builder.Name}' elsewhere", reference));
    }

    // Those of the builder's type, but for the one that the reference stands in.
    private IEnumerable<SyntaxNode> BodiesThatMention(ISymbol member, IOperation reference) => NamedInItsType(member)
        .Select(static n => n.Ancestors().FirstOrDefault(static a => a is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or ArrowExpressionClauseSyntax { Parent: BasePropertyDeclarationSyntax }))
        .Where(n => n is not null && !n.Contains(reference.Syntax))
        .Select(static n => n!)
        .Distinct()
        .Take(MostBodies);

    private SqlTexts Initial(IObjectCreationOperation creation)
    {
        foreach (var argument in creation.Arguments)
        {
            if (argument.Value.Type?.SpecialType != SpecialType.System_String)
                continue;
            var isPart = creation.Arguments.Length == 4;
            return isPart ? ReadSlice(Read(argument.Value), argument.Value, [.. creation.Arguments.Skip(1).Take(2)], creation) : Read(argument.Value);
        }

        return SqlTexts.EmptyString;
    }

    // The calls on a builder, those that it is handed to, and what sets its length to zero.
    private IEnumerable<IOperation> Uses(IOperation reference, ISymbol symbol)
    {
        var index = _source.Index(reference);
        return index.Calls(symbol).Concat<IOperation>(index.HandedOn(symbol)).Concat(index.Cut(symbol)).Concat(index.Elements(symbol).Select(static e => e.Parent).OfType<ISimpleAssignmentOperation>());
    }

    private SqlTexts Appended(SqlTexts texts, IEnumerable<IOperation> uses, SyntaxNode at)
    {
        // The outer call of a chain stands first in the tree and ends last in the text.
        var additions = uses.OrderBy(static u => u.Syntax.Span.End).Select(use => (use.Syntax, Adding(use, at))).ToList();
        return SourceFlow.Append(texts, additions, at);
    }

    private Func<SqlTexts, SqlTexts> Adding(IOperation use, SyntaxNode at)
    {
        var guards = Guards(use.Syntax, at, use);
        return all => AddUnder(all, guards, before => Used(before, use));
    }

    private SqlTexts Used(SqlTexts texts, IOperation use) => use switch
    {
        IInvocationOperation call => Called(texts, call),
        IArgumentOperation argument => texts.Then(AppendedBy(argument)),
        ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false } } overwritten => ReadOverwritten(texts, overwritten),
        _ => SqlTexts.EmptyString,
    };

    // What a method of the source appends to the builder that it is handed; of an abstract one, what each that implements it does.
    private SqlTexts AppendedBy(IArgumentOperation argument)
    {
        if (argument.Parent is IObjectCreationOperation creation)
            return AppendedThrough(creation, argument);
        if (argument is not { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod.OriginalDefinition: { } method } call })
            return SqlTexts.EmptyString;
        var texts = SqlTexts.None;
        foreach (var implementation in method.IsAbstract ? _implementations.Of(method) : [method])
        {
            if (_source.Body(implementation, _cancellationToken) is not { } body)
                continue;
            var own = (implementation.PartialImplementationPart ?? implementation).Parameters[parameter.Ordinal];
            texts = texts.Or(Guarded(own, argument, () => InCall(call, implementation, Appended(SqlTexts.EmptyString, Uses(body, own), body.Syntax))));
            // Another builder in its place, what is there replaced, or appended to later.
            if (IsHeldUnderAnotherName(own) || _source.Index(body).Assignments(own).Count > 0 || _source.Index(body).Calls(own).Any(static c => c.TargetMethod.Name == "Replace"))
                texts = texts.Or(Hole($"what '{method.Name}' appends", argument));
        }

        if (texts.Alternatives.Count > 0)
            return texts;
        var isUnknown = method.MethodKind == MethodKind.DelegateInvoke || !DataAccessApis.IsKnown(method.ContainingType);
        return isUnknown && IsBuilder(parameter.Type) ? Hole($"what '{method.Name}' appends", argument) : SqlTexts.EmptyString;
    }

    // A writer over the builder writes to it; so may whatever else keeps it.
    private SqlTexts AppendedThrough(IObjectCreationOperation creation, IArgumentOperation argument)
    {
        if (creation.Type is not INamedTypeSymbol type || !IsBuilder(argument.Parameter?.Type))
            return SqlTexts.EmptyString;
        if (!IsWriter(type))
            return DataAccessApis.IsKnown(type) ? SqlTexts.EmptyString : Hole($"what '{type.Name}' appends", argument);
        if (BodyIndex.Holder(creation) is { } holder)
            return Appended(SqlTexts.EmptyString, Uses(argument, holder), argument.Syntax);
        return BodyIndex.Argument(creation) is { } outer ? AppendedBy(outer) : SqlTexts.EmptyString;
    }

    private SqlTexts Called(SqlTexts texts, IInvocationOperation call)
    {
        var method = call.TargetMethod;
        var arguments = method.IsExtensionMethod && call.Instance is null ? call.Arguments.Skip(1).ToArray() : [.. call.Arguments];
        // In a chain; on a variable it is one of those that the variable is handed to.
        if (method.IsExtensionMethod && call.Instance is null && call.Arguments is [var first, ..] && BodyIndex.Named(first.Value) is null && !method.OriginalDefinition.DeclaringSyntaxReferences.IsEmpty)
            return texts.Then(AppendedBy(first));
        var isWritten = IsWriter(call.Instance?.Type) && method.Name.StartsWith("Write", StringComparison.Ordinal);
        if (!isWritten && !method.Name.StartsWith("Append", StringComparison.Ordinal) && method.Name is not ("Insert" or "Replace" or "Remove" or "Clear"))
            return texts;
        switch (method.Name)
        {
            case "Clear":
                texts = SqlTexts.EmptyString;
                break;
            case "Insert" when arguments.Length >= 2:
                texts = ReadInserted(texts, arguments, call);
                break;
            case "Remove" when arguments.Length == 2 && IsTextBuilder(call.Instance?.Type):
                texts = ReadRemoved(texts, call.Instance, arguments, call);
                break;
            case "Append" when arguments is [{ Value.Type: { } whole }, { Value.Type.SpecialType: SpecialType.System_Int32 }, _] && (IsBuilder(whole) || IsCharacters(whole)):
                texts = texts.Then(ReadSlice(Read(arguments[0].Value), arguments[0].Value, [.. arguments.Skip(1)], call));
                break;
            case "Replace" when arguments.Length >= 2:
                texts = ReadReplaced(texts, Read(arguments[0].Value), Read(arguments[1].Value), call);
                break;
            case "Write" or "WriteLine" or "WriteAsync" or "WriteLineAsync" when arguments.Length >= 2 && arguments[0].Value.Type?.SpecialType == SpecialType.System_String:
            case "AppendFormat" when arguments.Length >= 1:
                var format = arguments.Skip(arguments[0].Parameter?.Name == "provider" ? 1 : 0).ToArray();
                texts = texts.Then(ReadFormat(Read(format[0].Value), Values(format.Skip(1)).ToArray(), call));
                break;
            case "AppendJoin" when arguments.Length >= 2:
                texts = texts.Then(ReadJoined(arguments));
                break;
            case "AppendParameter" or "AppendParameters":
                texts = texts.Then(SqlTexts.Of(SqlPiece.Value(call.Syntax)));
                break;
            default:
                foreach (var argument in arguments)
                {
                    if (argument.Value.Type?.TypeKind != TypeKind.Error && argument.ArgumentKind == ArgumentKind.Explicit)
                        texts = texts.Then(IsTextBuilder(argument.Value.Type) ? ReadBuilder(argument.Value) : Read(argument.Value));
                    if (IsBuilder(argument.Value.Type))
                        break;
                }

                break;
        }

        return method.Name is "AppendLine" or "WriteLine" or "WriteLineAsync" ? texts.Then(SqlTexts.Of(SqlPiece.Known("\n", call.Syntax, -1))) : texts;
    }
}
