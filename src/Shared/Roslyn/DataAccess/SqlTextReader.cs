using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>
/// Finds the texts that an expression may have, through constants, concatenation, interpolation, variables, fields,
/// properties, conditions, builders and the methods of the source that make them. What can't be known is a hole.
/// </summary>
internal sealed partial class SqlTextReader
{
    /// <summary>How many variables and methods are looked through. Real code needs four or five.</summary>
    private const int MaxDepth = 12;

    /// <summary>
    /// How many variables, members and methods are looked through for one text. Where many objects are made of each other, there are
    /// more ways through them than anybody has time for.
    /// </summary>
    private const int MostLooks = 1_000;

    /// <summary>With more alternatives what is added under a condition is taken as always added.</summary>
    private const int MostBranched = 4;

    /// <summary><c>OperationKind.CollectionExpression</c>, which Roslyn 4.8 doesn't name: <c>["a", "b"]</c>, and the arguments of <c>params</c> spans.</summary>
    public const OperationKind CollectionExpression = (OperationKind)0x7f;

    private readonly SourceModel _source;
    private readonly Implementations _implementations;
    private readonly CancellationToken _cancellationToken;
    private readonly HashSet<(ISymbol Symbol, int Position)> _underWay = [];
    private int _depth;
    private int _looks;

    public SqlTextReader(SourceModel source, Implementations implementations, CancellationToken cancellationToken)
    {
        _source = source;
        _implementations = implementations;
        _cancellationToken = cancellationToken;
    }

    public SqlTexts Read(IOperation operation)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (_depth >= MaxDepth)
            return Hole("a long chain of variables and methods", operation);
        if (_depth == 0 && _underWay.Count == 0)
            _looks = 0;
        _depth++;
        try
        {
            return ReadExpression(operation);
        }
        finally
        {
            _depth--;
        }
    }

    private SqlTexts ReadExpression(IOperation operation)
    {
        // A number's text is one word, whichever it is.
        if (IsNumber(operation.Type))
            return operation.ConstantValue.HasValue ? ReadConstant(operation.ConstantValue.Value, operation) : SqlTexts.Of(SqlPiece.Known("1", operation.Syntax, -1));
        switch (operation)
        {
            case ILiteralOperation { ConstantValue: { HasValue: true, Value: null } }:
            case IDefaultValueOperation { ConstantValue: { HasValue: true, Value: null } }:
            case IThrowOperation:
                return SqlTexts.None;
            case ILiteralOperation { ConstantValue: { HasValue: true, Value: string text } }:
                return SqlTexts.Of(SqlPiece.Known(text, operation.Syntax, 0));
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } sum:
                return ReadSum(sum);
            case IInterpolatedStringOperation interpolated:
                return ReadInterpolated(interpolated, holesAreValues: false);
            case IInterpolatedStringHandlerCreationOperation handler:
                return Read(handler.Content);
            case IInterpolatedStringAdditionOperation addition:
                return Read(addition.Left).Then(Read(addition.Right));
            case IConversionOperation { OperatorMethod: { } converter } when SourceModel.HasBody(converter.OriginalDefinition, _cancellationToken):
                return Guarded(converter.OriginalDefinition, operation, () => ReadReturned(converter.OriginalDefinition, operation).WithoutGuards());
            case IConversionOperation conversion:
                return Read(conversion.Operand);
            case IParenthesizedOperation parenthesized:
                return Read(parenthesized.Operand);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return conditional.Condition.ConstantValue is { HasValue: true, Value: bool known }
                    ? Read(known ? conditional.WhenTrue : whenFalse)
                    : Under(Read(conditional.WhenTrue), conditional.WhenTrue.Syntax, conditional.Syntax, conditional)
                        .Or(Under(Read(whenFalse), whenFalse.Syntax, conditional.Syntax, conditional));
            case IImplicitIndexerReferenceOperation { Instance: { } } part:
                return ReadRange(part);
            case ICoalesceOperation coalesce:
                return Read(coalesce.Value).Or(Read(coalesce.WhenNull));
            case ISwitchExpressionOperation choice:
                return PossibleArms(choice).Aggregate(SqlTexts.None, (texts, arm) => texts.Or(Under(Read(arm.Value), arm.Value.Syntax, choice.Syntax, choice)));
            case IObjectCreationOperation creation when IsTextBuilder(creation.Type):
                return ReadBuilder(creation);
            case ISimpleAssignmentOperation assignment:
                return Read(assignment.Value);
            case IArgumentOperation { Parameter.RefKind: RefKind.Out or RefKind.Ref } output:
                return ReadOutput(output);
            case IConditionalAccessOperation access:
                return Read(access.WhenNotNull);
            case IAwaitOperation { Operation: { } awaited }:
                return Read(awaited);
        }

        // What the compiler has computed, of other assemblies too.
        if (operation.ConstantValue is { HasValue: true, Value: var constant })
            return constant is string known ? SqlTexts.Of(SqlPiece.Known(known, operation.Syntax, -1)) : ReadConstant(constant, operation);

        return operation switch
        {
            ILocalReferenceOperation local => ReadLocal(local),
            IParameterReferenceOperation parameter => ReadParameter(parameter),
            IFieldReferenceOperation field => ReadField(field),
            IPropertyReferenceOperation property => ReadProperty(property),
            IInvocationOperation call => ReadCall(call),
            IArrayElementReferenceOperation { Indices: [var index] } element => ReadElement(element.ArrayReference, index),
            IArrayElementReferenceOperation element => ReadElements(element.ArrayReference),
            _ => Hole("an expression", operation),
        };
    }

    // "a" + "b" + … leans to the left: read in a loop, because generated code has chains of thousands.
    private SqlTexts ReadSum(IBinaryOperation sum)
    {
        var operands = new Stack<IOperation>();
        IOperation at = sum;
        while (at is IBinaryOperation { OperatorKind: BinaryOperatorKind.Add } binary && binary.OperatorMethod is null)
        {
            operands.Push(binary.RightOperand);
            at = binary.LeftOperand;
        }

        if (at == sum)
            return Hole("an expression", sum);
        var texts = Read(at);
        while (operands.Count > 0)
            texts = texts.Then(Read(operands.Pop()));
        return texts;
    }

    /// <summary>A <c>FormattableString</c> whose holes are values, as EF's interpolated SQL.</summary>
    public SqlTexts ReadFormattable(IOperation operation)
    {
        var at = operation;
        while (at is IConversionOperation or IParenthesizedOperation)
            at = at is IConversionOperation conversion ? conversion.Operand : ((IParenthesizedOperation)at).Operand;
        switch (at)
        {
            case IInterpolatedStringOperation interpolated:
                return ReadInterpolated(interpolated, holesAreValues: true);
            case IInvocationOperation { TargetMethod: { Name: "Create", ContainingType.Name: "FormattableStringFactory" }, Arguments: [var format, ..] }:
                return WithValues(Read(format.Value), at.Syntax);
            case IInvocationOperation { TargetMethod.Name: "Select" or "ToList" or "ToArray" or "Where" or "Distinct" or "AsEnumerable" } call when call.Arguments.Length > 0:
                return call.TargetMethod.Name == "Select" && Lambda(call.Arguments[call.Arguments.Length - 1].Value) is { } selector
                    ? Returned(selector.Body).Aggregate(SqlTexts.None, (texts, value) => texts.Or(Read(value)))
                    : ReadElements(call.Arguments[0].Value);
            case ILocalReferenceOperation local when _source.Index(local).Assignments(local.Local) is [var only]:
                return ReadFormattable(only.Value);
            case IConditionalOperation { WhenFalse: { } whenFalse } conditional:
                return ReadFormattable(conditional.WhenTrue).Or(ReadFormattable(whenFalse));
            default:
                return Read(at);
        }
    }

    private SqlTexts ReadInterpolated(IInterpolatedStringOperation interpolated, bool holesAreValues)
    {
        var texts = SqlTexts.EmptyString;
        foreach (var part in interpolated.Parts)
        {
            texts = texts.Then(part switch
            {
                IInterpolatedStringTextOperation { Text: { ConstantValue.Value: string text } } literal => SqlTexts.Of(SqlPiece.Known(text, literal.Syntax, 0)),
                IInterpolationOperation hole when holesAreValues => SqlTexts.Of(SqlPiece.Value(hole.Syntax)),
                IInterpolationOperation hole => Read(hole.Expression),
                // The compiler's form for a handler: AppendLiteral("…") and AppendFormatted(x).
                IInterpolatedStringAppendOperation { AppendCall: IInvocationOperation { Arguments: [var argument, ..] } } append =>
                    append.Kind == OperationKind.InterpolatedStringAppendFormatted && holesAreValues
                        ? SqlTexts.Of(SqlPiece.Value(append.Syntax))
                        : ReadAppended(argument.Value, append),
                _ => Hole("an expression", part),
            });
        }

        return texts;
    }

    private SqlTexts ReadAppended(IOperation value, IInterpolatedStringAppendOperation append) =>
        append.Kind == OperationKind.InterpolatedStringAppendLiteral && value.ConstantValue is { HasValue: true, Value: string text }
            ? SqlTexts.Of(SqlPiece.Known(text, append.Syntax, append.Syntax is InterpolatedStringTextSyntax ? 0 : -1))
            : Read(value);

    private static SqlTexts ReadConstant(object? constant, IOperation operation) => constant switch
    {
        null => SqlTexts.None,
        // Only the name is in the type: an enum's member would be printed.
        _ when operation.Type?.TypeKind == TypeKind.Enum => Hole("an enum", operation),
        IFormattable formattable => SqlTexts.Of(SqlPiece.Known(formattable.ToString(null, System.Globalization.CultureInfo.InvariantCulture), operation.Syntax, -1)),
        _ => SqlTexts.Of(SqlPiece.Known(constant.ToString() ?? "", operation.Syntax, -1)),
    };

    /// <summary>The texts of a value that is given as that type: of a collection those of its elements, of a builder what is in it.</summary>
    public SqlTexts ReadTexts(IOperation value, ITypeSymbol? type) => BodyReader.AreTexts(type) ? ReadElements(value) : IsTextBuilder(type) ? ReadBuilder(value) : Read(value);

    /// <summary>The elements of a collection, each of them one text.</summary>
    public SqlTexts ReadElements(IOperation collection)
    {
        if (collection is IObjectCreationOperation creation)
            return ReadElements(creation);
        if (Elements(collection) is { } elements)
            return elements.Aggregate(SqlTexts.None, (texts, element) => texts.Or(Read(element)));
        switch (collection)
        {
            case IConversionOperation conversion:
                return ReadElements(conversion.Operand);
            // Bound to the elements of what a caller gives.
            case IParameterReferenceOperation parameter:
                return SqlTexts.Of(SqlPiece.Parameter(parameter.Parameter, parameter.Syntax));
            case IInvocationOperation { TargetMethod: { Name: "Split", ContainingType.SpecialType: SpecialType.System_String }, Instance: { } } split:
                return ReadSplit(split);
            case IInvocationOperation { TargetMethod.Name: "Select" or "ToList" or "ToArray" or "Where" or "Distinct" or "AsEnumerable" } call when call.Arguments.Length > 0:
                return call.TargetMethod.Name == "Select" && Lambda(call.Arguments[call.Arguments.Length - 1].Value) is { } selector
                    ? Returned(selector.Body).Aggregate(SqlTexts.None, (texts, value) => texts.Or(Read(value)))
                    : ReadElements(call.Arguments[0].Value);
            case IInvocationOperation { TargetMethod.OriginalDefinition: { } maker } call when _source.Body(maker, _cancellationToken) is { } body:
                return Guarded(maker, call, () => InCall(call, maker, ElementsOf(body, call)));
            case IPropertyReferenceOperation { Property.OriginalDefinition: { IsIndexer: false } property } when property.GetMethod is { } getter && _source.Body(getter, _cancellationToken) is { } body:
                return Guarded(property, collection, () => ElementsOf(body, collection));
            case ILocalReferenceOperation local when _source.Index(local).Assignments(local.Local) is [var only]:
                return Guarded(local.Local, local, () => OrUnknown(ReadElements(only.Value).Or(Added(local)), collection, NamedBeside(local.Local), local.Local));
            case IFieldReferenceOperation { Field: { IsReadOnly: true } field } when Initializer(field.OriginalDefinition) is { } initializer:
                return Guarded(field.OriginalDefinition, collection, () => OrUnknown(ReadElements(initializer).Or(AddedTo(field.OriginalDefinition, collection)), collection, NamedInItsType(field.OriginalDefinition).Concat(NamedOutside(field.OriginalDefinition)), field.OriginalDefinition));
            default:
                return Hole("an element of a collection", collection);
        }
    }

    // What is written out, and what a constructor copies: new List<string>(others) { "…" }.
    private SqlTexts ReadElements(IObjectCreationOperation creation)
    {
        var texts = Elements(creation)!.Aggregate(SqlTexts.None, (all, element) => all.Or(Read(element)));
        foreach (var argument in creation.Arguments)
        {
            if (argument.ArgumentKind != ArgumentKind.DefaultValue && argument.Parameter?.Type is { } type && !IsNumber(type) && !type.Name.EndsWith("Comparer", StringComparison.Ordinal))
                texts = texts.Or(BodyReader.AreTexts(argument.Value.Type) ? ReadElements(argument.Value) : Hole("an element of a collection", argument));
        }

        // A type of the source may do anything with what is added to it.
        return texts.Alternatives.Count > 0 && creation.Type is { DeclaringSyntaxReferences.IsEmpty: false } ? texts.Or(Hole("an element of a collection", creation)) : texts;
    }

    // Of an iterator what it yields; of another method the elements of what it returns.
    private SqlTexts ElementsOf(IOperation body, IOperation reference)
    {
        var texts = SqlTexts.None;
        foreach (var value in Returned(body))
            texts = texts.Or(value.Parent is IReturnOperation { Kind: OperationKind.YieldReturn } ? Read(value) : ReadElements(value));
        return texts.Alternatives.Count > 0 ? texts : Hole("an element of a collection", reference);
    }

    // Written out: in an array, a collection expression or an initializer, of a dictionary the values.
    private static IEnumerable<IOperation>? Elements(IOperation collection) => collection switch
    {
        IArrayCreationOperation { Initializer: { } initializer } => initializer.ElementValues,
        IArrayInitializerOperation initializer => initializer.ElementValues,
        IObjectCreationOperation creation => creation.Initializer is null ? [] : creation.Initializer.Initializers.SelectMany(static element => element switch
        {
            IInvocationOperation { Arguments: [.., var last] } => [last.Value],
            ISimpleAssignmentOperation assignment => [assignment.Value],
            _ => Array.Empty<IOperation>(),
        }),
        { Kind: CollectionExpression } => collection.ChildOperations,
        _ => null,
    };

    // Also where it is held under another name, by which anything may be put in.
    private SqlTexts OrUnknown(SqlTexts texts, IOperation collection, IEnumerable<IdentifierNameSyntax> names, ISymbol holder) =>
        texts.Alternatives.Count == 0 || names.Any(n => IsChangedUnseen(n, holder)) ? texts.Or(Hole("an element of a collection", collection)) : texts;

    // What the source adds to the collection that a field holds.
    private SqlTexts AddedTo(IFieldSymbol field, IOperation reference)
    {
        var texts = SqlTexts.None;
        var places = 0;
        foreach (var place in _source.GivingPlaces(field.Name, _cancellationToken))
        {
            if (++places > SourceModel.MostAssignments)
                return texts.Or(Hole($"'{field.Name}'", reference));
            switch (_source.Operation(place, _cancellationToken))
            {
                case IInvocationOperation { Arguments: [.., var last] } call when Is(call.Instance):
                    texts = texts.Or(ReadTexts(last.Value, last.Value.Type));
                    break;
                case ISimpleAssignmentOperation { Target: IArrayElementReferenceOperation { ArrayReference: var array } } assignment when Is(array):
                    texts = texts.Or(Read(assignment.Value));
                    break;
                case ISimpleAssignmentOperation { Target: IPropertyReferenceOperation { Arguments.IsEmpty: false, Instance: var collection } } assignment when Is(collection):
                    texts = texts.Or(Read(assignment.Value));
                    break;
            }
        }

        return texts.WithoutGuards();

        bool Is(IOperation? named) => SymbolEqualityComparer.Default.Equals(BodyIndex.Named(named)?.OriginalDefinition, field);
    }

    // Of a method that is handed it as a collection that can be changed nothing is known.
    private SqlTexts Added(ILocalReferenceOperation list)
    {
        var index = _source.Index(list);
        var texts = SqlTexts.None;
        foreach (var call in index.Calls(list.Local))
        {
            if (call is { Instance: not null, Arguments: [.., var last] } && SourceAssignments.IsAddition(call.TargetMethod.Name))
                texts = texts.Or(ReadTexts(last.Value, last.Value.Type));
        }

        foreach (var element in index.Elements(list.Local))
            texts = texts.Or(Read(element));
        return index.HandedOn(list.Local).Any(static a => IsChangeable(a.Parameter?.Type) && a.Parent is (IInvocationOperation { TargetMethod: { IsExtensionMethod: false } or { DeclaringSyntaxReferences.IsEmpty: false } } or IObjectCreationOperation { Type.DeclaringSyntaxReferences.IsEmpty: false }))
            ? texts.Or(Hole($"the variable '{list.Local.Name}'", list))
            : texts;
    }

    private static bool IsChangeable(ITypeSymbol? type) =>
        (BodyReader.AreTexts(type) && type is IArrayTypeSymbol) || type is { Name: "List" or "IList" or "ICollection" or "Collection" or "HashSet" or "ISet" or "Queue" or "Stack" or "LinkedList" or "Dictionary" or "IDictionary" or "SortedDictionary" or "SortedList" or "ConcurrentDictionary" };

    private static IAnonymousFunctionOperation? Lambda(IOperation value) => value switch
    {
        IConversionOperation conversion => Lambda(conversion.Operand),
        IDelegateCreationOperation creation => Lambda(creation.Target),
        IAnonymousFunctionOperation function => function,
        _ => null,
    };

    private static bool IsNumber(ITypeSymbol? type) => type is { TypeKind: not TypeKind.Enum, SpecialType: >= SpecialType.System_SByte and <= SpecialType.System_Double };

    private static SqlTexts Hole(string reason, IOperation operation) => SqlTexts.Hole(reason, operation.Syntax);
}
