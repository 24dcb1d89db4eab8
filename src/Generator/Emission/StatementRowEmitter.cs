using System.Globalization;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes how a row is read.</summary>
internal sealed class StatementRowEmitter(CodeWriter writer, StatementRow row, GeneratedNames names, string route)
{
    private const string List = "global::System.Collections.Generic.List";
    private const string Helpers = "global::CompileTimeRouting.RowReader";

    private readonly Dictionary<StatementColumn, string> _ordinals = [];

    /// <summary>Writes the search for the columns whose ordinals the SQL doesn't tell.</summary>
    public void FindColumns()
    {
        if (row.ColumnsToCheck > 0)
            writer.Line($"{Helpers}.CheckColumns({names.Reader}, {Number(row.ColumnsToCheck)}, {route}.Name);");
        foreach (var column in row.Arguments.Concat(row.Settable))
        {
            if (column.Ordinal >= 0)
            {
                _ordinals[column] = Number(column.Ordinal);
                continue;
            }

            var ordinal = names.Local("ordinal" + Number(_ordinals.Count));
            var finder = column.Ordinal == StatementColumn.MayBeMissing ? "FindOrdinal" : "Ordinal";
            writer.Line($"var {ordinal} = {Helpers}.{finder}({names.Reader}, {SymbolDisplay.FormatLiteral(column.Member, quote: true)}, {route}.Name);");
            _ordinals[column] = ordinal;
        }
    }

    /// <summary>Writes a statement that uses the row.</summary>
    /// <param name="before">What stands before the row.</param>
    /// <param name="after">What stands behind it.</param>
    public void Emit(string before, string after)
    {
        // Columns are read in order; what takes statements of its own is read before.
        var values = new Dictionary<StatementColumn, string>();
        foreach (var column in row.Arguments.Concat(row.Settable))
            values[column] = IsConvertedCollection(column.Value) && !IsSetLater(column) ? Collection(column) : Value(column);

        var arguments = row.Arguments.Select(c => (row.HasNamedArguments ? Identifiers.Escape(c.Member) + ": " : "") + values[c]).ToArray();
        if (row.Kind == RowKind.Scalar)
        {
            writer.Line(before + arguments[0] + after);
            return;
        }

        if (row.Kind == RowKind.Tuple)
        {
            writer.Line($"{before}{(arguments.Length == 1 ? $"new {row.Type.NonNullableName}" : "")}({string.Join(", ", arguments)}){after}");
            return;
        }

        var later = row.Settable.Where(IsSetLater).ToArray();
        if (later.Length == 0)
        {
            Construct(before, arguments, values, after);
            return;
        }

        Construct($"var {names.Row} = ", arguments, values, ";");
        foreach (var column in later)
        {
            writer.Open($"if ({_ordinals[column]} >= 0)");
            var value = IsConvertedCollection(column.Value) ? Collection(column) : Value(column);
            writer.Line($"{names.Row}.{Identifiers.Escape(column.Member)} = {value};");
            writer.Close();
        }

        writer.Line(before + names.Row + after);
    }

    private static bool IsSetLater(StatementColumn column) => column is { Ordinal: StatementColumn.MayBeMissing, IsInitOnly: false };

    private void Construct(string before, string[] arguments, Dictionary<StatementColumn, string> values, string after)
    {
        var initialised = row.Settable.Where(static c => !IsSetLater(c)).ToArray();
        var end = initialised.Length == 0 ? after : "";
        if (arguments.Length == 0)
        {
            writer.Line($"{before}new {row.Type.NonNullableName}(){end}");
        }
        else
        {
            writer.Line($"{before}new {row.Type.NonNullableName}(");
            for (var i = 0; i < arguments.Length; i++)
                writer.Line($"    {arguments[i]}{(i < arguments.Length - 1 ? "," : ")" + end)}");
        }

        if (initialised.Length == 0)
            return;
        writer.Open("");
        foreach (var column in initialised)
            writer.Line($"{Identifiers.Escape(column.Member)} = {values[column]},");
        writer.Close(after);
    }

    private string Value(StatementColumn column)
    {
        var (value, ordinal) = (column.Value, _ordinals[column]);
        var read = value.Conversion == ValueConversion.Number && !value.IsCollection
            ? $"checked(({value.Type.NonNullableName}){Get(value.Getter, value.Wire, ordinal)})"
            : Get(value.Getter, ReadType(value), ordinal);
        var isNull = $"{names.Reader}.IsDBNull({ordinal})";
        if (column is { Ordinal: StatementColumn.MayBeMissing, IsInitOnly: true })
            isNull = $"{ordinal} < 0 || {isNull}";
        return value.Type.IsNullable ? $"{isNull} ? default({value.Type.Name}) : {read}" : read;
    }

    private string Get(string? getter, string type, string ordinal) =>
        $"{names.Reader}.{getter ?? $"GetFieldValue<{type}>"}({ordinal})";

    private static string ReadType(StatementValue value) => value switch
    {
        { IsCollection: false } => value.Wire,
        { Type.Collection: ValueCollection.Sequence } => $"{List}<{value.Type.ElementType!.Name}>",
        _ => value.Type.NonNullableName,
    };

    // What is sent in UTC is read in UTC.
    private static bool IsConvertedCollection(StatementValue value) =>
        value.IsCollection && value.Conversion is ValueConversion.Number or ValueConversion.Text;

    private string Collection(StatementColumn column)
    {
        var (value, ordinal) = (column.Value, _ordinals[column]);
        var element = value.Type.ElementType!;
        var local = names.Local("read" + Number(_ordinals.Keys.ToList().IndexOf(column)));
        var isArray = value.Type.Collection == ValueCollection.Array;
        var wire = element is { IsValueType: true, IsNullable: true } ? value.Wire + "?" : value.Wire;
        var type = isArray ? value.Type.NonNullableName : $"{List}<{element.Name}>";

        writer.Line($"var {local} = default({type});");
        var condition = value.Type.IsNullable ? $"!{names.Reader}.IsDBNull({ordinal})" : "";
        if (column is { Ordinal: StatementColumn.MayBeMissing, IsInitOnly: true })
            condition = $"{ordinal} >= 0 && {condition}";
        writer.Open(condition.Length == 0 ? "" : $"if ({condition})");
        writer.Line($"var {names.Item} = {names.Reader}.GetFieldValue<{wire}[]>({ordinal});");
        writer.Line($"{local} = new {(isArray ? $"{NewArray(element.Name, names.Item)}" : $"{type}({names.Item}.Length)")};");
        writer.Open($"for (var {names.Index} = 0; {names.Index} < {names.Item}.Length; {names.Index}++)");
        var converted = value.Conversion == ValueConversion.Text
            ? $"{names.Item}[{names.Index}][0]"
            : $"checked(({element.Name}){names.Item}[{names.Index}])";
        writer.Line(isArray ? $"{local}[{names.Index}] = {converted};" : $"{local}.Add({converted});");
        writer.Close();
        writer.Close();
        return local;
    }

    private static string NewArray(string element, string source) => $"{element}[{source}.Length]";

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
