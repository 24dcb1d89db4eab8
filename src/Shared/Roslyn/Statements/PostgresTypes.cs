using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>
/// The C# types that have a PostgreSQL type, as Npgsql maps them without reflection. What Npgsql infers for
/// <c>NpgsqlParameter&lt;T?&gt;</c> holds for its null too, but for <c>DateTime</c>, whose kind decides.
/// </summary>
internal static class PostgresTypes
{
    private const string System = "global::System.";

    /// <summary>The types without a special type, which Npgsql maps as they are.</summary>
    private static readonly HashSet<string> Native = new(StringComparer.Ordinal)
    {
        System + "Guid",
        System + "DateTimeOffset",
        System + "DateOnly",
        System + "TimeOnly",
        System + "TimeSpan",
        System + "Numerics.BigInteger",
        System + "Collections.BitArray",
        System + "Net.IPAddress",
        System + "Net.IPNetwork",
        System + "Net.NetworkInformation.PhysicalAddress",
        System + "Text.Json.JsonDocument",
        System + "Text.Json.JsonElement",
        System + "Text.Json.Nodes.JsonNode",
        System + "Text.Json.Nodes.JsonObject",
        System + "Text.Json.Nodes.JsonArray",
        System + "Collections.Generic.Dictionary<string, string>",
        System + "Collections.Generic.Dictionary<string, string?>",
    };

    private static readonly HashSet<string> OfNpgsql = new(
        new[]
        {
            "Box", "Cidr", "Circle", "Inet", "Interval", "LSeg", "Line", "LogSequenceNumber", "Path", "Point", "Polygon", "Tid", "TsQuery", "TsVector",
        }.Select(static name => "global::NpgsqlTypes.Npgsql" + name),
        StringComparer.Ordinal);

    /// <summary>How values of a type are sent and read; null where they can't be.</summary>
    public static StatementValue? Map(TypeRef type)
    {
        if (type.ElementType is not { } element || IsBytes(type))
            return Single(type);
        if (element.ElementType is not null && !IsBytes(element))
            return null;
        if (Single(element) is not { DbType: null } value)
            return null;

        // Npgsql reads char[] and sends it as one text.
        var isText = type.Collection == ValueCollection.Array && element is { SpecialType: SpecialType.System_Char, IsNullable: false };
        return value with
        {
            Type = type,
            Wire = isText ? "string" : value.Wire,
            Getter = null,
            Conversion = isText ? ValueConversion.Text : value.Conversion,
            IsCollection = true,
        };
    }

    private static bool IsBytes(TypeRef type) =>
        type is { Collection: ValueCollection.Array, ElementType: { SpecialType: SpecialType.System_Byte, IsNullable: false } };

    private static StatementValue? Single(TypeRef type)
    {
        if (type.EnumUnderlyingType is { } underlying)
            return type.IsNativeEnum ? Value(type, type.NonNullableName) : Number(type, underlying) with { Conversion = ValueConversion.Number };
        if (IsBytes(type))
            return Value(type, "byte[]");
        return type.SpecialType switch
        {
            SpecialType.System_Boolean => Value(type, "bool", "GetBoolean"),
            SpecialType.System_Char => Value(type, "char", "GetChar"),
            SpecialType.System_String => Value(type, "string", "GetString"),
            SpecialType.System_Single => Value(type, "float", "GetFloat"),
            SpecialType.System_Double => Value(type, "double", "GetDouble"),
            SpecialType.System_Decimal => Value(type, "decimal", "GetDecimal"),
            SpecialType.System_DateTime => Value(type, System + "DateTime", "GetDateTime") with { IsTypedByValue = true },
            >= SpecialType.System_SByte and <= SpecialType.System_UInt64 => Number(type, type.SpecialType),
            _ => Named(type),
        };
    }

    // PostgreSQL has three signed integers: the others go into the next larger type, as they do with EF Core.
    private static StatementValue Number(TypeRef type, SpecialType number) => number switch
    {
        SpecialType.System_Int16 => Value(type, "short", "GetInt16"),
        SpecialType.System_Int32 => Value(type, "int", "GetInt32"),
        SpecialType.System_Int64 => Value(type, "long", "GetInt64"),
        SpecialType.System_UInt16 => Value(type, "int", "GetInt32") with { Conversion = ValueConversion.Number },
        SpecialType.System_UInt32 => Value(type, "long", "GetInt64") with { Conversion = ValueConversion.Number },
        SpecialType.System_UInt64 => Value(type, "decimal", "GetDecimal") with { Conversion = ValueConversion.Number },
        _ => Value(type, "short", "GetInt16") with { Conversion = ValueConversion.Number },
    };

    private static StatementValue? Named(TypeRef type)
    {
        var name = type.NonNullableName;
        if (Native.Contains(name))
            return Value(type, name) with { Conversion = name == System + "DateTimeOffset" ? ValueConversion.Universal : ValueConversion.None };
        if (OfNpgsql.Contains(name))
        {
            var value = Value(type, name);
            return name switch
            {
                "global::NpgsqlTypes.NpgsqlLogSequenceNumber" => value with { DbType = "global::NpgsqlTypes.NpgsqlDbType.PgLsn" },
                "global::NpgsqlTypes.NpgsqlTid" => value with { DbType = "global::NpgsqlTypes.NpgsqlDbType.Tid" },
                _ => value,
            };
        }

        return RangeOf(name) is { } bound ? Value(type, name) with { IsTypedByValue = bound == System + "DateTime" } : null;
    }

    private static string? RangeOf(string name)
    {
        const string Range = "global::NpgsqlTypes.NpgsqlRange<";
        if (!name.StartsWith(Range, StringComparison.Ordinal))
            return null;
        var bound = name.Substring(Range.Length, name.Length - Range.Length - 1);
        return bound is "int" or "long" or "decimal" or System + "DateTime" or System + "DateOnly" or System + "DateTimeOffset" ? bound : null;
    }

    private static StatementValue Value(TypeRef type, string wire, string? getter = null) =>
        new(type, wire, getter, ValueConversion.None, null, false);
}
