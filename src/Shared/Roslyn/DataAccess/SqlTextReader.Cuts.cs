using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <content>
/// Parts of a text: ranges, <c>Substring</c>, <c>Remove</c>, <c>Trim</c>, <c>Split</c>. What is taken off the end uncovers
/// nothing; what is taken off the beginning may be a comment's dashes or a quote, and is unknown where it isn't computed.
/// </content>
internal sealed partial class SqlTextReader
{
    /// <summary>A place in a text, counted from its beginning or from its end.</summary>
    private readonly record struct Place(int Offset, bool IsFromEnd)
    {
        public static readonly Place Start = new(0, false);
        public static readonly Place End = new(0, true);
    }

    private static bool IsCharacters(ITypeSymbol? type) =>
        type is { SpecialType: SpecialType.System_String } or { Name: "ReadOnlySpan" or "Span" or "ReadOnlyMemory" or "Memory" };

    // text[3..^1]
    private SqlTexts ReadRange(IImplicitIndexerReferenceOperation indexer)
    {
        if (!IsCharacters(indexer.Instance!.Type))
            return ReadElement(indexer.Instance, indexer.Argument);
        var texts = Read(indexer.Instance);
        return indexer.Argument is IRangeOperation range
            ? Cut(texts, range.LeftOperand is null ? Place.Start : PlaceOf(range.LeftOperand, indexer.Instance), range.RightOperand is null ? Place.End : PlaceOf(range.RightOperand, indexer.Instance), indexer)
            : Cut(texts, null, Place.End, indexer);
    }

    // Substring(start), Substring(start, length), and Slice, AsSpan, ToString of a builder alike.
    private static SqlTexts ReadSlice(SqlTexts texts, IOperation? whole, IReadOnlyList<IArgumentOperation> arguments, IOperation call)
    {
        if (arguments.Count == 0)
            return texts;
        if (PlaceOf(arguments[0].Value, whole) is not { } start)
            return Cut(texts, null, Place.End, call);
        return Cut(texts, start, arguments.Count == 1 ? Place.End : EndOf(start, PlaceOf(arguments[1].Value, whole)), call);
    }

    private static SqlTexts ReadRemoved(SqlTexts texts, IOperation? whole, IReadOnlyList<IArgumentOperation> arguments, IOperation call)
    {
        var start = PlaceOf(arguments[0].Value, whole);
        if (arguments.Count == 1)
            return start is null ? texts : Cut(texts, Place.Start, start, call);
        if (start is { } from && EndOf(from, PlaceOf(arguments[1].Value, whole)) is { } to)
            return Each(texts, text => Split(text, from, to) is (var before, var after) ? before.Then(after) : null, call);
        return texts.Or(Hole($"the result of '{Name(call)}'", call));
    }

    private SqlTexts ReadInserted(SqlTexts texts, IReadOnlyList<IArgumentOperation> arguments, IOperation call)
    {
        var inserted = Read(arguments[1].Value);
        if (PlaceOf(arguments[0].Value, null) is not { } place)
            return texts.Then(inserted);
        var result = SqlTexts.None;
        foreach (var text in texts.Alternatives)
        {
            result = result.Or(Split(text, place, place) is (var before, var after)
                ? SqlTexts.Of([before]).Then(inserted).Then(SqlTexts.Of([after]))
                : SqlTexts.Of([text]).Then(inserted).Or(Hole($"the result of '{Name(call)}'", call)));
        }

        return result;
    }

    // builder[0] = 'x'
    private static SqlTexts ReadOverwritten(SqlTexts texts, ISimpleAssignmentOperation change)
    {
        var written = change.Value.ConstantValue is { HasValue: true, Value: char character } ? SqlText.Of(SqlPiece.Known(character.ToString(), change.Value.Syntax, -1)) : null;
        var place = change.Target is IPropertyReferenceOperation { Arguments: [var index] } ? PlaceOf(index.Value, null) : null;
        return Each(texts, text => written is not null && place is { IsFromEnd: false } at && Split(text, at, new Place(at.Offset + 1, false)) is (var before, var after)
            ? before.Then(written)!.Then(after)
            : null, change);
    }

    private static SqlTexts ReadTrimmed(SqlTexts texts, string method, IEnumerable<IOperation> arguments, IOperation call)
    {
        var characters = Constants(arguments);
        // Whitespace and a semicolon around a statement are nothing.
        if (characters is not null && characters.All(static c => c.Trim().Trim(';').Length == 0))
            return texts;
        var set = characters is null ? [] : string.Concat(characters).ToCharArray();
        return Each(texts, text =>
        {
            var trimmed = method == "TrimStart" ? text : text.TrimmedEnd(set);
            return method == "TrimEnd" ? trimmed : characters is null ? null : trimmed.TrimmedStart(set);
        }, call);
    }

    // The parts of a script, or one of them.
    private SqlTexts ReadSplit(IInvocationOperation call, int? part = null)
    {
        var texts = Read(call.Instance!);
        if (Constants(call.Arguments.Where(static a => a.Value.Type is not { SpecialType: SpecialType.System_Int32 } and not { TypeKind: TypeKind.Enum }).Select(static a => a.Value)) is not { Count: > 0 } separators)
            return texts.Or(Hole("a part of a text", call));
        var isPlain = call.Arguments.Length == 1 || call.Arguments.Skip(1).All(static a => a.ArgumentKind == ArgumentKind.DefaultValue);
        var result = SqlTexts.None;
        foreach (var text in texts.Alternatives)
        {
            var parts = text.Split(separators);
            var isWhole = text.Pieces.All(static p => p.Kind == SqlPieceKind.Text);
            if (isWhole && isPlain && part is { } index && index >= 0 && index < parts.Count)
                parts = [parts[index]];
            result = result.Or(SqlTexts.Of(parts));
            // A statement's own semicolons end statements, whichever of them is taken.
            if (!isWhole && !separators.All(static s => s == ";"))
                result = result.Or(Hole("a part of a text", call));
        }

        return result;
    }

    // Null where they aren't known; none for whitespace.
    private static List<string>? Constants(IEnumerable<IOperation> values)
    {
        var found = new List<string>();
        var pending = new Stack<IOperation>(values);
        while (pending.Count > 0)
        {
            var value = pending.Pop();
            switch (value)
            {
                case { ConstantValue: { HasValue: true, Value: var constant } }:
                    if (constant is char or string { Length: > 0 })
                        found.Add(constant.ToString()!);
                    break;
                case IConversionOperation conversion:
                    pending.Push(conversion.Operand);
                    break;
                case IPropertyReferenceOperation { Property: { Name: "NewLine", ContainingType.Name: "Environment" } }:
                    found.Add("\n");
                    break;
                default:
                    if (Elements(value) is not { } elements)
                        return null;
                    foreach (var element in elements)
                        pending.Push(element);
                    break;
            }
        }

        return found;
    }

    private static SqlTexts Cut(SqlTexts texts, Place? start, Place? end, IOperation at) => Each(texts, text =>
    {
        // Where the end isn't known all of it may be there.
        if (end is { Offset: > 0, IsFromEnd: true } last)
            text = text.WithoutLast(last.Offset) ?? text;
        else if (end is { IsFromEnd: false } to && start is { IsFromEnd: false })
            text = text.First(to.Offset) ?? text;
        return start is not { } from ? null : !from.IsFromEnd ? text.Without(from.Offset) : text.Length is { } length ? text.Without(length + (end is { IsFromEnd: true } e ? e.Offset : 0) - from.Offset) : null;
    }, at);

    // What can't be cut may be any part of the text.
    private static SqlTexts Each(SqlTexts texts, Func<SqlText, SqlText?> change, IOperation at)
    {
        var result = SqlTexts.None;
        foreach (var text in texts.Alternatives)
            result = result.Or(change(text) is { } changed ? SqlTexts.Of([changed]) : SqlTexts.Of([text]).Or(SqlTexts.Hole("a part of a text", at.Syntax)));
        return result;
    }

    private static (SqlText Before, SqlText After)? Split(SqlText text, Place from, Place to)
    {
        var before = from.IsFromEnd ? text.WithoutLast(from.Offset) : text.First(from.Offset);
        var after = to is { IsFromEnd: true, Offset: 0 } ? SqlText.Empty
            : !to.IsFromEnd ? text.Without(to.Offset)
            : text.Length is { } length ? text.Without(length - to.Offset) : null;
        return before is null || after is null ? null : (before, after);
    }

    private static Place? EndOf(Place start, Place? count) => count switch
    {
        { IsFromEnd: false, Offset: var length } => start.IsFromEnd ? start.Offset >= length ? new Place(start.Offset - length, true) : null : new Place(start.Offset + length, false),
        { IsFromEnd: true, Offset: var rest } when !start.IsFromEnd && rest >= start.Offset => new Place(rest - start.Offset, true),
        _ => null,
    };

    // 3, ^3, text.Length - 3
    private static Place? PlaceOf(IOperation index, IOperation? whole)
    {
        switch (BodyReader.Unwrap(index))
        {
            case { ConstantValue: { HasValue: true, Value: int and >= 0 and var offset } }:
                return new Place(offset, false);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat, Operand.ConstantValue: { HasValue: true, Value: int and >= 0 and var offset } }:
                return new Place(offset, true);
            case IPropertyReferenceOperation { Property.Name: "Length", Instance: { } measured } when IsSame(measured, whole):
                return Place.End;
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Subtract, LeftOperand: IPropertyReferenceOperation { Property.Name: "Length", Instance: { } measured }, RightOperand.ConstantValue: { HasValue: true, Value: int and >= 0 and var offset } } when IsSame(measured, whole):
                return new Place(offset, true);
            default:
                return null;
        }
    }

    private static bool IsSame(IOperation measured, IOperation? whole) => BodyIndex.Named(measured) is { } symbol && SymbolEqualityComparer.Default.Equals(symbol, BodyIndex.Named(whole));

    private static string Name(IOperation call) => call is IInvocationOperation { TargetMethod.Name: var name } ? name : "an indexer";
}
