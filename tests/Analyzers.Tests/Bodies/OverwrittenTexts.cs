namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Commands that are given one text and then another: only what may be run counts.</summary>
public class OverwrittenTexts
{
    [Theory]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = new NpgsqlCommand(\"delete from notes\", connection); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes where id = @id\"; cmd.Parameters.AddWithValue(\"id\", id); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    public Task NoFalsePositive_and_nothing_unknown(string statements, string members = "") => BodyRule.IsKnown(statements, members);

    [Theory]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.ExecuteNonQuery(); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; if (flag) cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); var a = cmd; cmd.CommandText = \"delete from notes\"; a.ExecuteNonQuery(); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; Go(); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader(); void Go() => cmd.ExecuteNonQuery();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.CommandText = \"select \" + cmd.ExecuteNonQuery(); using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.CommandText = Go(cmd); using var r = cmd.ExecuteReader();", "static string Go(NpgsqlCommand c) { c.ExecuteNonQuery(); return \"select 1\"; }")]
    [InlineData("var cmd = connection.CreateCommand(); try { cmd.CommandText = \"delete from notes\"; cmd.CommandText = name.Length > 3 ? name.Length + \"\" : \"select 1\"; } catch { cmd.ExecuteNonQuery(); }")]
    [InlineData("var cmd = connection.CreateCommand(); while (flag) { cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader(); cmd.CommandText = \"delete from notes\"; }")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.CommandText = cmd.CommandText + \" where id = 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; cmd.CommandText += \" where id = 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = connection.CreateCommand(); using var b = connection.CreateCommand(); cmd.CommandText = \"delete from notes\"; b.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("new Job(connection).Go();", "sealed class Job(NpgsqlConnection c) { NpgsqlCommand _cmd = c.CreateCommand(); public void Go() { _cmd.CommandText = \"delete from notes\"; _cmd.CommandText = \"select 1\"; _cmd.ExecuteNonQuery(); } }")]
    [InlineData("using var cmd = connection.CreateCommand(); cmd.CommandText = \"select 1\"; cmd.CommandText = \"delete from notes\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var cmd = new NpgsqlCommand(\"delete from notes\", connection); var n = cmd.ExecuteScalar(); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    [InlineData("using var batch = new NpgsqlBatch(connection); var a = new NpgsqlBatchCommand(\"delete from notes\"); batch.BatchCommands.Add(a); batch.ExecuteNonQuery(); a.CommandText = \"select 1\";")]
    [InlineData("using var cmd = connection.CreateCommand(); Action run = () => cmd.ExecuteNonQuery(); cmd.CommandText = \"delete from notes\"; run(); cmd.CommandText = \"select 1\"; using var r = cmd.ExecuteReader();")]
    public Task Write(string statements, string members = "") => BodyRule.FindsWrite(statements, members);
}
