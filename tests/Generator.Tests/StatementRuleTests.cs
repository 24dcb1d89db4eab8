namespace CompileTimeRouting.Generator.Tests;

/// <summary>Each rule on SQL in attributes: what breaks it, where, with what words, and that the half generated then throws.</summary>
public class StatementRuleTests
{
    private const string Types = """
        public sealed record Note(long Id, string Body);
        public sealed class Settable { public required int Id { get; init; } public object? Anything { get; set; } }
        public abstract record Abstract(int Id);
        public static class Sqls { public const string Columns = "id, body"; }
        """;

    [Theory]
    [InlineData("[ReadQuery(\"select body from notes where id = @id\")] public partial Task<string?> Get(long noteId);",
        "CTR009 [@id]: Get | @id", "CTR010 [noteId]: Get | noteId")]
    [InlineData("[ReadQuery(\"select body from notes where id = $2\")] public partial Task<string?> Get(long id, CancellationToken ct);", "CTR012 [$2]: Get | it uses '$2' but not every number below")]
    [InlineData("[ReadQuery(\"select body from notes where id in ($1, $2)\")] public partial Task<string?> Get(long id, CancellationToken ct);", "CTR009 [$2]: Get | $2")]
    [InlineData("[ReadQuery(\"select @ct::text\")] public partial Task<string?> Get(CancellationToken ct);", "CTR009 [@ct]: Get | @ct")]
    public void Parameter_of_the_sql_is_missing(string member, params string[] expected) => AssertBroken(member, expected);

    [Fact]
    public void Unused_parameter_is_a_warning()
    {
        var compilation = Compile("[ReadQuery(\"select body from notes\")] public partial Task<string?> Get(string language);");
        var (violations, isBlocked) = Readings.Statement(compilation);
        Assert.Equal(["CTR010 [language]: Get | language"], violations);
        Assert.False(isBlocked);
        GeneratorTest.Run(compilation, out var output);
        GeneratorTest.AssertCompiles(output);
    }

    [Theory]
    [InlineData("[ReadQuery(\"select id, body, stars from notes\")] public partial Task<List<Note>> Get();", "CTR011 [stars]: Get | Note | the column 'stars' has no place")]
    [InlineData("[ReadQuery(\"select id from notes\")] public partial Task<List<Note>> Get();", "CTR011 [Task<List<Note>>]: Get | Note | no column fills 'Body'")]
    [InlineData("[ReadQuery(\"select anything from notes\")] public partial Task<Settable> Get();",
        "CTR013 [Task<Settable>]: Get | object?", "CTR011 [Task<Settable>]: Get | Settable | no column fills 'Id'")]
    [InlineData("[ReadQuery(\"select id, body, 1 + 1 from notes\")] public partial Task<Note> Get();", "CTR011 [1 + 1]: Get | Note | the column '?column?' has no place")]
    [InlineData("[ReadQuery(\"select id, body, i_d from notes\")] public partial Task<Note> Get();", "CTR011 [i_d]: Get | Note | the columns 'id' and 'i_d' have one place")]
    [InlineData("[ReadQuery(\"select *, stars from notes\")] public partial Task<Note> Get();", "CTR011 [stars]: Get | Note | the column 'stars' has no place")]
    [InlineData("[ReadQuery(\"select 1, 2\")] public partial Task<int> Get();", "CTR011 [2]: Get | int | the statement has 2 columns, and the result has room for 1 column")]
    [InlineData("[ReadQuery(\"select from notes\")] public partial Task<int> Get();", "CTR011 [Task<int>]: Get | int | the statement has 0 columns, and the result has room for 1 column")]
    [InlineData("[ReadQuery(\"select 1, 2\")] public partial (int, int, int) Get();", "CTR011 [(int, int, int)]: Get | (int, int, int) | the statement has 2 columns, and the result has room for 3 columns")]
    [InlineData("[WriteCommand(\"delete from notes\")] public partial Task<string> Get();", "CTR011 [Task<string>]: Get | string | the statement returns no rows, only their number, as int or long")]
    [InlineData("[WriteCommand(\"delete from notes\")] public partial Task<int?> Get();", "CTR011 [Task<int?>]: Get | int? | the statement returns no rows, only their number, as int or long")]
    [InlineData("[WriteCommand(\"delete from notes\")] public partial Task<List<int>> Get();", "CTR011 [Task<List<int>>]: Get | int | the statement returns no rows, only their number, as int or long")]
    public void Columns_and_result_differ(string member, params string[] expected) => AssertBroken(member, expected);

    [Theory]
    [InlineData("\"\"", "\"\"", "it is empty")]
    [InlineData("\" -- nothing\\n;\"", "\" -- nothing\\n;\"", "it is empty")]
    [InlineData("null!", "null!", "it is empty")]
    [InlineData("\"delete from notes; delete from tags\"", "delete from tags", "it holds 2 statements, and a generated body runs one")]
    [InlineData("\"select $1, @id\"", "@id", "it mixes '$n' with '@name'")]
    [InlineData("\"select $0\"", "$0", "a parameter's number is between 1 and 65535")]
    [InlineData("\"select $1, $3\"", "$3", "it uses '$3' but not every number below")]
    [InlineData("\"select 'open\"", "'open", "it ends inside a literal that begins with ''open'")]
    [InlineData("\"select \\\"open\"", "\\\"open", "it ends inside a quoted name that begins with '\"open'")]
    [InlineData("\"select 1 /* open and longer than that\"", "/* open and longer than that", "it ends inside a comment that begins with '/* open and long…'")]
    [InlineData("\"select (1\"", "\"select (1\"", "its parentheses don't match")]
    [InlineData("\"select 1)\"", "\"select 1)\"", "its parentheses don't match")]
    [InlineData("\"select 12ab\"", "12ab", "PostgreSQL can't read '12ab'")]
    public void Sql_is_of_no_use(string sql, string located, string reason) =>
        AssertBroken($"[WriteCommand({sql})] public partial Task Run(int id);", $"CTR012 [{located}]: Run | {reason}");

    [Theory]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(System.Text.StringBuilder body);", "CTR013 [body]: Run | StringBuilder")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(object? body);", "CTR013 [body]: Run | object?")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(int[,] body);", "CTR013 [body]: Run | int[,]")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(int[][] body);", "CTR013 [body]: Run | int[][]")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(NpgsqlTypes.NpgsqlTid[] body);", "CTR013 [body]: Run | NpgsqlTid[]")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial void Run(ReadOnlySpan<int> body);", "CTR013 [body]: Run | ReadOnlySpan<int>")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run<T>(T body);", "CTR013 [body]: Run | T")]
    [InlineData("[WriteCommand(\"insert into notes values (@body)\")] public partial Task Run(Note body);", "CTR013 [body]: Run | Note")]
    [InlineData("[ReadQuery(\"select 1\")] public partial Task<Uri> Run();", "CTR013 [Task<Uri>]: Run | Uri")]
    [InlineData("[ReadQuery(\"select 1\")] public partial Task<Abstract> Run();", "CTR013 [Task<Abstract>]: Run | Abstract")]
    [InlineData("[ReadQuery(\"select 1\")] public partial Task<IComparable> Run();", "CTR013 [Task<IComparable>]: Run | IComparable")]
    [InlineData("[ReadQuery(\"select 1, 2\")] public partial Task<(int, Note)> Run();", "CTR013 [Task<(int, Note)>]: Run | Note")]
    public void Type_has_no_mapping(string member, params string[] expected) => AssertBroken(member, expected);

    /// <summary>The piece of SQL is pointed at where the argument is one literal, of any sort.</summary>
    [Theory]
    [InlineData("\"select @id\"", "@id")]
    [InlineData("\"select '\\u0041\\x41\\U0001F600\\t\\\"', @id\"", "@id")]
    [InlineData("@\"select \"\"a\"\", @id\"", "@id")]
    [InlineData("\"\"\"select \"a\", @id\"\"\"", "@id")]
    [InlineData("\"\"\"\n    select 'x',\n\n      @id, 1\n    \"\"\"", "@id")]
    [InlineData("\"\"\"\r\n\tselect 'x',\r\n\t  @id, 1\r\n\t\"\"\"", "@id")]
    [InlineData("\"select \" + \"@id\"", "\"select \" + \"@id\"")]
    [InlineData("$\"select {Sqls.Columns}, @id\"", "$\"select {Sqls.Columns}, @id\"")]
    [InlineData("sql: \"select @id\"", "@id")]
    public void Location_in_the_literal(string sql, string located) =>
        AssertBroken($"[WriteCommand({sql})] public partial Task Run();", $"CTR009 [{located}]: Run | @id");

    private static void AssertBroken(string member, params string[] expected)
    {
        var compilation = Compile(member);
        var (violations, isBlocked) = Readings.Statement(compilation);
        Assert.Equal(expected, violations);
        Assert.True(isBlocked);
        GeneratorTest.AssertRefused(compilation, expected.First(static e => !e.StartsWith("CTR010", StringComparison.Ordinal))[..6]);
    }

    private static Microsoft.CodeAnalysis.CSharp.CSharpCompilation Compile(string member) =>
        TestCompilation.Create(Types + " public partial class R(RoutedDataSource db) { " + member + " }");
}
