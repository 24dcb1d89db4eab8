using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn;

/// <summary>
/// The types whose values a call uses up: what was read from one is gone, and what was written to one has left. Names, not
/// symbols: most compilations don't have them all, and none has to be looked up.
/// </summary>
internal static class OneShotTypes
{
    /// <summary>Whether it is such a type, derives from one or implements one.</summary>
    public static bool Contain(ITypeSymbol type) => type switch
    {
        ITypeParameterSymbol parameter => parameter.ConstraintTypes.Any(Contain),
        INamedTypeSymbol { TypeKind: TypeKind.Delegate, DelegateInvokeMethod: { } invoke } => IsSink(invoke),
        INamedTypeSymbol { SpecialType: SpecialType.System_String } => false,
        INamedTypeSymbol named => IsListed(named) || BasesOf(named).Any(IsListed) || named.AllInterfaces.Any(IsListed),
        _ => false,
    };

    // Called once per row: what it did for the rows before the failure it would do again. One that answers is asked, not told.
    private static bool IsSink(IMethodSymbol invoke) =>
        (invoke.ReturnsVoid || invoke.ReturnType is INamedTypeSymbol { Name: "Task" or "ValueTask", Arity: 0, ContainingNamespace.Name: "Tasks" });

    private static IEnumerable<INamedTypeSymbol> BasesOf(INamedTypeSymbol type)
    {
        for (var t = type.BaseType; t is not null; t = t.BaseType)
            yield return t;
    }

    private static bool IsListed(INamedTypeSymbol type) => (type.Name, type.ContainingNamespace.Name) switch
    {
        ("Stream" or "TextReader" or "TextWriter" or "BinaryReader" or "BinaryWriter", "IO") => true,
        ("PipeReader" or "PipeWriter" or "IDuplexPipe", "Pipelines") => true,
        ("IEnumerator", "Collections") => true,
        ("IAsyncEnumerable" or "IAsyncEnumerator", "Generic") => true,
        ("IBufferWriter", "Buffers") => true,
        ("ChannelReader" or "ChannelWriter", "Channels") => true,
        ("ValueTask", "Tasks") => true,
        ("IProgress" or "IObserver" or "IObservable", "System") => true,
        ("IDataReader", "Data") => true,
        ("Utf8JsonWriter", "Json") => true,
        ("XmlReader" or "XmlWriter", "Xml") => true,
        ("NpgsqlBinaryExporter" or "NpgsqlBinaryImporter", "Npgsql") => true,
        _ => false,
    };
}
