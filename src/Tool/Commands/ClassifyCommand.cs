using System.CommandLine;
using System.CommandLine.Parsing;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Classification;
using CompileTimeRouting.Tool.Input;
using CompileTimeRouting.Tool.Output;

namespace CompileTimeRouting.Tool.Commands;

/// <summary><c>ctr sql classify</c></summary>
internal sealed class ClassifyCommand : Command
{
    private const string StandardStream = "-";

    private const string About = """
        Says of each SQL statement whether a hot standby serves it ("replica"), refuses it or must not get it ("primary"),
        or whether its text doesn't tell ("unknown": treat it as "primary"), with every effect and the tables and
        functions involved.

        Exit status:
          0    all is answered
          1    answered, and a statement has a route named by --fail-on, or the standby disagrees, or a line of the
               NDJSON input is malformed
          2    not answered: wrong arguments, a file that can't be read or written, a standby that can't be asked
          130  interrupted
        """;

    private readonly Argument<string[]> _files = new("files")
    {
        Description = "SQL files, folders (all *.sql below) or patterns such as 'db/**/*.sql'; without any, or for '-', standard input.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _json = new("--json") { Description = "One line of JSON for each statement, instead of the table." };

    private readonly Option<bool> _ndjson = new("--ndjson")
    {
        Description = "Read one {\"id\":…,\"sql\":…} a line from standard input and answer each with one line of JSON, in the same order: "
            + "the strictest answer of all statements in its sql.",
    };

    private readonly Option<string?> _sarif = new("--sarif")
    {
        Description = "Write SARIF 2.1.0 to this file, beside the other output; without a name, or to '-', to standard output instead of it.",
        HelpName = "file",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string?> _standby = new("--standby")
    {
        Description = "Ask this standby as well (postgresql:// URL or Npgsql connection string) and report every disagreement. Statements run there in "
            + "read-only transactions that are rolled back, with a time limit of 5 seconds; one that a standby accepts and that does something is "
            + "not run. Functions of your own are run. The password can stay in PGPASSWORD or a passfile.",
        HelpName = "url",
    };

    private readonly Option<SqlRoute[]> _failOn = new("--fail-on")
    {
        Description = "End with status 1 when a statement has this route; may be given twice.",
        HelpName = "primary|unknown",
        CustomParser = static result => [.. result.Tokens.Select(token => Route(token.Value, result, SqlRoute.Primary, SqlRoute.Unknown))],
    };

    private readonly Option<string[]> _catalogs = new("--catalog")
    {
        Description = "A snapshot of the database (*.routing-catalog.json), which tells what its functions, views and rules do; may be given several times.",
        HelpName = "file",
    };

    private readonly Option<SqlRoute> _unknownFunctions = new("--unknown-functions")
    {
        Description = "Where a statement goes that calls a function which is neither built in nor in a catalog, and does nothing else [default: replica].",
        HelpName = "replica|unknown|primary",
        CustomParser = static result => Route(result.Tokens[0].Value, result, SqlRoute.Replica, SqlRoute.Unknown, SqlRoute.Primary),
    };

    public ClassifyCommand()
        : base("classify", About)
    {
        Add(_files);
        Add(_json);
        Add(_ndjson);
        Add(_sarif);
        Add(_standby);
        Add(_failOn);
        Add(_catalogs);
        Add(_unknownFunctions);
        Validators.Add(Check);
        // On another thread, for a read of the terminal can't be cancelled: the command line's owner must be free to end the process.
        SetAction((parsed, cancellationToken) => Task.Run(() => Classifier.RunAsync(Read(parsed), cancellationToken), cancellationToken));
    }

    private ClassifyOptions Read(ParseResult parsed) => new()
    {
        Files = parsed.GetValue(_files) is { Length: > 0 } files ? files : [StandardStream],
        Json = parsed.GetValue(_json),
        Ndjson = parsed.GetValue(_ndjson),
        Sarif = parsed.GetResult(_sarif) is null ? null : parsed.GetValue(_sarif) ?? StandardStream,
        Standby = parsed.GetValue(_standby),
        FailOn = parsed.GetValue(_failOn) ?? [],
        Catalogs = parsed.GetValue(_catalogs) ?? [],
        UnknownFunctions = parsed.GetValue(_unknownFunctions),
    };

    private void Check(CommandResult result)
    {
        // The parser takes what it doesn't know for files. What follows the name isn't shown: it could be a connection string.
        foreach (var option in (result.GetValue(_files) ?? []).Where(static f => f.Length > 1 && f[0] == '-'))
            result.AddError($"There is no option '{option.Split('=')[0]}'.");
        var sarif = result.GetResult(_sarif) is { } given ? given.Tokens.Count > 0 ? given.Tokens[0].Value : StandardStream : null;
        if (result.GetValue(_ndjson))
        {
            if (result.GetValue(_files) is { Length: > 0 } files && files is not [StandardStream])
                result.AddError("--ndjson reads standard input. Take the files out, or write: ctr sql classify --ndjson < FILE");
            if (sarif is not null)
                result.AddError("--sarif points into files, which --ndjson has none of. Take one of the two out.");
        }

        if (sarif == StandardStream && result.GetValue(_json))
            result.AddError("--json and --sarif both write to standard output. Give SARIF a file: --sarif FILE");
        if (sarif is not null && ConnectionText.IsIn(sarif))
            result.AddError(ConnectionText.Withheld);
        if (sarif?.EndsWith(".sql", StringComparison.OrdinalIgnoreCase) == true)
            result.AddError($"--sarif would overwrite {sarif}. Name the SARIF file behind it, or put the SQL files first.");
    }

    private static SqlRoute Route(string text, ArgumentResult result, params SqlRoute[] allowed)
    {
        foreach (var route in allowed)
        {
            if (text == Names.Of(route))
                return route;
        }

        result.AddError($"'{text}' is none of {string.Join(", ", allowed.Select(Names.Of))}.");
        return default;
    }
}
