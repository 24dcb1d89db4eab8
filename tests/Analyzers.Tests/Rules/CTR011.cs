namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>Columns and result type don't match.</summary>
public class CTR011
{
    [Fact]
    public Task Column_without_a_place() => Rule.Reports(
        """
        public sealed record Note(long Id, string Body);

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id, body, {|CTR011:stars|} from notes")]
            public partial Task<List<Note>> ListAsync();
        }
        """,
        "The columns of 'ListAsync' don't match its result 'Note': the column 'stars' has no place; change one of the two");

    [Fact]
    public Task Member_without_a_column() => Rule.Reports(
        """
        public sealed record Note(long Id, string Body);

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id from notes")]
            public partial {|CTR011:Task<Note?>|} FirstAsync();
        }
        """,
        "The columns of 'FirstAsync' don't match its result 'Note?': no column fills 'Body'; change one of the two");

    [Fact]
    public Task Two_columns_for_a_scalar() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id, {|CTR011:body|} from notes")]
            public partial Task<long> FirstAsync();
        }
        """,
        "The columns of 'FirstAsync' don't match its result 'long': the statement has 2 columns, and the result has room for 1 column; change one of the two");

    [Fact]
    public Task Rows_from_a_command_without_any() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes")]
            public partial {|CTR011:Task<List<long>>|} ClearAsync();
        }
        """,
        "The columns of 'ClearAsync' don't match its result 'long': the statement returns no rows, only their number, as int or long; change one of the two");

    [Fact]
    public Task NoFalsePositive_names_without_case_and_underscores() => Rule.ReportsNothing(
        """
        public sealed record Entry(long NoteId, string Body) { public DateTime? StartsAt { get; set; } }

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select note_id, n.body as \"BODY\", starts_at as startsat from notes n")]
            public partial Task<List<Entry>> ListAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_star() => Rule.ReportsNothing(
        """
        public sealed record Note(long Id, string Body);

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select * from notes")]
            public partial Task<List<Note>> ListAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_optional_members() => Rule.ReportsNothing(
        """
        public sealed class Entry { public required long Id { get; init; } public string? Body { get; set; } public int Length => 1; }

        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id from notes")]
            public partial IAsyncEnumerable<Entry> StreamAsync(CancellationToken ct = default);
        }
        """);

    [Fact]
    public Task NoFalsePositive_number_of_rows_and_returning() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("delete from notes")]
            public partial Task<int> ClearAsync();

            [WriteCommand("insert into notes (body) values (@body) returning id")]
            public partial Task<long> AddAsync(string body);

            [WriteCommand("delete from tags")]
            public partial Task ForgetAsync();
        }
        """);

    [Fact]
    public Task NoFalsePositive_tuple() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery("select id, body from notes")]
            public partial Task<(long Id, string? Text)?> FirstAsync();
        }
        """);
}
