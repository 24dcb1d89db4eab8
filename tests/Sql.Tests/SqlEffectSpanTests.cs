namespace CompileTimeRouting.Sql.Tests;

/// <summary>Each effect stands under the very words that have it.</summary>
public class SqlEffectSpanTests
{
    [Theory]
    [InlineData("insert into t values (1)", "Insert:insert")]
    [InlineData(" /* x */ UPDATE t set a = 1", "Update:UPDATE")]
    [InlineData("delete from t", "Delete:delete")]
    [InlineData("merge into t using u on true when matched then delete", "Merge:merge")]
    [InlineData("with c as (delete from t returning 1) select * from c", "DataModifyingWith:delete")]
    [InlineData("with c as (select 1) insert into t select * from c", "Insert:insert")]
    [InlineData("truncate t", "Truncate:truncate")]
    [InlineData("select a into b from t", "SelectInto:into")]
    [InlineData("select a into temp b from t", "SelectInto:into", "TemporaryObject:into temp b")]
    [InlineData("select * from t for  no key\nupdate of t", "RowLock:for  no key\nupdate")]
    [InlineData("select * from t for key share nowait", "RowLock:for key share")]
    [InlineData("select * from t for update for share", "RowLock:for update", "RowLock:for share")]
    [InlineData("lock table t", "LockTable:lock")]
    [InlineData("create table t ()", "Ddl:create")]
    [InlineData("create temp table t ()", "TemporaryObject:create")]
    [InlineData("create table pg_temp.t ()", "TemporaryObject:create")]
    [InlineData("copy t from stdin", "CopyFrom:copy")]
    [InlineData("copy t to '/x'", "CopyToServer:to '/x'")]
    [InlineData("copy (select 1) to program 'x'", "CopyToServer:to program")]
    [InlineData("select 1, nextval('s')", "RefusedFunction:nextval")]
    [InlineData("select pg_catalog . \"nextval\" ('s')", "RefusedFunction:pg_catalog . \"nextval\"")]
    [InlineData("select U&\"!006eextval\" uescape '!' ('s')", "RefusedFunction:U&\"!006eextval\" uescape '!'")]
    [InlineData("select (x.r).nextval, (x.a)[1] . \"setseed\" from x", "RefusedFunction:nextval", "PrimaryFunction:\"setseed\"")]
    [InlineData("select ('s'::regclass).U&\"!006eextval\" uescape '!'", "RefusedFunction:U&\"!006eextval\" uescape '!'")]
    [InlineData("select $1.nextval.pg_typeof", "RefusedFunction:nextval")]
    [InlineData("select pg_advisory_lock(1), setseed(0)", "PrimaryFunction:pg_advisory_lock", "PrimaryFunction:setseed")]
    [InlineData("select f(g(1))", "UnknownFunction:f", "UnknownFunction:g")]
    [InlineData("select query_to_xml('delete from t', true, true, '')", "SqlInString:'delete from t'")]
    [InlineData("select query_to_xml(x, true, true, '') from t", "SqlInString:query_to_xml")]
    [InlineData("select dblink_exec('delete from t')", "SqlInString:dblink_exec")]
    [InlineData("begin read write", "TransactionMode:read write")]
    [InlineData("begin isolation level serializable, read only", "TransactionMode:serializable")]
    [InlineData("begin", "TransactionControl:begin")]
    [InlineData("prepare transaction 'x'", "TwoPhase:prepare transaction")]
    [InlineData("rollback prepared 'x'", "TwoPhase:rollback prepared")]
    [InlineData("listen a", "Listen:listen")]
    [InlineData("notify a", "Notify:notify")]
    [InlineData("set a = 1", "SessionState:set")]
    [InlineData("prepare q as delete from t", "SessionState:prepare", "Delete:delete")]
    [InlineData("declare c cursor for select nextval('s')", "SessionState:declare", "RefusedFunction:nextval")]
    [InlineData("call p()", "Call:call")]
    [InlineData("do 'x'", "DoBlock:do")]
    [InlineData("vacuum", "Maintenance:vacuum")]
    [InlineData("explain analyze delete from t", "Delete:delete")]
    [InlineData("explain delete from t")]
    [InlineData("select 1; delete from t; select 2", "Delete:delete")]
    [InlineData("insert into t select nextval('s') returning f(1)", "Insert:insert", "RefusedFunction:nextval", "UnknownFunction:f")]
    [InlineData("merge into t using u on f(1) when matched then do nothing", "UnknownFunction:f")]
    [InlineData("select * from where", "UnknownSyntax:where")]
    [InlineData("selec 1", "UnknownSyntax:selec")]
    [InlineData("select 1 'a", "UnknownSyntax:select 1 'a")]
    [InlineData("select 1 drop table t", "UnknownSyntax:table")]
    [InlineData("select 1 truncate t", "UnknownSyntax:t")]
    [InlineData("select a b c, nextval('s')", "RefusedFunction:nextval")]
    [InlineData("select [1", "UnknownSyntax:select [1")]
    [InlineData("select 1]", "UnknownSyntax:select 1]", "UnknownSyntax:]")]
    public void Effects_stand_under_their_words(string sql, params string[] expected)
        => Assert.Equal(expected, SqlEffects.Analyze(sql).Effects.Select(e => $"{e.Kind}:{e.Text(sql)}"));

    [Theory]
    [InlineData("selec 1", "no statement begins so")]
    [InlineData("select * from where", "a table should stand here")]
    [InlineData("select 1 from t t t", "the statement goes on where it should end")]
    [InlineData("select a b c from t", "no query goes on like that")]
    [InlineData("select a from t where is null", "no query goes on like that")]
    [InlineData("select a from t where = 1", "no query goes on like that")]
    [InlineData("select a from t order by b where c", "the statement goes on where it should end")]
    [InlineData("select a from t where b from u", "no query goes on like that")]
    [InlineData("select @b$c$, nextval('s'), @x$c$ from t", "an open literal, comment or bracket, or a character that SQL doesn't have")]
    [InlineData("select a[1:b$c$], nextval('s'), a[1:x$c$] from arr", "an open literal, comment or bracket, or a character that SQL doesn't have")]
    [InlineData("select @pg_catalog.U&\"next\\0076al\"('s')", "an open literal, comment or bracket, or a character that SQL doesn't have")]
    [InlineData("explain (U&\"!0061nalyze\" uescape E'\\x21') delete from t", "what UESCAPE says isn't known, so that the name before it isn't")]
    [InlineData("select 1; /* x", "an open literal, comment or bracket, or a character that SQL doesn't have")]
    public void Unknown_says_why(string sql, string reason) => Assert.Equal(reason, SqlEffects.Analyze(sql).Effects.First().Detail);

    /// <summary>What only some servers have the operators, functions or extensions for.</summary>
    [Theory]
    [InlineData("select ! a, >> b, !> c from t")]
    [InlineData("select is(1), is 'x', f(is => 1) from t")]
    [InlineData("select a from t where b @c and operator(!) d")]
    [InlineData("select count(distinct operator(*) (a, b)) from t")]
    [InlineData("select ctr_hole a.b, ctr_hole count(*) from t where ctr_hole a = 1 and ctr_hole b.c = 2 group by ctr_hole a.b order by ctr_hole a.b desc")]
    [InlineData("select geometry(Point) 'x', pg_catalog.varchar(3) 'x' y from t")]
    [InlineData("select distinct on (a) b c from t")]
    public void Rare_syntax_is_no_mistake(string sql) =>
        Assert.DoesNotContain(SqlEffects.Analyze(sql).Effects, static e => e.Kind == SqlEffectKind.UnknownSyntax);

    [Fact]
    public void Effects_lie_within_their_statement()
    {
        foreach (var (_, _, _, sql) in VerifiedRoutes.Read())
        {
            foreach (var statement in SqlEffects.Analyze(sql).Statements)
            {
                foreach (var effect in statement.Effects)
                    Assert.True(effect.Length > 0 && effect.Start >= statement.Statement.Start && effect.End <= statement.Statement.End, sql);
            }
        }
    }
}
