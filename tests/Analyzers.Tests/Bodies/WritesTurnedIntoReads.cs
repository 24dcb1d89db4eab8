using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>
/// Turns the writes of a source into reads and leaves its shape as it is: SQL in literals, however it is split over them, and
/// calls of what writes by its name.
/// </summary>
internal static class WritesTurnedIntoReads
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    // In their order: whole statements before the words that stand in a literal of their own.
    private static readonly (Regex Write, string Read)[] Sql =
    [
        New("""\bmerge\s+into\b[^"]*""", "select 1"),
        New("""\s+on\s+conflict\b[^"]*""", ""),
        New("""\s+returning\b[^;")]*""", ""),
        New("""\bdelete\s+top\s*\(10\)\s+from\b""", "select id from"),
        // What is cut out by its position stays as long as it was.
        New("""(?<=--\s)delete\b""", "select"),
        New("""\bdelete\s+from\b""", "select * from"),
        New("""\bdelete(?=\s*"?$)""", "select *"),
        New("""(?<=^"?)del(?="?$)""", "sel"),
        New("""(?<=^"?)ete(?=\s)""", "ect"),
        New("""(?<=^")dfrom\b""", "sfrom"),
        New("""(?<=^"?)elete(?=\s)""", "elect"),
        New("""\binsert\s+into\s+(\S+)\s+default\s+values\b""", "select * from $1"),
        New("""\binsert\s+into\s+(\S+)\s*\(([^)"]*)\)\s*values\s*\(""", "select $2 from $1 where id in ("),
        New("""\binsert\s+into\s+(\S+)\s+values\s*\(""", "select * from $1 where id in ("),
        New("""\binsert\s+into\s+\w+\s+(?=values\s"$|select\b|table\b|with\b)""", ""),
        New("""\binsert\s+into\b""", "select * from"),
        New("""(?<=^"?)\s+values\s*\(""", " where id in ("),
        New("""\bupdate\s+(\S+)\s+set\s+([^;"]*?)\s+where\b""", "select * from $1 where $2 and"),
        New("""\bupdate\s+(\S+)\s+set\b""", "select * from $1 where"),
        New("""\b(truncate\s+table|truncate|drop\s+table\s+if\s+exists|drop\s+table|vacuum|lock\s+table|lock)\s+(\w+)(\s+in\s[\w\s]*mode)?""", "table $2"),
        New("""\b(create\s[^"]*?\bas\s+)(?=select\b)""", ""),
        New("""\bcreate\s+(temp\s+)?table\s+([\w.]+)\s*\([^)"]*\)""", "table $2"),
        New("""\balter\s+table\s+(\w+)[^;"]*""", "table $1"),
        New("""\bcheckpoint\b""", "select 1"),
        New("""\bcopy\s+notes\s+from\s+stdin\b""", "copy notes to stdout"),
        New("""\bto\s+'/tmp/notes'""", "to stdout"),
        New("""\s+into\s+(temp\s+)?copies\b""", ""),
        New("""\s*\bfor\s+(/\*\skey\s\*/\s|no\s+key\s+|key\s+)?(update|share)\b(\s+of\s+\w+)?(\s+skip\s+locked|\s+nowait)?""", ""),
        New("""\bpg_catalog\.\\?"nextval\\?"\(""", "upper("),
        New("""\bnextval\(""", "upper("),
        New("""\b(setval|set_config|pg_notify|lo_open)\(""", "concat("),
        New("""\b(pg_advisory_lock|pg_try_advisory_lock)\(""", "abs("),
        New("""\btxid_current\(\)""", "now()"),
        New("""\bserializable\b""", "repeatable read"),
        New("""\bread\s+write\b""", "read only"),
        New("""\btransaction_read_only\s*=\s*off\b""", "transaction_read_only = on"),
        New("""\b(listen|notify)\s+\w+(,\s*'\w+')?""", "show transaction_read_only"),
        New("""\b(prepare\s+transaction|commit\s+prepared)\s+'one'""", "commit"),
        New("""\b(app\.)?(book|in_c|archive_notes)\(1\)""", "abs(1)"),
        New("""\bbook_all\(\)""", "now()"),
        New("""\boverloaded\(1,\s2\)""", "overloaded(1)"),
        New("""\bfrom\sbooking\b""", "from upcoming"),
        New("""\bfrom\scache\b""", "from customers"),
    ];

    private static readonly (Regex Write, string Read)[] Calls =
    [
        New("""\[WriteCommand\b""", "[ReadQuery"),
        New("""\bTexts\.Write\b""", "Texts.Read"),
        New("""\bIsolationLevel\.Serializable\b""", "IsolationLevel.RepeatableRead"),
        New("""\bBeginTextImport(Async)?\(""", "BeginTextExport$1("),
        New("""\bBeginBinaryImport(Async)?\(""", "BeginBinaryExport$1("),
        New("""\bExecuteDelete(Async)?\(\)""", "Count$1()"),
        New("""\bExecuteUpdate(Async)?\(s\s=>\ss\.SetProperty\(n\s=>\sn\.Body,\s"x"\)\)""", "Count$1()"),
        New("""\b(?<=\.|=>\s)SaveChanges(Async)?\([^()]*\)""", "Set<object>().Count$1()"),
        New("""\bimporter\.WriteAsync\("1\\n"\)""", "importer.ReadLineAsync()"),
        New("""\bimporter\.Complete\(\)""", "(ulong)importer.StartRow()"),
        New("""\bsqlite\.InsertAsync\(new\sNote\(\)\)""", "sqlite.GetAsync<Note>(id)"),
        New("""\.(Add|Update|Delete|Insert)Async\(new\sNote\(\)\)""", ".ListAsync()"),
        New("""\.CommitAsync\(\)""", ".BeginAsync()"),
        New("""\.CreateAsync\(new\sNote\(\)\)""", ".FindByIdAsync(id)"),
        New("""\.PasswordSignInAsync\([^()]*\)""", ".SignOutAsync()"),
        New("""\bCommandText\s=\s(name\b|Environment\.MachineName\b)""", "CommandText = \"select 1\""),
        New("""\.Database\.(Migrate|EnsureCreated|EnsureDeleted)(Async)?\(\)""", ".Database.CanConnect$2()"),
    ];

    // What a read puts into its SQL from its parameters isn't known of a read either: the twin is given a constant.
    private static readonly (Regex Parameter, string Constant)[] Parameters =
    [
        Known("name", "notes"),
        Known("table", "notes"),
        Known("verb", "table"),
        Known("sql", "select 1"),
        Known("copy", "copy notes to stdout"),
    ];

    // One of these is left: the source writes, or may.
    private static readonly Regex Left = new(
        """
        \b(delete|insert|update|merge|truncate|drop|alter|create|vacuum|grant|reindex|cluster|refresh|comment|copy\s+\w+\s+from|nextval|setval|set_config|pg_notify|lo_\w+|pg_\w*advisory\w*|txid_current|dblink|
        listen|notify|lock|on\s+conflict|returning|for\s+(no\s+key\s+|key\s+)?(update|share)|serializable)\b
        """,
        Options | RegexOptions.IgnorePatternWhitespace);

    private static readonly Regex LeftCalls = new(
        """\[WriteCommand\b|\.SaveChanges|\bExecute(Update|Delete)\w*\(|\.Migrate\w*\(|\bCreateTables\w*\(|\bEnsure(Created|Deleted)\w*\(|\bBegin\w+Import\w*\(|\.Upsert\(|\bEnlistTransaction\b|\{\sdb\.(Notes\.Add|Remove)\(new\sNote\(\)\);\s\}""", RegexOptions.CultureInvariant);

    /// <summary>The same source with reads.</summary>
    public static string In(string source)
    {
        var read = Replace(Replace(InLiterals(source, static literal => Replace(literal, Sql)), Calls), Parameters);
        return read.Contains("CountAsync()", StringComparison.Ordinal) ? "using Microsoft.EntityFrameworkCore;\n" + read : read;
    }

    /// <summary>Whether a write is left in a source.</summary>
    public static bool AreLeftIn(string source)
    {
        var isLeft = LeftCalls.IsMatch(source);
        InLiterals(source, literal =>
        {
            isLeft |= Left.IsMatch(literal);
            return literal;
        });
        return isLeft;
    }

    private static string InLiterals(string source, Func<string, string> change)
    {
        var text = new StringBuilder();
        var end = 0;
        foreach (var token in CSharpSyntaxTree.ParseText(source, new CSharpParseOptions(LanguageVersion.CSharp14)).GetRoot().DescendantTokens().Where(IsText))
        {
            text.Append(source, end, token.SpanStart - end).Append(change(token.Text));
            end = token.Span.End;
        }

        return text.Append(source, end, source.Length - end).ToString();
    }

    private static bool IsText(SyntaxToken token) => token.Kind() is
        SyntaxKind.StringLiteralToken or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken or
        SyntaxKind.Utf8StringLiteralToken or SyntaxKind.InterpolatedStringTextToken;

    private static string Replace(string text, (Regex Write, string Read)[] replacements) => replacements.Aggregate(text, static (t, r) => r.Write.Replace(t, r.Read));

    // Where it is used.
    private static (Regex Write, string Read) Known(string parameter, string value) =>
        (new Regex($"""(\[ReadQuery\]\s+public\sstatic\s[^(]*\([^)]*?),\sstring\s{parameter}\b(?=.*\b{parameter}\b)""", RegexOptions.CultureInvariant | RegexOptions.Singleline), $"private const string {parameter} = \"{value}\"; $1");

    private static (Regex Write, string Read) New(string write, string read) => (new Regex(write, Options), read);
}
