namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The return type.</summary>
/// <param name="Kind">How the result is handed back.</param>
/// <param name="Type">The fully qualified return type.</param>
/// <param name="Result">The type of the result, or of one item of a stream; null where there is none.</param>
internal sealed record ReturnShape(ReturnKind Kind, string Type, string? Result)
{
    public bool IsAsync => Kind is not (ReturnKind.Void or ReturnKind.Value);
}
