using CompileTimeRouting.Roslyn.Models;
using CompileTimeRouting.Roslyn.Statements;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes the body of a method whose SQL stands in its attribute: send the statement, read its rows.</summary>
internal sealed class StatementEmitter
{
    private const string SingleResult = "global::System.Data.CommandBehavior.SingleResult";
    private const string Writes = "global::CompileTimeRouting.WriteStatement";

    private readonly CodeWriter _writer;
    private readonly RoutedMethod _method;
    private readonly ResultShape _result;
    private readonly StatementBody _body;
    private readonly GeneratedNames _names;
    private readonly string _route;
    private readonly string? _token;

    private StatementEmitter(CodeWriter writer, RoutedMethod method, GeneratedNames names, string route)
    {
        _writer = writer;
        _method = method;
        _result = method.Statement!.Result;
        _body = method.Statement.Body!;
        _names = names;
        _route = route;
        _token = ShimEmitter.Token(method);
    }

    /// <summary>Writes what is done with the open lease.</summary>
    public static void Emit(CodeWriter writer, RoutedMethod method, GeneratedNames names, string route) =>
        new StatementEmitter(writer, method, names, route).Emit();

    private void Emit()
    {
        var hasResult = _method.Return.Result is not null && _result.Cardinality != ResultCardinality.Stream;
        if (hasResult)
            _writer.Line($"{_method.Return.Result} {_names.Result};");
        var arguments = StatementParameterEmitter.Prepare(_writer, _body, _names);
        _writer.Line($"var {_names.Command} = {_names.Lease}.Connection.CreateCommand();");
        _writer.Open("try");
        _writer.Line($"{_names.Command}.CommandText = {SymbolDisplay.FormatLiteral(_body.Sql, quote: true)};");
        foreach (var argument in arguments)
            _writer.Line($"{_names.Command}.Parameters.Add({argument});");
        if (_body.Execution == StatementExecution.Rows && _result.Cardinality == ResultCardinality.Stream && _method.Retries)
            StreamRows();
        else if (_body.Execution == StatementExecution.Rows)
            ReadRows();
        else
            _writer.Line($"{(hasResult ? $"{_names.Result} = " : "")}{Execute("ExecuteNonQuery", "")};");
        _writer.Close();

        // Npgsql keeps a disposed command for the next one of the same connection.
        _writer.Open("finally");
        _writer.Line($"{_names.Command}.Dispose();");
        _writer.Close();
        if (_method.Route.Transaction)
            _writer.Line($"{Await($"{_names.Lease}.Commit", "")};");
        if (hasResult)
            _writer.Line($"return {_names.Result};");
        else if (_method.Retries && _result.Cardinality != ResultCardinality.Stream)
            _writer.Line("return;");
    }

    private void StreamRows()
    {
        var row = new StatementRowEmitter(_writer, _body.Row!, _names, _route);
        ShimEmitter.EmitRepeatable(
            _writer, _method, _names, _route, "global::Npgsql.NpgsqlDataReader", _names.Reader, Await($"{_names.Command}.ExecuteReader", SingleResult), Read(),
            row.FindColumns, () => row.Emit("yield return ", ";"));
    }

    private void ReadRows()
    {
        _writer.Line($"var {_names.Reader} = {Execute("ExecuteReader", SingleResult)};");
        _writer.Open("try");
        var row = new StatementRowEmitter(_writer, _body.Row!, _names, _route);
        row.FindColumns();
        switch (_result.Cardinality)
        {
            case ResultCardinality.One:
                _writer.Line($"if (!{Read()})");
                _writer.Line($"    throw global::CompileTimeRouting.RowReader.NoRow({_route}.Name);");
                row.Emit($"{_names.Result} = ", ";");
                RefuseMore();
                break;
            case ResultCardinality.ZeroOrOne:
                _writer.Open($"if ({Read()})");
                row.Emit($"{_names.Result} = ", ";");
                RefuseMore();
                _writer.Close();
                _writer.Open("else");
                _writer.Line($"{_names.Result} = default;");
                _writer.Close();
                break;
            case ResultCardinality.Stream:
                _writer.Open($"while ({Read()})");
                row.Emit("yield return ", ";");
                _writer.Close();
                break;
            default:
                _writer.Line($"var {_names.Rows} = new global::System.Collections.Generic.List<{_body.Row!.Type.Name}>();");
                _writer.Open($"while ({Read()})");
                row.Emit($"{_names.Rows}.Add(", ");");
                _writer.Close();
                _writer.Line($"{_names.Result} = {_names.Rows}{(_result.Collection == ResultCollection.Array ? ".ToArray()" : "")};");
                break;
        }

        if (_body.TakesPosition)
            _writer.Line($"{Await($"{Writes}.End", $"in {_names.Lease}, {_names.Reader}")};");
        _writer.Close();
        _writer.Open("finally");
        _writer.Line(_method.Return.IsAsync ? $"await {_names.Reader}.DisposeAsync().ConfigureAwait(false);" : $"{_names.Reader}.Dispose();");
        _writer.Close();
    }

    private void RefuseMore()
    {
        _writer.Line($"if ({Read()})");
        _writer.Line($"    throw global::CompileTimeRouting.RowReader.ManyRows({_route}.Name);");
    }

    private string Execute(string method, string arguments) => _body.TakesPosition
        ? Await($"{Writes}.{method}", $"in {_names.Lease}, {_names.Command}")
        : Await($"{_names.Command}.{method}", arguments);

    private string Read() => Await($"{_names.Reader}.Read", "");

    // The same call, awaited or blocking.
    private string Await(string call, string arguments)
    {
        if (!_method.Return.IsAsync)
            return $"{call}({arguments})";
        var separator = arguments.Length > 0 && _token is not null ? ", " : "";
        return $"await {call}Async({arguments}{separator}{_token}).ConfigureAwait(false)";
    }
}
