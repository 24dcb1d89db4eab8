namespace CompileTimeRouting.Generator.Tests;

/// <summary>SQL in the attribute: the statement, and how the method hands its result back.</summary>
public class StatementTests
{
    [Fact]
    public Task Task_of_one() => Verify("[ReadQuery(\"select id, body from notes where id = @id\")] public partial Task<Note> GetAsync(long id, CancellationToken ct = default);");

    [Fact]
    public Task Task_of_one_or_none() => Verify("[ReadQuery(\"select id, body from notes where id = @id\")] public partial Task<Note?> FindAsync(long id, CancellationToken ct);");

    [Fact]
    public Task Blocking_one() => Verify("[ReadQuery(\"select id, body from notes where id = @id\")] public partial Note Get(long id);");

    [Fact]
    public Task Blocking_one_or_none() => Verify("[ReadQuery(\"select id, body from notes where id = @id\")] public partial Note? Find(long id);");

    [Fact]
    public Task Blocking_list() => Verify("[ReadQuery(\"select id, body from notes\")] public partial List<Note> All();");

    [Fact]
    public Task ValueTask_of_scalar() => Verify("[ReadQuery(\"select count(*) from notes\")] public partial ValueTask<long> CountAsync();");

    [Fact]
    public Task List_and_interfaces_of_it() => Verify("""
        [ReadQuery("select id from notes")] public partial Task<List<long>> ListAsync();
        [ReadQuery("select id from notes")] public partial Task<IReadOnlyList<long>> ReadOnlyAsync();
        [ReadQuery("select id from notes")] public partial Task<IList<long>> InterfaceAsync();
        [ReadQuery("select id from notes")] public partial Task<ICollection<long>> CollectionAsync();
        [ReadQuery("select id from notes")] public partial Task<IReadOnlyCollection<long>> ReadOnlyCollectionAsync();
        """);

    [Fact]
    public Task Array() => Verify("[ReadQuery(\"select id, body from notes\")] public partial Task<Note[]> AllAsync(CancellationToken ct = default);");

    [Fact]
    public Task Stream() => Verify("[ReadQuery(\"select id, body from notes where id > @after\")] public partial IAsyncEnumerable<Note> StreamAsync(long after, CancellationToken ct = default);");

    [Fact]
    public Task Stream_without_token() => Verify("[ReadQuery(\"select body from notes\")] public partial IAsyncEnumerable<string> BodiesAsync();");

    [Fact]
    public Task Write_without_result() => Verify("""
        [WriteCommand("delete from notes where id = @id")] public partial Task DeleteAsync(long id, CancellationToken ct = default);
        [WriteCommand("delete from notes")] public partial ValueTask ClearAsync();
        [WriteCommand("truncate notes")] public partial void Truncate();
        """);

    [Fact]
    public Task Rows_affected() => Verify("""
        [WriteCommand("delete from notes where id = @id")] public partial Task<int> DeleteAsync(long id);
        [WriteCommand("update notes set body = ''")] public partial long Blank();
        """);

    [Fact]
    public Task Returning_is_a_result_and_no_count() => Verify("[WriteCommand(\"insert into notes (body) values (@body) returning id\")] public partial Task<long> AddAsync(string body);");

    [Fact]
    public Task Result_that_nobody_wants() => Verify("[ReadQuery(\"select pg_sleep(@seconds)\")] public partial Task SleepAsync(double seconds);");

    [Fact]
    public Task Transaction() => Verify("""
        [WriteCommand("insert into notes (body) values (@body) returning id", Transaction = true)] public partial Task<long> AddAsync(string body, CancellationToken ct);
        [WriteCommand("delete from notes", Transaction = true, IsolationLevel = IsolationLevel.Serializable)] public partial void Clear();
        """);

    [Fact]
    public Task Without_retry() => Verify("""
        [ReadQuery("select body from notes", Retry = false)] public partial IAsyncEnumerable<string> BodiesAsync();
        [ReadQuery("select id, body from notes where id = @id", Retry = false)] public partial Task<Note?> FindAsync(long id);
        """);

    [Fact]
    public Task What_may_leave_session_state() => Verify("""
        [ReadQuery("select count(*) from notes")] public partial long Count();
        [ReadQuery("select my_count()")] public partial long MyCount();
        [WriteCommand("select set_config('work_mem', '64kB', false)")] public partial string Configure();
        """);

    [Fact]
    public Task Static_method() => GeneratorTest.Verify("""
        public static partial class R
        {
            private static readonly RoutedDataSource Db = null!;
            [ReadQuery("select 1", Consistency = ReadConsistency.Strong)] public static partial Task<int> OneAsync();
        }
        """);

    [Fact]
    public Task Sql_from_constants() => Verify("""
        private const string Columns = "id, body";
        [ReadQuery($"select {Columns} from notes where id = @id")] public partial Task<Note?> FindAsync(long id);
        [ReadQuery("select " + Columns + " from notes")] public partial Task<List<Note>> AllAsync();
        """);

    [Fact]
    public Task Sql_of_any_content() => Verify(""""
        [ReadQuery("""
            select 'it''s "quoted" \ {braces}', E'\n', U&'\0061', $$ dollar @id $$ -- @comment
                 , @id
            """)]
        public partial Task<(string, string, string, string, int)> WeirdAsync(int id);
        [ReadQuery("select 'nul:\0 bell:\a surrogate:\uD800 separator:\u2028 emoji:\U0001F600\r\n\ttab'")] public partial Task<string> ControlAsync();
        """");

    [Fact]
    public Task Names_of_any_case_and_keywords() => Verify("[ReadQuery(\"select id, body from notes where id = @CLASS and body = @from or id = @class\")] public partial Task<List<Note>> SearchAsync(long @class, string from);");

    [Fact]
    public Task Names_beside_operators() => Verify("[ReadQuery(\"select id from notes where tags @> @tags and body <@b limit@n\")] public partial Task<List<long>> SearchAsync(string[] tags, string b, int n);");

    [Fact]
    public Task Numbers_in_any_order() => Verify("[ReadQuery(\"select id from notes where body = $2 and id = $1 and id = $1\")] public partial Task<List<long>> SearchAsync(CancellationToken ct, long id, string body);");

    [Fact]
    public Task Parameter_that_the_sql_does_not_use() => Verify("[ReadQuery(\"select id from notes where id = @id\")] public partial Task<long?> FindAsync(string language, long id);");

    [Fact]
    public Task Annotations_disabled() => GeneratorTest.Verify("""
        #nullable disable
        public class Note { public int Id { get; set; } public string Body { get; set; } public DayOfWeek[] Days { get; set; } }
        public partial class R(RoutedDataSource db)
        {
            [ReadQuery("select id, body, days from notes where body = @body and days = @days")] public partial Task<Note> FindAsync(string body, DayOfWeek[] days);
            [ReadQuery("select body from notes where id = any(@ids)")] public partial Task<List<string>> BodiesAsync(IReadOnlyList<int> ids);
        }
        """);

    [Fact]
    public Task Names_like_generated_ones() => Verify("""
        private int __ctr_reader = 0; public int Used() => __ctr_reader;
        [ReadQuery("select @__ctr_lease::int")] public partial Task<int> OneAsync(int __ctr_lease);
        """);

    private static Task Verify(string members) => GeneratorTest.Verify($$"""
        namespace App;
        public sealed record Note(long Id, string Body);
        public partial class R(RoutedDataSource db)
        {
            {{members}}
        }
        """);
}
