namespace CompileTimeRouting.Sql.Tests;

/// <summary>Which tables a text reads and writes.</summary>
public class SqlTableTests
{
    [Theory]
    [InlineData("select 1", "")]
    [InlineData("select * from T, \"T\" x, Sch.Tab, \"S\".\"t t\"", "t \"T\" sch.tab \"S\".\"t t\"")]
    [InlineData("select * from db.sch.t", "sch.t")]
    [InlineData("select * from t a, t b", "t")]
    [InlineData("select * from only t, only (u), v *", "t u v")]
    [InlineData("table t", "t")]
    [InlineData("select * from t left join u using (a) join (v cross join w) on true", "t u v w")]
    [InlineData("select * from f(1) g, generate_series(1, 2), lateral h(2) as i(a int), rows from (f(1)) x", "")]
    [InlineData("select (select max(a) from u) from t where exists (select 1 from v) and a in (table w)", "u t v w")]
    [InlineData("select * from (select * from t) u, (values (1)) v", "t")]
    [InlineData("with c as (select * from t) select * from c", "t")]
    [InlineData("with c as (select * from t) select * from public.c", "t public.c")]
    [InlineData("with t as (select * from t) select * from t", "t")]
    [InlineData("with recursive t as (select * from t) select * from t", "")]
    [InlineData("with a as (select * from b), b as (select 1) select * from a, b", "b")]
    [InlineData("with recursive a as (select * from b), b as (select 1) select * from a, b", "")]
    [InlineData("with c as (select 1) select * from (with c as (select * from t) select * from c) x, c", "t")]
    [InlineData("select * from (with c as (select 1) select * from c) x, c", "c")]
    [InlineData("with c as (with d as (select 1) select * from d) select * from c, d", "d")]
    [InlineData("with \"C\" as (select 1) select * from c, \"C\"", "c")]
    [InlineData("select t.a from t, lateral (select * from u where u.id = t.id) x", "t u")]
    [InlineData("select * from t tablesample system (1), u", "t u")]
    [InlineData("select * from t natural left join u order by (select 1 from v) limit (select 1 from w)", "t u v w")]
    [InlineData("select extract(year from a), substring(b from 1), trim(both from c) from t", "t")]
    [InlineData("select a is distinct from b from t", "t")]
    [InlineData("select query_to_xml('select * from t', true, true, '') from u", "t u")]
    [InlineData("select * from t for update of t", "t")]
    [InlineData("select r.as from routes r, other o", "routes other")]
    [InlineData("select 1 as as from t, u", "t u")]
    [InlineData("copy t (a) to stdout", "t")]
    [InlineData("copy (select * from t) to stdout", "t")]
    [InlineData("explain select * from t", "t")]
    [InlineData("explain delete from t", "t")]
    [InlineData("explain create table x as select * from t", "t")]
    [InlineData("explain analyze select * from t", "t")]
    [InlineData("declare c cursor for select * from t", "t")]
    [InlineData("prepare q (int) as select * from t where a = $1", "t")]
    [InlineData("lock table t, only sch.u", "t sch.u")]
    [InlineData("merge into t using u on true when matched then do nothing", "u t")]
    [InlineData("select * from t; select * from u; select * from T", "t u")]
    [InlineData("select * from update, \"select\"", "update \"select\"")]
    [InlineData("select * from U&\"\\0061b\"", "ab")]
    [InlineData("select * from t where a = @p and b = :q and c = $1", "t")]
    public void Reads(string sql, string expected)
    {
        var effects = SqlEffects.Analyze(sql);
        Assert.Equal(expected, string.Join(' ', effects.Reads));
        Assert.Empty(effects.Writes);
    }

    [Theory]
    [InlineData("insert into t select * from u", "t", "u")]
    [InlineData("insert into sch.t as x (a) values ((select 1 from u)) on conflict (a) do update set a = (select 1 from v) returning (select 1 from w)", "sch.t", "u v w")]
    [InlineData("with c as (select * from u) insert into c select * from c", "c", "u")]
    [InlineData("update only t x set a = u.a from u join v on true where x.id = u.id", "t", "u v")]
    [InlineData("update t set (a, b) = (select 1, 2 from u)", "t", "u")]
    [InlineData("delete from t using u, (select * from v) x where true", "t", "u v")]
    [InlineData("delete from t where id in (select id from t)", "t", "t")]
    [InlineData("merge into t x using (select * from u) y on true when matched then update set a = (select 1 from v) when not matched then insert (a) values (1)", "t", "u v")]
    [InlineData("with a as (insert into t select 1 returning id), b as (update u set a = 1) select * from a, v", "t u", "v")]
    [InlineData("truncate t, only sch.u cascade", "t sch.u", "")]
    [InlineData("copy t (a) from stdin", "t", "")]
    [InlineData("select * into x from t", "x", "t")]
    [InlineData("create table x as select * from t", "x", "t")]
    [InlineData("create table if not exists sch.x (a int)", "sch.x", "")]
    [InlineData("create materialized view x as select * from t with no data", "x", "t")]
    [InlineData("create view x (a) as select * from t", "x", "t")]
    [InlineData("create unique index i on t (a)", "t", "")]
    [InlineData("create index on only sch.t (a)", "sch.t", "")]
    [InlineData("alter table if exists only t add column a int", "t", "")]
    [InlineData("drop table if exists t, sch.u cascade", "t sch.u", "")]
    [InlineData("refresh materialized view concurrently mv", "mv", "")]
    [InlineData("explain analyze delete from t using u", "t", "u")]
    public void Writes(string sql, string writes, string reads)
    {
        var effects = SqlEffects.Analyze(sql);
        Assert.Equal(writes, string.Join(' ', effects.Writes));
        Assert.Equal(reads, string.Join(' ', effects.Reads));
    }

    [Theory]
    [InlineData("select coalesce(a, 1), cast(b as numeric(3)), extract(year from c), x in (1), exists (select 1) from t", "")]
    [InlineData("select Lower(a), pg_catalog.upper(b), \"F\"(c), sch.g() from h()", "lower pg_catalog.upper \"F\" sch.g h")]
    [InlineData("select count(*) filter (where f(a)) over (partition by g(b)) from t", "count f g")]
    [InlineData("select left(a, 1), a::varchar(3), b::app.kind(2) from t as f(a, b) order by (a)", "left")]
    [InlineData("insert into t (a) values (f(1)) on conflict (a) do update set (a, b) = (1, 2)", "f")]
    [InlineData("merge into t using u on true when not matched then insert (a) values (f(1))", "f")]
    [InlineData("select regtype('int'), tsquery('a')", "regtype tsquery")]
    [InlineData("select set('t'), insert(1), f(f(f(1)))", "set insert f")]
    public void Calls(string sql, string expected) => Assert.Equal(expected, string.Join(' ', SqlEffects.Analyze(sql).Functions));
}
