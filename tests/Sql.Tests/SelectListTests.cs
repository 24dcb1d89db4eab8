namespace CompileTimeRouting.Sql.Tests;

/// <summary>What a statement is and what it answers with; for the names see <see cref="SelectListServerTests"/>.</summary>
public class SelectListTests
{
    [Theory]
    [InlineData("", "None NoRows False")]
    [InlineData("-- select 1", "None NoRows False")]
    [InlineData("select 1", "Select Known True")]
    [InlineData("/* x */ SELECT 1;", "Select Known True")]
    [InlineData("((select 1))", "Select Known True")]
    [InlineData("select", "Select Known True")]
    [InlineData("select * from t", "Select Star True")]
    [InlineData("select a, t.* from t", "Select Star True")]
    [InlineData("select a into t2 from t", "Select NoRows False")]
    [InlineData("select a from t into", "Select Known True")]
    [InlineData("with x as (select 1) select a into t2 from t", "Select NoRows False")]
    [InlineData("values (1)", "Values Known True")]
    [InlineData("values (t.*)", "Values Star True")]
    [InlineData("values (default, 1)", "Values Known True")]
    [InlineData("table t", "Table Star True")]
    [InlineData("table only s.t", "Table Star True")]
    [InlineData("insert into t values (1)", "Insert NoRows False")]
    [InlineData("insert into t values (1) returning id", "Insert Known True")]
    [InlineData("insert into t (\"returning\") values (1)", "Insert NoRows False")]
    [InlineData("insert into t select a as returning from u", "Insert NoRows False")]
    [InlineData("insert into t values (json_object('a': 1 returning jsonb))", "Insert NoRows False")]
    [InlineData("insert into t values ((with x as (delete from u returning a) select 1))", "Insert NoRows False")]
    [InlineData("update t set a = 1 returning *", "Update Star True")]
    [InlineData("update t set a = 1 returning old.a, new.a as b", "Update Known True")]
    [InlineData("update t set a = 1 returning with (old as o, new as n) o.a, n.a as b", "Update Known True")]
    [InlineData("delete from t", "Delete NoRows False")]
    [InlineData("with x as (select 1) delete from t returning a", "Delete Known True")]
    [InlineData("merge into t using u on t.a = u.a when matched then delete returning merge_action(), t.*", "Merge Star True")]
    [InlineData("merge into t using u on t.a = u.a when matched then delete", "Merge NoRows False")]
    [InlineData("call p(1)", "Call Unknown ")]
    [InlineData("execute p", "Other Unknown ")]
    [InlineData("explain select 1", "Other Unknown True")]
    [InlineData("show all", "Other Unknown True")]
    [InlineData("fetch all from c", "Other Unknown True")]
    [InlineData("drop table t", "Other NoRows False")]
    [InlineData("copy (select 1) to stdout", "Other NoRows False")]
    [InlineData("prepare p as select 1", "Other NoRows False")]
    [InlineData("\"select\" 1", "Other Unknown ")]
    [InlineData("@p", "Other Unknown ")]
    [InlineData("select 1; select 2", "Other ManyStatements ")]
    [InlineData("select 1; -- x", "Select Known True")]
    // What can't be decided is said to be so.
    [InlineData("select 'a", "Select Unknown ")]
    [InlineData("select 1a", "Select Unknown ")]
    [InlineData("select (1", "Select Unknown ")]
    [InlineData("select 1)", "Select Unknown ")]
    [InlineData("select ([1)]", "Select Unknown ")]
    [InlineData("select a a a from t", "Select Unknown ")]
    [InlineData("select a +", "Select Unknown ")]
    [InlineData("select a, from t", "Select Unknown ")]
    [InlineData("select a as from t", "Select Unknown ")]
    [InlineData("select a as 1 from t", "Select Unknown ")]
    [InlineData("select case when a then b", "Select Unknown ")]
    [InlineData("select left from t", "Select Unknown ")]
    [InlineData("select a., b from t", "Select Unknown ")]
    [InlineData("select ()", "Select Unknown ")]
    [InlineData("select cast(a as)", "Select Unknown ")]
    [InlineData("select a::1", "Select Unknown ")]
    [InlineData("values 1", "Values Unknown ")]
    [InlineData("with x select 1", "Other Unknown ")]
    [InlineData("with", "Other Unknown ")]
    [InlineData("insert into t values (1) returning a from t", "Insert Unknown True")]
    public void Kind_state_and_rows(string sql, string expected)
    {
        var list = SelectList.Read(sql);
        Assert.Equal(expected, $"{list.Kind} {list.State} {list.ReturnsRows}");
        Assert.Equal(list.State == SelectListState.Known, list.Columns is not null);
    }

    /// <summary>Syntax newer than the server that gave the other names; by parse_target.c of PostgreSQL 18.</summary>
    [Theory]
    [InlineData("select a is json, a is not json object with unique keys, a is json x from t", "?column?|?column?|x")]
    [InlineData("select json_exists(j, '$'), json_value(j, '$' returning int), json_query(j, '$'), json_scalar(1), json_serialize(j), json('{}')",
        "json_exists|json_value|json_query|json_scalar|json_serialize|json")]
    [InlineData("select json_object('a': 1), json_array(1, 2), json_objectagg('a': 1), json_arrayagg(1) from t",
        "json_object|json_array|json_objectagg|json_arrayagg")]
    [InlineData("select system_user, ts at local from t", "system_user|timezone")]
    [InlineData("merge into t using u on true when matched then delete returning merge_action(), t.a", "merge_action|a")]
    [InlineData("update t set a = 1 returning old.a, new.b as c", "a|c")]
    [InlineData("update t set a = 1 returning with (old as o) o.a", "a")]
    [InlineData("select 0x1F, 1_000, any_value(a) from t", "?column?|?column?|any_value")]
    // Client parameters.
    [InlineData("select @a, :b as x, @c::int, coalesce(@d, 1)", "?column?|x|int4|coalesce")]
    [InlineData("select a[@i], b[:x], (@r).f from t", "a|b|f")]
    [InlineData("select id, name from t where id=@id limit@n", "id|name")]
    // Names that hide.
    [InlineData("select \"nextval\"('s'), \"select\", \"from\" from t", "nextval|select|from")]
    [InlineData("select\"nextval\"('s')", "nextval")]
    [InlineData("select U&\"\\006eextval\"('s')", "nextval")]
    [InlineData("select U&\"!006eextval\" uescape '!' ('s'), 1", "nextval|?column?")]
    [InlineData("select U&\"\\D83D\\DE00\", U&\"\\+01F600\", U&\"a\\\\b\", U&\"\\00\"", "😀|😀|a\\b|\\00")]
    [InlineData("select \u017Felect, \u212A from t", "\u017Felect|\u212A")]
    public void Names(string sql, string names)
        => Assert.Equal(names, string.Join('|', SelectList.Read(sql).Columns!.Select(c => c.Name)));

    [Theory]
    [InlineData("select (select * from t), 1")]
    [InlineData("select (table t), 1")]
    [InlineData("select (select t.* from t)::int, 1")]
    public void A_name_that_only_the_catalog_knows_is_null(string sql)
        => Assert.Equal([null, "?column?"], SelectList.Read(sql).Columns!.Select(c => c.Name));

    [Theory]
    [InlineData("select a, b as x , /* c */ f(1, 2)  y from t", "a", "b as x", "f(1, 2)  y")]
    [InlineData(" select distinct on (a) t.*, *, (select 1) from t", "t.*", "*", "(select 1)")]
    [InlineData("values (1, (2) ), (3, 4)", "1", "(2)")]
    [InlineData("table only t", "only t")]
    [InlineData("delete from t returning\n a+1 ;", "a+1")]
    public void Items_have_spans(string sql, params string[] expected)
        => Assert.Equal(expected, SelectList.Read(sql).Items.Select(c => sql.Substring(c.Start, c.Length)));

    [Fact]
    public void Stars_are_marked()
        => Assert.Equal([false, true, true, true, false], SelectList.Read("select a, *, t.*, (r).*, b * c from t").Items.Select(i => i.IsStar));

    [Fact]
    public void One_statement_of_many_is_read_in_place()
    {
        const string Sql = "select 1; select a, b from t; select 2";
        var list = SelectList.Read(Sql, SqlStatements.Split(Sql)[1]);
        Assert.Equal(["a", "b"], list.Columns!.Select(c => Sql.Substring(c.Start, c.Length)));
    }

    [Theory]
    [InlineData("(", ")")]
    [InlineData("-", "")]
    [InlineData("not ", "")]
    [InlineData("(select ", ")")]
    [InlineData("case when ", " then 1 end")]
    [InlineData("cast(", " as int)")]
    public void Nesting_beyond_reason_is_not_decided(string open, string close)
    {
        static string Nest(string text, int times) => string.Concat(Enumerable.Repeat(text, times));
        Assert.Equal(SelectListState.Known, SelectList.Read("select " + Nest(open == "-" ? "- " : open, 50) + "1" + Nest(close, 50)).State);
        Assert.Equal(SelectListState.Unknown, SelectList.Read("select " + Nest(open == "-" ? "- " : open, 100_000) + "1" + Nest(close, 100_000)).State);
    }
}
