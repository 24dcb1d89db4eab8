namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>A write that is tried again must be one transaction.</summary>
public class CTR016
{
    [Fact]
    public Task Core_without_transaction() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand({|CTR016:SerializationRetries = 3|})]
            public static Task MoveAsync(NpgsqlConnection connection, long id) => Task.CompletedTask;

            [WriteCommand({|CTR016:SerializationRetries = 1|}, Transaction = false)]
            public partial long Count();
            private static long Count(NpgsqlConnection connection) => 1;
        }
        """,
        "'MoveAsync' is to be tried again after a serialization failure, but its core may have committed a part by then; set Transaction = true",
        "'Count' is to be tried again after a serialization failure, but its core may have committed a part by then; set Transaction = true");

    [Fact]
    public Task Statement_that_may_commit_on_its_way() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("call move_notes(@id)", {|CTR016:SerializationRetries = 3|})]
            public partial Task MoveAsync(long id);

            [WriteCommand("/* all */ DO $$ begin commit; end $$", {|CTR016:SerializationRetries = 3|})]
            public partial Task RunAsync();
        }
        """,
        "'MoveAsync' is to be tried again after a serialization failure, but its procedure or block may have committed a part by then; set Transaction = true",
        "'RunAsync' is to be tried again after a serialization failure, but its procedure or block may have committed a part by then; set Transaction = true");

    [Fact]
    public Task NoFalsePositive_transaction() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand(SerializationRetries = 3, Transaction = true)]
            public static Task MoveAsync(NpgsqlConnection connection, long id) => Task.CompletedTask;

            [WriteCommand("call move_notes(@id)", Transaction = true, SerializationRetries = 3)]
            public partial Task CallAsync(long id);
        }
        """);

    [Fact]
    public Task NoFalsePositive_one_statement() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand("with gone as (delete from notes where id = @id returning *) insert into archive select * from gone", SerializationRetries = 3)]
            public partial Task MoveAsync(long id);

            [WriteCommand("insert into notes (body) values (@body) returning id", SerializationRetries = 3)]
            public partial Task<long> AddAsync(string body);
        }
        """);

    [Fact]
    public Task NoFalsePositive_no_further_tries() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand]
            public static Task MoveAsync(NpgsqlConnection connection, long id) => Task.CompletedTask;

            [WriteCommand(SerializationRetries = 0)]
            public static Task CopyAsync(NpgsqlConnection connection, long id) => Task.CompletedTask;

            [WriteCommand("call move_notes(@id)")]
            public partial Task CallAsync(long id);
        }
        """);
}
