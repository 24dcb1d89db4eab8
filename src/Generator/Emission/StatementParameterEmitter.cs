using System.Globalization;
using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Roslyn.Statements;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>
/// Writes the parameters of a statement, each with its own type: Npgsql boxes nothing, and sends a null with the type that a
/// value would have.
/// </summary>
internal static class StatementParameterEmitter
{
    private const string List = "global::System.Collections.Generic.List";

    /// <summary>Writes what must be done before, and gives back the expressions that make the parameters.</summary>
    public static List<string> Prepare(CodeWriter writer, StatementBody body, GeneratedNames names)
    {
        var expressions = new List<string>(body.Parameters.Count);
        for (var i = 0; i < body.Parameters.Count; i++)
        {
            var parameter = body.Parameters[i];
            expressions.Add(parameter.Value.IsCollection
                ? Collection(writer, parameter, names, names.Local("sent" + i.ToString(CultureInfo.InvariantCulture)))
                : Single(parameter));
        }

        return expressions;
    }

    private static string Single(StatementParameter parameter)
    {
        var value = parameter.Value;
        var (type, expression) = value.Conversion switch
        {
            ValueConversion.Number => (Wire(value.Wire, value.Type), $"({Wire(value.Wire, value.Type)}){parameter.Argument}"),
            ValueConversion.Universal => (value.Type.Name, Convert(value, value.Type, parameter.Argument)),
            _ => (value.Type.Name, parameter.Argument),
        };
        if (!value.IsTypedByValue || !value.Type.IsNullable)
            return Parameter(type, expression, value.DbType);
        return $"{parameter.Argument} is null ? {UntypedNull} : {Parameter(value.Type.NonNullableName, parameter.Argument + ".GetValueOrDefault()", value.DbType)}";
    }

    private static string Collection(CodeWriter writer, StatementParameter parameter, GeneratedNames names, string local)
    {
        var value = parameter.Value;
        var element = value.Type.ElementType!;
        var isConverted = value.Conversion != ValueConversion.None;
        if (!isConverted && value.Type.Collection != ValueCollection.Sequence)
            return Nullable(value, value.Type.NonNullableName, parameter.Argument);

        var item = isConverted ? Wire(value.Wire, element) : element.Name;
        if (!isConverted)
        {
            writer.Line($"var {local} = {parameter.Argument} is null ? null : new {List}<{item}>({parameter.Argument});");
        }
        else
        {
            writer.Line($"var {local} = default({List}<{item}>);");
            writer.Open($"if ({parameter.Argument} is not null)");
            writer.Line($"{local} = new {List}<{item}>();");
            writer.Line($"foreach (var {names.Item} in {parameter.Argument})");
            writer.Line($"    {local}.Add({Convert(value, element, names.Item)});");
            writer.Close();
        }

        return Nullable(value, $"{List}<{item}>", local);
    }

    private static string Nullable(StatementValue value, string type, string expression)
    {
        var parameter = Parameter(type, expression, value.DbType);
        return value.IsTypedByValue && value.Type.IsNullable ? $"{expression} is null ? {UntypedNull} : {parameter}" : parameter;
    }

    private static string Convert(StatementValue value, TypeRef type, string expression) => value.Conversion switch
    {
        ValueConversion.Number => $"({Wire(value.Wire, type)}){expression}",
        ValueConversion.Universal => $"{expression}{(type.IsNullable ? "?" : "")}.ToUniversalTime()",
        ValueConversion.Text => $"{expression}.ToString()",
        _ => expression,
    };

    private static string Wire(string wire, TypeRef type) => type is { IsValueType: true, IsNullable: true } ? wire + "?" : wire;

    private static string Parameter(string type, string expression, string? dbType) =>
        $"new global::Npgsql.NpgsqlParameter<{type}> {{ {(dbType is null ? "" : $"NpgsqlDbType = {dbType}, ")}TypedValue = {expression} }}";

    // The server infers the type from where the parameter stands.
    private const string UntypedNull =
        "new global::Npgsql.NpgsqlParameter { NpgsqlDbType = global::NpgsqlTypes.NpgsqlDbType.Unknown, Value = global::System.DBNull.Value }";
}
