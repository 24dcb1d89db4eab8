namespace CompileTimeRouting.Sql.Tests;

public class SqlStatementsTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" ; ;; -- x\n /* y */ ;")]
    [InlineData("select 1", "select 1")]
    [InlineData(" select 1 ; ", "select 1")]
    [InlineData("/*a*/ select 1 /*b*/; --c\n select 2 --d", "select 1", "select 2")]
    [InlineData("select ';'; select \";\"; select $$;$$; select /*;*/ 1 --;\n; select E'\\';'",
        "select ';'", "select \";\"", "select $$;$$", "select /*;*/ 1", "select E'\\';'")]
    [InlineData("create rule r as on update to t do (delete from a; delete from b); select 1",
        "create rule r as on update to t do (delete from a; delete from b)", "select 1")]
    [InlineData("select 1 -- x\r;delete from t", "select 1", "delete from t")]
    [InlineData("select 1/*/*;*/;*/;delete from t", "select 1", "delete from t")]
    [InlineData(@"select 'a\'; delete from t; --'", @"select 'a\'", "delete from t")]
    [InlineData("E'a'\n'\\'; x' ; y", "E'a'\n'\\'; x'", "y")]
    [InlineData("begin; select 1; end; select 2", "begin", "select 1", "end", "select 2")]
    [InlineData("begin atomic; select 1", "begin atomic", "select 1")]
    [InlineData("create function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3",
        "create function f() returns int begin atomic select 1; select case when true then 2 end; end", "select 3")]
    [InlineData("CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC delete from t; END; select 3",
        "CREATE OR REPLACE PROCEDURE p() BEGIN ATOMIC delete from t; END", "select 3")]
    [InlineData("create function f() returns int begin atomic select t.end as end, t.case; end; select 3",
        "create function f() returns int begin atomic select t.end as end, t.case; end", "select 3")]
    [InlineData("create function f() returns int return 1; select 2", "create function f() returns int return 1", "select 2")]
    [InlineData("create function f() returns int language sql as 'select 1;'; select 2",
        "create function f() returns int language sql as 'select 1;'", "select 2")]
    [InlineData("create function f() returns int begin atomic select t.as, case when true then 1 end as as; end; select 3",
        "create function f() returns int begin atomic select t.as, case when true then 1 end as as; end", "select 3")]
    [InlineData("create function f() returns int begin atomic select 1 as as, t.as end; select 3",
        "create function f() returns int begin atomic select 1 as as, t.as end", "select 3")]
    [InlineData("create function f(begin atomic) returns int return 1; select 2", "create function f(begin atomic) returns int return 1", "select 2")]
    [InlineData("select begin atomic; select 2", "select begin atomic", "select 2")]
    [InlineData("create table x(); begin; end", "create table x()", "begin", "end")]
    [InlineData("create procedure p() begin atomic end; select 2", "create procedure p() begin atomic end", "select 2")]
    [InlineData("select 1); delete from t", "select 1)", "delete from t")]
    [InlineData("select (1; delete from t", "select (1; delete from t")]
    public void Splits(string sql, params string[] expected)
        => Assert.Equal(expected, SqlStatements.Split(sql).Select(s => s.Text(sql)));

    [Fact]
    public void Splits_by_the_other_reading_of_backslashes()
        => Assert.Single(SqlStatements.Split(@"select 'a\'; delete from t; --'", standardConformingStrings: false));

    [Theory]
    [InlineData("select 1", true)]
    [InlineData("select (1)", true)]
    [InlineData("select 'a", false)]
    [InlineData("select \"a", false)]
    [InlineData("select $$a", false)]
    [InlineData("select 1 /* ; delete from t", false)]
    [InlineData("/* a", false)]
    [InlineData("select (1", false)]
    [InlineData("select 1)", false)]
    [InlineData("select 1a", false)]
    [InlineData("select {", false)]
    [InlineData("create procedure p() begin atomic select 1;", false)]
    public void Knows_what_is_well_formed(string sql, bool? expected)
    {
        var statements = SqlStatements.Split(sql);
        Assert.Equal(expected, statements.Count == 0 ? null : Assert.Single(statements).IsWellFormed);
    }

    [Fact]
    public void Only_the_statement_with_the_fault_is_not_well_formed()
        => Assert.Equal([true, false, true], SqlStatements.Split("select 1; select 1a; select 2").Select(s => s.IsWellFormed));
}
