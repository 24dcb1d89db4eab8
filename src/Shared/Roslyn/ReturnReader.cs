using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>Reads how a routed method hands its result back, and judges it.</summary>
internal static class ReturnReader
{
    /// <summary>The shape, and the type of the result or of one item of a stream.</summary>
    /// <param name="reading">The method.</param>
    /// <param name="isNamed">Whether the shape has the names of the types: rendering them is most of the work.</param>
    public static (ReturnShape Shape, ITypeSymbol? Result) Read(SignatureReading reading, bool isNamed)
    {
        var (method, known) = (reading.Method, reading.Known);
        var type = method.ReturnType;
        if (method.ReturnsVoid)
        {
            if (method.IsAsync)
                reading.Break(RuleIds.UnsupportedSignature, null, "it is async void, and its end can't be awaited; return Task");
            return (new ReturnShape(ReturnKind.Void, "void", null), null);
        }

        var facts = known.Facts(type);
        var kind = KindOf(type, known);
        var result = kind switch
        {
            ReturnKind.Task or ReturnKind.ValueTask => null,
            ReturnKind.Value => type,
            _ => ((INamedTypeSymbol)type).TypeArguments[0],
        };
        if (method.ReturnsByRef || method.ReturnsByRefReadonly)
            Unsupported("it returns by reference; return the value");
        else if (type.IsRefLikeType)
            Unsupported("it returns a ref struct; return an array or Memory<T>");
        else if (facts.HasPointer)
            Unsupported("it returns a pointer; return an array or Memory<T>");
        else if (kind == ReturnKind.Value && IsAwaitable(type))
            Unsupported("it can be awaited, but isn't Task or ValueTask, so the connection would be given back too early; return one of those");

        var resultFacts = result is null ? null : known.Facts(result);
        if (resultFacts?.WhyEscapes is { } why)
        {
            reading.Break(
                RuleIds.ResultEscapes,
                reading.Declaration.ReturnType.GetLocation(),
                type.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat),
                why);
        }

        return (isNamed ? new ReturnShape(kind, facts.Name, resultFacts?.Name) : new ReturnShape(kind, "", null), result);

        void Unsupported(string reason) =>
            reading.Break(RuleIds.UnsupportedSignature, reading.Declaration.ReturnType.GetLocation(), reason);
    }

    private static ReturnKind KindOf(ITypeSymbol type, KnownSymbols known)
    {
        var definition = type.OriginalDefinition;
        return KnownSymbols.Is(definition, known.TaskOfT) ? ReturnKind.TaskOfValue
            : KnownSymbols.Is(definition, known.Task) ? ReturnKind.Task
            : KnownSymbols.Is(definition, known.ValueTaskOfT) ? ReturnKind.ValueTaskOfValue
            : KnownSymbols.Is(definition, known.ValueTask) ? ReturnKind.ValueTask
            : KnownSymbols.Is(definition, known.AsyncEnumerable) ? ReturnKind.AsyncEnumerable
            : ReturnKind.Value;
    }

    private static bool IsAwaitable(ITypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (!t.GetMembers("GetAwaiter").IsEmpty)
                return true;
        }

        return false;
    }
}
