namespace CompileTimeRouting.Roslyn.Models;

/// <summary>A place for a column: a tuple element, constructor parameter, property or field.</summary>
/// <param name="Name">The identifier, not escaped.</param>
/// <param name="Type">The type of the value.</param>
/// <param name="IsRequired">Whether a row can't be built without it.</param>
/// <param name="IsInitOnly">Whether it can be set in an object initializer only.</param>
internal sealed record RowMember(string Name, TypeRef Type, bool IsRequired, bool IsInitOnly);
