using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.Models;

/// <summary>A type that a value is bound to or read from.</summary>
/// <param name="Name">The fully qualified type, with its nullability.</param>
/// <param name="NonNullableName">The same without <c>?</c>.</param>
/// <param name="IsNullable">Whether null is a value of it: <c>int?</c>, <c>string?</c>, an oblivious reference type.</param>
/// <param name="IsValueType">Whether it is a value type, nullable or not.</param>
/// <param name="SpecialType">The special type of it, or of what is nullable.</param>
/// <param name="EnumUnderlyingType">The type below an enum; null for other types.</param>
/// <param name="IsNativeEnum">Whether <c>[PgName]</c> says that it is an enum of PostgreSQL.</param>
/// <param name="Collection">Whether it holds many values, and how.</param>
/// <param name="ElementType">The type of the values that a collection holds; null for other types.</param>
internal sealed record TypeRef(
    string Name,
    string NonNullableName,
    bool IsNullable,
    bool IsValueType,
    SpecialType SpecialType,
    SpecialType? EnumUnderlyingType,
    bool IsNativeEnum,
    ValueCollection Collection,
    TypeRef? ElementType);
