namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Where SQL is found: the members of libraries that take it.</summary>
public class Places
{
    [Fact]
    public Task Constructor_of_a_command() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand("{|CTR101:delete|} from notes", connection);
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task CommandText_assigned() => BodyRule.Reports(
        """
        using var command = connection.CreateCommand();
        command.CommandText = "{|CTR101:update|} notes set body = ''";
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task CommandText_in_an_object_initializer() => BodyRule.Reports(
        """
        await using var command = new NpgsqlCommand { Connection = connection, CommandText = "{|CTR101:insert|} into notes values (1)" };
        await command.ExecuteNonQueryAsync();
        """);

    [Fact]
    public Task CommandText_of_a_DbCommand() => BodyRule.Reports(
        """
        using DbCommand command = any.CreateCommand();
        command.CommandText = "{|CTR101:truncate|} notes";
        command.ExecuteScalar();
        """);

    [Fact]
    public Task CommandText_of_an_IDbCommand() => BodyRule.Reports(
        """
        IDbConnection bare = connection;
        using IDbCommand command = bare.CreateCommand();
        command.CommandText = "{|CTR101:delete|} from notes";
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task CreateCommand_of_a_data_source() => BodyRule.Reports(
        """
        await using var command = source.CreateCommand("{|CTR101:delete|} from notes where id = $1");
        await command.ExecuteNonQueryAsync();
        """);

    [Fact]
    public Task NpgsqlBatchCommand_in_a_collection_initializer() => BodyRule.Reports(
        """
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands = { new("select 1"), new NpgsqlBatchCommand("{|CTR101:delete|} from notes") },
        };
        await batch.ExecuteNonQueryAsync();
        """);

    [Fact]
    public Task NpgsqlBatchCommand_added() => BodyRule.Reports(
        """
        using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("{|CTR101:update|} notes set id = 1"));
        using var reader = batch.ExecuteReader();
        """);

    [Fact]
    public Task CommandText_of_a_batch_command() => BodyRule.Reports(
        """
        using var batch = any.CreateBatch();
        var command = batch.CreateBatchCommand();
        command.CommandText = "{|CTR101:delete|} from notes";
        batch.BatchCommands.Add(command);
        batch.ExecuteNonQuery();
        """);

    [Fact]
    public Task Constructor_of_a_data_adapter() => BodyRule.Reports(
        """
        using var adapter = new NpgsqlDataAdapter("{|CTR101:delete|} from notes returning *", connection);
        adapter.Fill(new DataTable());
        """);

    [Fact]
    public Task Dapper_Query() => BodyRule.Reports(
        """
        connection.Query<long>("{|CTR101:delete|} from notes returning id");
        """);

    [Fact]
    public Task Dapper_QueryAsync() => BodyRule.Reports(
        """
        await connection.QueryAsync("{|CTR101:insert|} into notes values (@id) returning id", new { id });
        """);

    [Fact]
    public Task Dapper_QueryFirstOrDefaultAsync() => BodyRule.Reports(
        """
        await connection.QueryFirstOrDefaultAsync<long>(sql: "{|CTR101:update|} notes set id = 2 returning id", param: new { id });
        """);

    [Fact]
    public Task Dapper_QuerySingle() => BodyRule.Reports(
        """
        connection.QuerySingle<int>("{|CTR101:delete|} from notes returning 1");
        """);

    [Fact]
    public Task Dapper_Execute() => BodyRule.Reports(
        """
        connection.Execute("{|CTR101:delete|} from notes where id = @id", new { id });
        """);

    [Fact]
    public Task Dapper_ExecuteAsync_of_a_list() => BodyRule.Reports(
        """
        await connection.ExecuteAsync("{|CTR101:insert|} into notes values (@Id)", new[] { new { Id = 1 }, new { Id = 2 } });
        """);

    [Fact]
    public Task Dapper_ExecuteScalar() => BodyRule.Reports(
        """
        connection.ExecuteScalar<long>("{|CTR101:insert|} into notes default values returning id");
        """);

    [Fact]
    public Task Dapper_QueryMultiple() => BodyRule.Reports(
        """
        using var grid = connection.QueryMultiple("select 1; {|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Dapper_ExecuteReaderAsync() => BodyRule.Reports(
        """
        using var reader = await connection.ExecuteReaderAsync("{|CTR101:delete|} from notes returning *");
        """);

    [Fact]
    public Task Dapper_CommandDefinition() => BodyRule.Reports(
        """
        await connection.ExecuteAsync(new CommandDefinition("{|CTR101:delete|} from notes", new { id }));
        """);

    [Fact]
    public Task Dapper_CommandDefinition_in_a_variable() => BodyRule.Reports(
        """
        var definition = new CommandDefinition(commandText: "{|CTR101:delete|} from notes");
        await connection.ExecuteAsync(definition);
        """);

    [Fact]
    public Task Dapper_called_as_a_static_method() => BodyRule.Reports(
        """
        SqlMapper.Execute(connection, "{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task EntityFramework_FromSqlRaw() => BodyRule.Reports(
        """
        context.Set<Note>().FromSqlRaw("{|CTR101:update|} notes set id = {0} returning *", id).ToList();
        """);

    [Fact]
    public Task EntityFramework_FromSqlInterpolated() => BodyRule.Reports(
        """
        context.Set<Note>().FromSqlInterpolated($"{|CTR101:delete|} from notes where id = {id} returning *").ToList();
        """);

    [Fact]
    public Task EntityFramework_FromSql() => BodyRule.Reports(
        """
        context.Set<Note>().FromSql($"select * from notes where id = {id} {|CTR102:for update|}").ToList();
        """);

    [Fact]
    public Task EntityFramework_ExecuteSqlRaw() => BodyRule.Reports(
        """
        context.Database.ExecuteSqlRaw("{|CTR101:delete|} from notes where id = {0}", id);
        """);

    [Fact]
    public Task EntityFramework_ExecuteSqlRawAsync() => BodyRule.Reports(
        """
        await context.Database.ExecuteSqlRawAsync("{|CTR101:truncate|} notes");
        """);

    [Fact]
    public Task EntityFramework_ExecuteSqlInterpolated() => BodyRule.Reports(
        """
        context.Database.ExecuteSqlInterpolated($"{|CTR101:update|} notes set body = {name}");
        """);

    [Fact]
    public Task EntityFramework_ExecuteSql() => BodyRule.Reports(
        """
        context.Database.ExecuteSql($"{|CTR101:insert|} into notes values ({id})");
        """);

    [Fact]
    public Task EntityFramework_SqlQuery() => BodyRule.Reports(
        """
        context.Database.SqlQuery<long>($"{|CTR101:delete|} from notes where id = {id} returning id").ToList();
        """);

    [Fact]
    public Task EntityFramework_SqlQueryRaw() => BodyRule.Reports(
        """
        context.Database.SqlQueryRaw<long>("{|CTR101:delete|} from notes returning id").ToList();
        """);

    [Fact]
    public Task Parameter_marked_StringSyntax() => BodyRule.Reports(
        """
        runner.Syntax("{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Parameter_marked_LanguageInjection() => BodyRule.Reports(
        """
        runner.Injected("{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Stored_procedure_by_CommandType() => BodyRule.Reports(
        """
        using var command = new NpgsqlCommand({|CTR109:"archive_notes"|}, connection) { CommandType = CommandType.StoredProcedure };
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task Stored_procedure_of_Dapper() => BodyRule.Reports(
        """
        connection.Query<int>({|CTR109:"archive_notes"|}, commandType: CommandType.StoredProcedure);
        """);

    [Fact]
    public Task Copy_in() => BodyRule.Reports(
        """
        using var writer = connection.BeginRawBinaryCopy("{|CTR101:copy|} notes from stdin (format binary)");
        """);

    [Fact]
    public Task NoFalsePositive_Command_that_reads() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select id, body from notes where id = @id", connection);
        command.Parameters.AddWithValue("id", id);
        using var reader = command.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Copy_out() => BodyRule.ReportsNothing(
        """
        using var reader = connection.BeginTextExport("copy (select id from notes) to stdout");
        """);

    [Fact]
    public Task NoFalsePositive_Raw_copy_out() => BodyRule.ReportsNothing(
        """
        using var stream = connection.BeginRawBinaryCopy("copy notes to stdout (format binary)");
        """);

    [Fact]
    public Task NoFalsePositive_Binary_export() => BodyRule.ReportsNothing(
        """
        using var reader = connection.BeginBinaryExport("copy notes (id, body) to stdout (format binary)");
        """);

    [Fact]
    public Task NoFalsePositive_Log_message() => BodyRule.ReportsNothing(
        """
        runner.Log("delete from notes is never run here");
        Console.WriteLine("insert into notes");
        """);

    [Fact]
    public Task NoFalsePositive_Json_syntax() => BodyRule.ReportsNothing(
        """
        runner.Json("delete from notes");
        """);

    [Fact]
    public Task NoFalsePositive_Exception_message() => BodyRule.ReportsNothing(
        """
        if (flag) throw new InvalidOperationException("could not delete from notes; update notes failed");
        connection.Query<long>("select id from notes");
        """);

    [Fact]
    public Task NoFalsePositive_Parameter_value() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select id from notes where body = @body", new { body = "delete from notes" });
        using var command = new NpgsqlCommand("select $1", connection) { Parameters = { new() { Value = "drop table notes" } } };
        command.ExecuteScalar();
        """);

    [Fact]
    public Task NoFalsePositive_Parameter_name() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select @delete", connection);
        command.Parameters.AddWithValue("delete", id);
        command.ExecuteScalar();
        """);

    [Fact]
    public Task NoFalsePositive_Values_of_interpolated_SQL() => BodyRule.ReportsNothing(
        """
        context.Set<Note>().FromSqlInterpolated($"select * from notes where body = {"delete from notes"}").ToList();
        """);

    [Fact]
    public Task NoFalsePositive_Values_of_raw_SQL() => BodyRule.ReportsNothing(
        """
        context.Set<Note>().FromSqlRaw("select * from notes where body = {0}", "delete from notes").ToList();
        """);

    [Fact]
    public Task NoFalsePositive_Helper_named_Delete_that_reads() => BodyRule.ReportsNothing(
        """
        await DeletedAsync(connection);
        """,
        """
        private static Task<IEnumerable<long>> DeletedAsync(NpgsqlConnection connection) => connection.QueryAsync<long>("select id from notes where deleted");
        """);

    [Fact]
    public Task NoFalsePositive_Execute_that_reads() => BodyRule.ReportsNothing(
        """
        connection.Execute("select pg_catalog.now()");
        context.Database.ExecuteSqlRaw("set local statement_timeout = 5");
        """);

    [Fact]
    public Task NoFalsePositive_Write_text_that_nothing_gets() => BodyRule.ReportsNothing(
        """
        const string unused = "delete from notes";
        var other = "update notes set id = 1";
        connection.Query<long>("select id from notes");
        Console.WriteLine(unused + other);
        """);

    [Fact]
    public Task NoFalsePositive_Local_function_never_called() => BodyRule.ReportsNothing(
        """
        connection.Query<long>("select 1");
        #pragma warning disable CS8321
        void Purge() => connection.Execute("delete from notes");
        #pragma warning restore CS8321
        """);

    [Fact]
    public Task NoFalsePositive_Batch_that_reads() => BodyRule.ReportsNothing(
        """
        using var batch = new NpgsqlBatch(connection) { BatchCommands = { new("select 1"), new("select count(*) from notes") } };
        using var reader = batch.ExecuteReader();
        """);

    [Fact]
    public Task NoFalsePositive_Text_command_type() => BodyRule.ReportsNothing(
        """
        connection.Query<int>("select 1", commandType: CommandType.Text);
        """);

    [Fact]
    public Task NoFalsePositive_Name_of_a_member() => BodyRule.ReportsNothing(
        """
        connection.Query<long>($"select id from notes where kind = '{nameof(Delete)}'");
        """,
        """
        private static void Delete() { }
        """);

    [Fact]
    public Task CommandText_appended() => BodyRule.Reports(
        """
        using var command = connection.CreateCommand();
        command.CommandText = "select id from notes";
        command.CommandText += " {|CTR102:for update|}";
        command.ExecuteReader();
        """);

    [Fact]
    public Task CommandText_used_twice() => BodyRule.Reports(
        """
        using var command = connection.CreateCommand();
        command.CommandText = "select 1";
        command.ExecuteScalar();
        command.CommandText = "{|CTR101:delete|} from notes";
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task Command_made_by_a_helper() => BodyRule.Reports(
        """
        using var command = {|CTR105:Command(connection, "delete from notes")|};
        command.ExecuteNonQuery();
        """,
        """
        private static NpgsqlCommand Command(NpgsqlConnection connection, string sql)
        {
            var command = connection.CreateCommand();
            command.CommandText = sql;
            return command;
        }
        """);

    [Fact]
    public Task Using_statement() => BodyRule.Reports(
        """
        using (var command = new NpgsqlCommand(cmdText: "{|CTR101:delete|} from notes", connection: connection))
        {
            command.ExecuteNonQuery();
        }
        """);

    [Fact]
    public Task Lambda_that_is_run() => BodyRule.Reports(
        """
        await Task.Run(async () => await connection.ExecuteAsync("{|CTR101:delete|} from notes"));
        """);

    [Fact]
    public Task Null_conditional_call() => BodyRule.Reports(
        """
        NpgsqlConnection? other = flag ? connection : null;
        other?.Execute("{|CTR101:delete|} from notes");
        """);

    [Fact]
    public Task Stored_procedure_set_later() => BodyRule.Reports(
        """
        using var command = connection.CreateCommand();
        command.CommandText = {|CTR109:"archive_notes"|};
        command.CommandType = CommandType.StoredProcedure;
        command.ExecuteNonQuery();
        """);

    [Fact]
    public Task Stored_procedure_of_a_CommandDefinition() => BodyRule.Reports(
        """
        connection.Execute(new CommandDefinition({|CTR109:"archive_notes"|}, commandType: CommandType.StoredProcedure));
        """);

    [Fact]
    public Task Stored_procedure_of_a_DbCommand_in_a_helper() => BodyRule.Reports(
        """
        {|CTR109:Archive(any)|};
        """,
        """
        private static void Archive(DbConnection any)
        {
            using var command = any.CreateCommand();
            command.CommandType = CommandType.StoredProcedure;
            command.CommandText = "archive_notes";
            command.ExecuteNonQuery();
        }
        """);

    [Fact]
    public Task Text_import() => BodyRule.Reports(
        """
        var copy = "{|CTR101:copy|} notes from stdin";
        using var writer = {|CTR104:connection.BeginTextImport(copy)|};
        """);

    [Fact]
    public Task NoFalsePositive_CommandText_of_the_projects_own_class() => BodyRule.ReportsNothing(
        """
        var audit = new Audit { CommandText = "delete from notes" };
        audit.CommandText = "drop table notes";
        Console.WriteLine(audit);
        """,
        """
        private sealed class Audit { public string CommandText { get; set; } = ""; }
        """);

    [Fact]
    public Task NoFalsePositive_Parameter_named_sql_that_is_logged() => BodyRule.ReportsNothing(
        """
        Log("delete from notes");
        """,
        """
        private static void Log(string sql) => Console.WriteLine(sql);
        """);

    [Fact]
    public Task NoFalsePositive_Expression_tree() => BodyRule.ReportsNothing(
        """
        System.Linq.Expressions.Expression<Func<int>> later = () => connection.Execute("delete from notes", null, null, null, null);
        Console.WriteLine(later);
        """);

    [Fact]
    public Task NoFalsePositive_Helper_that_reads_with_what_it_is_given() => BodyRule.ReportsNothing(
        """
        Read(connection, "select 1");
        """,
        """
        private static IEnumerable<long> Read(NpgsqlConnection connection, string sql) => connection.Query<long>(sql);
        public static void Purge(NpgsqlConnection connection) => Read(connection, "delete from notes");
        """);

    [Fact]
    public Task NoFalsePositive_Event_handler() => BodyRule.ReportsNothing(
        """
        connection.Notice += (_, _) => connection.Execute("delete from notes");
        connection.Query<long>("select 1");
        """);

    [Fact]
    public Task NoFalsePositive_Query_of_a_Uri() => BodyRule.ReportsNothing(
        """
        var uri = new UriBuilder { Query = "delete from notes" };
        Console.WriteLine(uri);
        Console.WriteLine(new System.Text.RegularExpressions.Regex("update notes set"));
        throw new ArgumentException("delete from notes", "sql");
        """);

    [Fact]
    public Task NoFalsePositive_Own_method_named_Execute() => BodyRule.ReportsNothing(
        """
        Execute("delete from notes");
        """,
        """
        private static int Execute(string query) => query.Length;
        """);

    [Fact]
    public Task Statement_of_a_multiplexed_helper() => BodyRule.Reports(
        """
        {|CTR105:Run(connection, "select 1", "delete from notes")|};
        """,
        """
        private static void Run(NpgsqlConnection connection, params string[] statements)
        {
            foreach (var sql in statements)
                connection.Execute(sql);
        }
        """);

    [Fact]
    public Task Overload_that_hands_on() => BodyRule.Reports(
        """
        {|CTR105:Run(connection, "delete from notes")|};
        """,
        """
        private static void Run(NpgsqlConnection connection, string sql) => Run(connection, sql, 30);
        private static void Run(NpgsqlConnection connection, string sql, int timeout) => connection.Execute(sql, commandTimeout: timeout);
        """);

    [Fact]
    public Task Field_of_a_command() => BodyRule.Reports(
        """
        {|CTR105:Purge.Run(connection)|};
        """,
        """
        private static class Purge
        {
            private static readonly NpgsqlCommand Command = new("delete from notes");
            public static void Run(NpgsqlConnection connection) { Command.Connection = connection; Command.ExecuteNonQuery(); }
        }
        """);

    [Fact]
    public Task Prepared_command_of_a_local_function() => BodyRule.Reports(
        """
        {|CTR105:Run("delete from notes")|};
        void Run(string sql) { using var command = new NpgsqlCommand(sql, connection); command.ExecuteNonQuery(); }
        """);

    [Fact]
    public Task NoFalsePositive_Reader_with_a_method_named_Delete() => BodyRule.ReportsNothing(
        """
        Reader reader = new();
        reader.Read(connection);
        reader.Delete();
        """,
        """
        private sealed class Reader { public void Read(NpgsqlConnection connection) => connection.Query<long>("select 1"); public void Delete() { } }
        """);

    [Fact]
    public Task NoFalsePositive_Transaction_that_reads() => BodyRule.ReportsNothing(
        """
        using var transaction = connection.BeginTransaction();
        connection.Query<long>("select 1", transaction: transaction);
        transaction.Commit();
        """);

    [Fact]
    public Task NoFalsePositive_Commands_of_the_same_name_elsewhere() => BodyRule.ReportsNothing(
        """
        Remove(new List<long>());
        new HashSet<long>().Add(1);
        new Dictionary<string, int>().Remove("a");
        """,
        """
        private static void Remove(List<long> notes) => notes.Clear();
        """);

    [Fact]
    public Task NoFalsePositive_Save_and_Update_of_other_types() => BodyRule.ReportsNothing(
        """
        new Cache().Save();
        new Cache().Update("delete from notes");
        connection.Query<long>("select 1");
        """,
        """
        private sealed class Cache { public void Save() { } public void Update(string key) { } }
        """);

    [Fact]
    public Task NoFalsePositive_Parameters_of_a_stored_text() => BodyRule.ReportsNothing(
        """
        using var command = connection.CreateCommand();
        command.CommandText = "select id from notes where body = @body";
        var parameter = command.CreateParameter();
        parameter.ParameterName = "update";
        parameter.Value = "delete from notes";
        command.Parameters.Add(parameter);
        command.ExecuteScalar();
        """);

    [Fact]
    public Task NoFalsePositive_Prepared_and_cancelled() => BodyRule.ReportsNothing(
        """
        using var command = new NpgsqlCommand("select 1", connection);
        command.Prepare();
        command.Cancel();
        using var reader = command.ExecuteReader(CommandBehavior.SchemaOnly);
        """);

    [Fact]
    public Task NoFalsePositive_Data_adapter_that_fills() => BodyRule.ReportsNothing(
        """
        using var adapter = new NpgsqlDataAdapter("select id from notes", connection);
        adapter.Fill(new DataTable());
        """);

    [Fact]
    public Task NoFalsePositive_Data_table_that_is_changed() => BodyRule.ReportsNothing(
        """
        var table = new DataTable();
        table.Rows.Add(1);
        table.Rows.Clear();
        table.AcceptChanges();
        """);

    [Fact]
    public Task Command_of_a_factory() => BodyRule.Reports(
        """
        using var command = {|CTR105:Make(connection, 1)|};
        command.ExecuteScalar();
        """,
        """
        static NpgsqlCommand Make(NpgsqlConnection connection, int limit)
        {
            var command = connection.CreateCommand();
            command.CommandText = "delete from notes returning id";
            return command;
        }
        """);

    [Fact]
    public Task Unknown_text_of_a_factorys_command_that_returns_no_rows() => BodyRule.Reports(
        """
        using var command = {|CTR105:Make(connection, null!)|};
        command.ExecuteNonQuery();
        """,
        """
        abstract class Dialect { public abstract string Purge(string table); }

        static NpgsqlCommand Make(NpgsqlConnection connection, Dialect dialect)
        {
            var command = connection.CreateCommand();
            command.CommandText = dialect.Purge("notes");
            return command;
        }
        """);

    [Fact]
    public Task NoFalsePositive_Unknown_text_of_a_factorys_command_that_returns_rows() => BodyRule.ReportsNothing(
        """
        using var command = Make(connection, null!);
        command.ExecuteScalar();
        """,
        """
        abstract class Dialect { public abstract string Count(string table); }

        static NpgsqlCommand Make(NpgsqlConnection connection, Dialect dialect)
        {
            var command = connection.CreateCommand();
            command.CommandText = dialect.Count("notes");
            return command;
        }
        """);

    [Fact]
    public Task Returned_command_that_is_run_first() => BodyRule.ReportsIn(
        """
        public static partial class Notes
        {
            [ReadQuery]
            public static NpgsqlCommand Run(NpgsqlConnection connection)
            {
                var command = connection.CreateCommand();
                command.CommandText = "{|CTR101:delete|} from notes";
                command.ExecuteNonQuery();
                return command;
            }
        }
        """);

    [Fact]
    public Task NoFalsePositive_Command_that_is_only_returned() => BodyRule.ReportsIn(
        """
        public static partial class Notes
        {
            [ReadQuery]
            public static NpgsqlCommand Run(NpgsqlConnection connection)
            {
                var command = connection.CreateCommand();
                command.CommandText = "delete from notes where id = @id";
                command.Parameters.AddWithValue("id", 1);
                return command;
            }

            [ReadQuery]
            public static NpgsqlCommand New(NpgsqlConnection connection) => new NpgsqlCommand("delete from notes", connection);

            [ReadQuery]
            public static NpgsqlCommand HandedOn(NpgsqlConnection connection) => Run(connection);
        }
        """);
}
