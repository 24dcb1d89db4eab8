using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>What methods return: those of strings and builders, and those of the source.</content>
internal sealed partial class SqlTextReader
{
    private SqlTexts ReadCall(IInvocationOperation call)
    {
        var method = call.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
            return ReadDelegate(call);
        if (method.ContainingType?.SpecialType == SpecialType.System_String)
            return ReadStringMethod(call);
        if (method.Name == "ToString" && call.Instance is { } printed && !SourceModel.HasBody(method.OriginalDefinition, _cancellationToken))
            return IsTextBuilder(printed.Type) ? ReadSlice(ReadBuilder(printed), printed, call.Arguments, call) : printed.Type?.SpecialType == SpecialType.System_String || IsNumber(printed.Type) || printed.Type is { Name: "ReadOnlySpan" or "ReadOnlyMemory" } ? Read(printed) : Hole("an object's text", call);
        if (method is { Name: "AsSpan" or "AsMemory", ContainingType.Name: "MemoryExtensions" })
            return ReadSlice(Read(call.Arguments[0].Value), call.Arguments[0].Value, [.. call.Arguments.Skip(1)], call);
        if (method is { Name: "Trim" or "TrimStart" or "TrimEnd", ContainingType.Name: "MemoryExtensions" })
            return ReadTrimmed(Read(call.Arguments[0].Value), method.Name, call.Arguments.Skip(1).Select(static a => a.Value), call);
        if (method.Name == "Slice" && call.Instance is { } sliced && IsCharacters(sliced.Type))
            return ReadSlice(Read(sliced), sliced, call.Arguments, call);
        if (method is { Name: "Invariant" or "CurrentCulture", ContainingType.Name: "FormattableString" } || method is { Name: "Format", ContainingType.Name: "FormattableStringFactory" })
            return Read(call.Arguments[0].Value);
        if (ReadFromCollection(call) is { } taken)
            return taken;
        if (method.ReturnType.SpecialType != SpecialType.System_String && !IsTaskOfString(method.ReturnType))
            return ReadPassedThrough(call);
        return ReadSourceMethod(call);
    }

    // A lambda that a variable holds.
    private SqlTexts ReadDelegate(IInvocationOperation call)
    {
        if (call.Instance is ILocalReferenceOperation local && _source.Index(local).Assignments(local.Local) is [var only] && Lambda(only.Value) is { } function)
        {
            return Guarded(local.Local, local, () => InCall(call, function.Symbol, Returned(function.Body)
                .Aggregate(SqlTexts.None, (texts, value) => texts.Or(Read(value)))));
        }

        return Hole("the result of a delegate", call);
    }

    private SqlTexts ReadSourceMethod(IInvocationOperation call)
    {
        var method = call.TargetMethod.OriginalDefinition;
        var isVirtual = (method.IsAbstract || method.IsVirtual || method.IsOverride) && !method.IsSealed;
        if (isVirtual && call.Instance is IInstanceReferenceOperation && method.Parameters.IsEmpty)
            return SqlTexts.Of(SqlPiece.Virtual(method, call.Syntax));

        var texts = SqlTexts.None;
        foreach (var implementation in method.IsAbstract ? _implementations.Of(method) : method.IsVirtual ? _implementations.Of(method).Prepend(method) : [method])
        {
            if (!SourceModel.HasBody(implementation, _cancellationToken))
                continue;
            texts = texts.Or(Guarded(implementation, call, () => InCall(call, implementation, ReadReturned(implementation, call))));
        }

        if (method is { IsAbstract: true, Parameters.IsEmpty: true } && IsReadOrWrite(texts) && HolderOf(call.ConstrainedToType, call.Instance) is ITypeParameterSymbol chosen)
            return SqlTexts.Of(SqlPiece.OfHolder(method, chosen, call.Syntax));
        return texts.Alternatives.Any(static t => t.Pieces.Any(static p => p.Kind != SqlPieceKind.Hole)) ? texts : ReadPassedThrough(call);
    }

    // A method that makes text of text, as one that puts in a table prefix: what it is given keeps its verb.
    private SqlTexts ReadPassedThrough(IInvocationOperation call)
    {
        var hole = Hole($"the result of '{call.TargetMethod.Name}'", call);
        var texts = SqlTexts.None;
        foreach (var value in Values(call.Arguments).Prepend(call.Instance))
        {
            if (value is null || !BodyReader.MayBeSql(value.Type))
                continue;
            var given = ReadTexts(value, value.Type);
            if (given.Alternatives.Any(static t => MayBeStatement(t)))
                texts = texts.Or(given.Then(SqlTexts.Of(SqlPiece.Known(" ", call.Syntax, -1))).Then(hole));
        }

        return texts.Alternatives.Count > 0 ? texts : hole;
    }

    // A name or a value is one word.
    private static bool MayBeStatement(SqlText text) => text.Pieces.Any(static p => p.Kind switch
    {
        SqlPieceKind.Text => p.Text.Trim() is var words && words.Any(char.IsWhiteSpace),
        _ => p.Kind == SqlPieceKind.Parameter,
    });

    // What a method of the source gives its out parameter.
    private SqlTexts ReadOutput(IArgumentOperation output)
    {
        if (output.Parent is IInvocationOperation { TargetMethod: { Name: "TryGetValue", DeclaringSyntaxReferences.IsEmpty: true }, Instance: { } dictionary, Arguments: [var key, _] })
            return ReadElement(dictionary, key.Value);
        if (output is not { Parameter: { } parameter, Parent: IInvocationOperation { TargetMethod: { ReturnsByRef: false } method } call } ||
            _source.Body(method.OriginalDefinition, _cancellationToken) is not { } body)
        {
            return Hole("an out argument", output);
        }

        var own = (method.OriginalDefinition.PartialImplementationPart ?? method.OriginalDefinition).Parameters[parameter.Ordinal];
        return Guarded(own, output, () => InCall(call, method.OriginalDefinition, _source.Index(body).Assignments(own)
            .Aggregate(SqlTexts.None, (texts, assignment) => texts.Or(Read(assignment.Value)))));
    }

    private SqlTexts? Argument(IInvocationOperation call, IMethodSymbol implementation, SqlPiece piece)
    {
        if (piece is { Holder: { } holder, Symbol: { } member })
            return ReadOfHolder(member, holder, call, implementation);
        if (piece.Symbol is not IParameterSymbol parameter || !SymbolEqualityComparer.Default.Equals(parameter.ContainingSymbol, implementation))
            return null;
        foreach (var argument in call.Arguments)
        {
            if (argument.Parameter?.Ordinal != parameter.Ordinal)
                continue;
            // What stands for all elements is put in as all of them.
            return BodyReader.AreTexts(argument.Parameter.Type)
                ? ReadJoined(argument.Value, SqlTexts.Of(SqlPiece.Known(" ", argument.Syntax, -1)))
                : ReadTexts(argument.Value, argument.Parameter.Type);
        }

        return null;
    }

    // The texts that an implementation makes of its parameters, as this call makes them.
    private SqlTexts InCall(IInvocationOperation call, IMethodSymbol implementation, SqlTexts texts)
    {
        var own = texts.Guards.Where(g => SymbolEqualityComparer.Default.Equals(g.Parameter?.ContainingSymbol, implementation)).Distinct().ToArray();
        foreach (var guard in own)
        {
            var argument = call.Arguments.FirstOrDefault(a => a.Parameter?.Ordinal == guard.Parameter!.Ordinal)?.Value;
            if (IsExcluded(guard, argument))
                texts = texts.Where(g => !Equals(g, guard));
            var given = argument is IParameterReferenceOperation { Parameter: var parameter } && !_source.Index(argument).Guards.IsChanged(parameter) ? parameter : null;
            texts = texts.Replace(guard, given is null ? null : guard with { Asked = guard.Asked with { Parameter = given } });
        }

        return texts.Bind(piece => Argument(call, implementation, piece));
    }

    private bool IsExcluded(ValueGuard guard, IOperation? argument)
    {
        if (argument?.ConstantValue is { HasValue: true, Value: var constant })
            return guard.Member is null && guard.Excludes(constant);
        if (guard is { Member: null, Value: not (null or ITypeSymbol) } || _source.Created(argument, _cancellationToken) is not { } created || KnownObject.Of(created, _source, _cancellationToken) is not { } known)
            return false;
        return known.Excludes(guard);
    }

    // The conditions on flags under which a value is given on the way to a place; null where it never is.
    private ValueGuard[]? Guards(SyntaxNode value, SyntaxNode at, IOperation reference)
    {
        var guards = _source.Index(reference).Guards;
        var all = guards.At(value);
        if (all.Count == 0)
            return [];
        var own = all.Except(guards.At(at)).ToArray();
        return own.Any(g => _source.NeverHolds(g, _cancellationToken)) ? null : [.. own.Where(g => g.IsOfFewValues && IsOfCall(g, reference))];
    }

    // What the object is made with says nothing of the one that another method is called on.
    private bool IsOfCall(ValueGuard guard, IOperation reference) =>
        guard.Parameter is { } parameter && (parameter.ContainingSymbol is not IMethodSymbol { MethodKind: MethodKind.Constructor } constructor || IsIn(constructor, reference));

    private SqlTexts Under(SqlTexts texts, SyntaxNode value, SyntaxNode at, IOperation reference) =>
        Guards(value, at, reference) is { } guards ? texts.Under(guards) : SqlTexts.None;

    // What is added only under conditions may be missing.
    private static SqlTexts AddUnder(SqlTexts texts, ValueGuard[]? guards, Func<SqlTexts, SqlTexts> add)
    {
        if (guards is null)
            return texts;
        if (guards.Length == 0 || texts.Alternatives.Count is 0 or > MostBranched)
            return add(texts);
        return (guards.Length == 1 ? texts.Under([guards[0].Negated]) : texts).Or(add(texts.Under(guards)));
    }

    private SqlTexts ReadReturned(IMethodSymbol method, IOperation reference)
    {
        if (_source.Body(method, _cancellationToken) is not { } body)
            return Hole($"the result of '{method.Name}'", reference);
        var texts = SqlTexts.None;
        foreach (var returned in Returned(body))
        {
            var guards = _source.Index(returned).Guards.At(returned.Syntax);
            if (!guards.Any(g => _source.NeverHolds(g, _cancellationToken)))
                texts = texts.Or(Read(returned).Under([.. guards.Where(g => IsOfCall(g, returned))]));
        }

        return texts.Alternatives.Count > 0 ? texts : Hole($"the result of '{method.Name}'", reference);
    }

    // What functions inside return is theirs.
    private static IEnumerable<IOperation> Returned(IOperation operation)
    {
        foreach (var child in operation.ChildOperations)
        {
            if (child is IReturnOperation { ReturnedValue: { } value })
            {
                yield return value;
            }
            else if (child is not (IAnonymousFunctionOperation or ILocalFunctionOperation))
            {
                foreach (var inner in Returned(child))
                    yield return inner;
            }
        }
    }

    /// <summary>What a property or parameterless method of the source gives for an object of a type.</summary>
    public SqlTexts? ReadVirtual(ISymbol member, INamedTypeSymbol type, SyntaxNode reference)
    {
        if (member is IFieldSymbol || (member is IPropertySymbol { IsVirtual: false, IsAbstract: false, IsOverride: false, GetMethod: { } automatic } && !SourceModel.HasBody(automatic, _cancellationToken)))
            return ReadBelow(member, type, reference);
        var texts = SqlTexts.None;
        foreach (var implementation in _implementations.Of(member, type))
        {
            var getter = implementation as IMethodSymbol;
            if (implementation is IPropertySymbol property)
            {
                if (property.GetMethod is { } accessor && SourceModel.HasBody(accessor, _cancellationToken))
                    getter = accessor;
                else
                    texts = texts.Or(Initializer(property) is { } initializer ? Read(initializer) : AssignedTo(property).Aggregate(SqlTexts.None, (all, value) => all.Or(Read(value))));
            }

            if (getter is not null && _source.Body(getter, _cancellationToken) is { } body)
                texts = texts.Or(Returned(body).Aggregate(SqlTexts.None, (all, value) => all.Or(Read(value))));
        }

        return texts.Alternatives.Count > 0 ? texts.WithoutGuards() : SqlTexts.Hole($"'{member.Name}'", reference);
    }

    private SqlTexts ReadStringMethod(IInvocationOperation call)
    {
        var arguments = call.Arguments;
        switch (call.TargetMethod.Name)
        {
            case "Concat" when arguments is [{ Value: var all }] && BodyReader.AreTexts(BodyReader.Unwrap(all)?.Type) && Written(BodyReader.Unwrap(all)) is { } written && InOrder(written) is { } elements:
                return elements.Aggregate(SqlTexts.EmptyString, (texts, element) => texts.Then(Read(element).WithoutGuards()));
            case "Concat":
                return Values(arguments).Aggregate(SqlTexts.EmptyString, (texts, value) => texts.Then(Read(value)));
            case "Join" when arguments.Length >= 2:
                return ReadJoined(arguments);
            case "Format":
                var isCulture = arguments.Length > 0 && arguments[0].Value.Type?.SpecialType != SpecialType.System_String && arguments[0].Parameter?.Name == "provider";
                var format = arguments.Skip(isCulture ? 1 : 0).ToArray();
                return format.Length == 0 ? Hole("the result of 'Format'", call) : ReadFormat(Read(format[0].Value), Values(format.Skip(1)).ToArray(), call);
            case "Create" when arguments.LastOrDefault() is { } last:
                return Read(last.Value);
            case "Replace" when call.Instance is { } instance && arguments.Length >= 2:
                return ReadReplaced(Read(instance), Read(arguments[0].Value), Read(arguments[1].Value), call);
            case "ToString" or "ToLower" or "ToLowerInvariant" or "ToUpper" or "ToUpperInvariant" or "Normalize" or "PadLeft" or "PadRight" or "Clone" or "ReplaceLineEndings" when call.Instance is { } instance:
                return Read(instance);
            case "Substring" when call.Instance is { } instance:
                return ReadSlice(Read(instance), instance, arguments, call);
            case "Remove" when call.Instance is { } instance:
                return ReadRemoved(Read(instance), instance, arguments, call);
            case "Trim" or "TrimEnd" or "TrimStart" when call.Instance is { } instance:
                return ReadTrimmed(Read(instance), call.TargetMethod.Name, Values(arguments), call);
            case "Insert" when call.Instance is { } instance && arguments.Length == 2:
                return ReadInserted(Read(instance), arguments, call);
            default:
                return Hole($"the result of '{call.TargetMethod.Name}'", call);
        }
    }

    // A separator, and the values that it parts or a list of them.
    private SqlTexts ReadJoined(IReadOnlyList<IArgumentOperation> arguments)
    {
        var separator = Read(arguments[0].Value);
        var values = Values(arguments.Skip(1)).ToArray();
        if (values.Length == 1 && values[0].Type?.SpecialType != SpecialType.System_String)
            return ReadJoined(values[0], separator);
        var joined = SqlTexts.EmptyString;
        for (var i = 0; i < values.Length; i++)
            joined = i == 0 ? Read(values[i]) : joined.Then(separator).Then(Read(values[i]));
        return joined;
    }

    // One text stands for the whole list: what is joined are names or conditions, of whatever number.
    private SqlTexts ReadJoined(IOperation list, SqlTexts separator)
    {
        var elements = ReadElements(list);
        if (elements.Alternatives.Count <= 1)
            return elements;
        var joined = SqlTexts.Of([elements.Alternatives[0]]);
        foreach (var element in elements.Alternatives.Skip(1))
            joined = joined.Then(separator).Then(SqlTexts.Of([element]));
        // What is put in later may stand first, or in the place of another.
        var isInOrder = Written(BodyReader.Unwrap(list)) is { } written && InOrder(written) is not null;
        return isInOrder || !elements.Alternatives.Any(static t => MayBeStatement(t) && IsWrite(t)) ? joined : joined.Or(Hole("what stands first in a collection", list));
    }

    // The arguments of a params array or span are those of the array.
    private static IEnumerable<IOperation> Values(IEnumerable<IArgumentOperation> arguments)
    {
        foreach (var argument in arguments)
        {
            var value = argument.Value;
            while (value is IConversionOperation { IsImplicit: true } conversion)
                value = conversion.Operand;
            if (argument.Parameter is { Type: IArrayTypeSymbol or { Name: "ReadOnlySpan" } } && value is not IObjectCreationOperation && Elements(value) is { } elements)
            {
                foreach (var element in elements)
                    yield return element;
            }
            else
            {
                yield return argument.Value;
            }
        }
    }

    private SqlTexts ReadFormat(SqlTexts formats, IOperation[] values, IOperation call) =>
        Spliced(formats, index => index >= 0 && index < values.Length ? Read(values[index]) : Hole("an argument of the format", call));

    /// <summary>The <c>{0}</c> of EF's raw SQL are values.</summary>
    public static SqlTexts WithValues(SqlTexts texts, SyntaxNode source) => Spliced(texts, _ => SqlTexts.Of(SqlPiece.Value(source)));

    private static SqlTexts Spliced(SqlTexts formats, Func<int, SqlTexts> value)
    {
        var result = SqlTexts.None;
        foreach (var format in formats.Alternatives)
        {
            var texts = SqlTexts.EmptyString;
            foreach (var piece in format.Pieces)
                texts = piece.Kind == SqlPieceKind.Text ? Splice(texts, piece, value) : texts.Then(SqlTexts.Of(piece));
            result = result.Or(texts);
        }

        return result;
    }

    private static SqlTexts Splice(SqlTexts texts, SqlPiece piece, Func<int, SqlTexts> value)
    {
        var text = piece.Text;
        var from = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] is not ('{' or '}'))
                continue;
            if (i + 1 < text.Length && text[i + 1] == text[i])
            {
                Take(i + 1);
                from = ++i + 1;
                continue;
            }

            var end = text.IndexOf('}', i);
            if (text[i] == '}' || end < 0)
                continue;
            Take(i);
            var index = text.Substring(i + 1, end - i - 1).Split(',', ':')[0];
            texts = texts.Then(int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? value(number) : SqlTexts.Hole("a malformed format", piece.Source));
            from = end + 1;
            i = end;
        }

        Take(text.Length);
        return texts;

        void Take(int to)
        {
            if (to > from)
                texts = texts.Then(SqlTexts.Of(piece.Slice(from, to - from)));
        }
    }

    private static SqlTexts ReadReplaced(SqlTexts texts, SqlTexts old, SqlTexts replacement, IOperation call)
    {
        if (old.Alternatives is not [{ FirstHole: null } pattern] || pattern.Rendered.Length == 0)
            return texts;
        var by = replacement.Alternatives.Count == 0 ? SqlTexts.Hole("a replacement", call.Syntax) : replacement;
        var result = SqlTexts.None;
        foreach (var text in texts.Alternatives)
        {
            var replaced = SqlTexts.EmptyString;
            foreach (var piece in text.Pieces)
                replaced = piece.Kind == SqlPieceKind.Text ? Replace(replaced, piece, pattern.Rendered, by) : replaced.Then(SqlTexts.Of(piece));
            result = result.Or(replaced);
        }

        return result;
    }

    private static SqlTexts Replace(SqlTexts texts, SqlPiece piece, string pattern, SqlTexts by)
    {
        var from = 0;
        for (var at = piece.Text.IndexOf(pattern, StringComparison.Ordinal); at >= 0; at = piece.Text.IndexOf(pattern, from, StringComparison.Ordinal))
        {
            if (at > from)
                texts = texts.Then(SqlTexts.Of(piece.Slice(from, at - from)));
            texts = texts.Then(by);
            from = at + pattern.Length;
        }

        return from < piece.Text.Length ? texts.Then(SqlTexts.Of(piece.Slice(from, piece.Text.Length - from))) : texts;
    }

    private static bool IsTaskOfString(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "Task" or "ValueTask", TypeArguments: [{ SpecialType: SpecialType.System_String }] };
}
