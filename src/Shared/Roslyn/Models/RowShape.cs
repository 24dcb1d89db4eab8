namespace CompileTimeRouting.Roslyn.Models;

/// <summary>The type that one row becomes.</summary>
/// <param name="Kind">How.</param>
/// <param name="Type">The type itself.</param>
/// <param name="Arguments">Tuple elements, or the parameters of the constructor to call, in order.</param>
/// <param name="Settable">Properties and fields that an object initializer can set and that no parameter sets.</param>
internal sealed record RowShape(RowKind Kind, TypeRef Type, EquatableArray<RowMember> Arguments, EquatableArray<RowMember> Settable);
