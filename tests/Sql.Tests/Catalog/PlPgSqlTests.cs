namespace CompileTimeRouting.Sql.Tests;

/// <summary>Bodies of PL/pgSQL: where each may run, and the tables and functions in it.</summary>
public class PlPgSqlTests
{
    [Theory]
    // blocks and declarations
    [InlineData("begin end", "Replica", "", "", "")]
    [InlineData("begin null; end;", "Replica", "", "", "")]
    [InlineData("<<outer>> declare x int; begin x := 1; end outer", "Replica", "", "", "")]
    [InlineData("#variable_conflict use_column\n#print_strict_params on\nbegin end", "Replica", "", "", "")]
    [InlineData("declare x int := nextval('s'); begin end", "Primary", "", "", "nextval")]
    [InlineData("declare x constant numeric(10, 2) not null default f(1); begin end", "Replica", "", "", "f")]
    [InlineData("declare x int = g(); y t%rowtype; z t.a%type[]; begin end", "Replica", "", "", "g")]
    [InlineData("declare x int := (select max(a) from t); begin end", "Replica", "t", "", "max")]
    [InlineData("declare x alias for $1; begin x := f(x); end", "Replica", "", "", "f")]
    [InlineData("declare c cursor for select * from t; begin open c; close c; end", "Replica", "t", "", "")]
    [InlineData("declare c no scroll cursor (k int) is select * from t where a = k; begin for r in c(f()) loop null; end loop; end", "Replica", "t", "", "f")]
    [InlineData("declare c scroll cursor for select * from t for update; begin end", "Primary", "t", "", "")]
    [InlineData("declare x int; declare y int; begin begin null; end; end", "Replica", "", "", "")]
    [InlineData("begin declare x int := h(); begin x := 2; end; end", "Replica", "", "", "h")]
    // assignments
    [InlineData("begin x := a from t; end", "Replica", "t", "", "")]
    [InlineData("begin x = f(y); end", "Replica", "", "", "f")]
    [InlineData("begin x.y := 1; x[f(1)] := g(2); $1 := 3; end", "Replica", "", "", "f,g")]
    [InlineData("begin new.a := nextval('s'); return new; end", "Primary", "", "", "nextval")]
    [InlineData("begin x := (with d as (delete from t returning a) select a from d); end", "Primary", "", "t", "")]
    [InlineData("begin perform := 1; raise := 2; execute := 3; end", "Replica", "", "", "")]
    [InlineData("begin \"if\" := 1; end", "Replica", "", "", "")]
    // SQL
    [InlineData("begin insert into t values (1); end", "Primary", "", "t", "")]
    [InlineData("begin insert into t(a) select a from u returning id into x; end", "Primary", "u", "t", "")]
    [InlineData("begin update t set a = 1 where id = k; end", "Primary", "", "t", "")]
    [InlineData("begin delete from t; end", "Primary", "", "t", "")]
    [InlineData("begin merge into t using u on t.id = u.id when matched then update set a = 1; end", "Primary", "u", "t", "")]
    [InlineData("begin merge into t using u on t.id = u.id when matched then do nothing; end", "Replica", "u,t", "", "")]
    [InlineData("begin select a into x from t; end", "Replica", "t", "", "")]
    [InlineData("begin select a, b into strict x, y.z from t where id = 1; end", "Replica", "t", "", "")]
    [InlineData("begin select into x a from t; end", "Replica", "t", "", "")]
    [InlineData("begin select * from t into r; end", "Replica", "t", "", "")]
    [InlineData("begin with w as (select 1 as a) select a into x from w; end", "Replica", "", "", "")]
    [InlineData("begin with w as (insert into t values (1) returning id) select id into x from w; end", "Primary", "", "t", "")]
    [InlineData("begin select a into x from t for update; end", "Primary", "t", "", "")]
    [InlineData("begin create temp table x (a int); end", "Primary", "", "x", "")]
    [InlineData("begin truncate t; end", "Primary", "", "t", "")]
    [InlineData("begin lock table t; end", "Primary", "t", "", "")]
    [InlineData("begin notify c; end", "Primary", "", "", "")]
    [InlineData("begin commit; end", "Primary", "", "", "")]
    [InlineData("begin call p(1); end", "Replica", "", "", "p")]
    [InlineData("begin do $$ begin insert into t values (1); end $$; end", "Primary", "", "t", "")]
    [InlineData("begin do $$ begin perform 1; end $$; end", "Replica", "", "", "")]
    [InlineData("begin do language plpython3u $$ x $$; end", "Unknown", "", "", "")]
    [InlineData("begin perform f(a) from t where g(a); end", "Replica", "t", "", "f,g")]
    [InlineData("begin perform pg_notify('c', 'x'); end", "Primary", "", "", "pg_notify")]
    [InlineData("begin perform pg_advisory_lock(1); end", "Primary", "", "", "pg_advisory_lock")]
    [InlineData("begin perform set_config('a.b', 'c', true); end", "Primary", "", "", "set_config")]
    // control flow
    [InlineData("begin if f(1) then null; elsif g() then null; elseif h() then null; else insert into t values (1); end if; end", "Primary", "", "t", "f,g,h")]
    [InlineData("begin if not found then return; end if; end", "Replica", "", "", "")]
    [InlineData("begin if exists (select 1 from t) then return true; end if; return false; end", "Replica", "t", "", "")]
    [InlineData("begin if (case when a then b else c end) then null; end if; end", "Replica", "", "", "")]
    [InlineData("begin case f(x) when 1, g(2) then null; else perform h(); end case; end", "Replica", "", "", "f,g,h")]
    [InlineData("begin case when a > 1 then delete from t; end case; end", "Primary", "", "t", "")]
    [InlineData("begin <<l>> loop exit l when f(); continue when g(); exit; end loop l; end", "Replica", "", "", "f,g")]
    [InlineData("begin while f() loop update t set a = 1; end loop; end", "Primary", "", "t", "f")]
    [InlineData("begin for i in 1..10 loop null; end loop; end", "Replica", "", "", "")]
    [InlineData("begin for i in reverse f(10)..g(1) by h(2) loop null; end loop; end", "Replica", "", "", "f,g,h")]
    [InlineData("begin for r in select * from t order by a loop perform f(r.a); end loop; end", "Replica", "t", "", "f")]
    [InlineData("begin for a, b in (select 1, 2) union select x, y from u loop null; end loop; end", "Replica", "u", "", "")]
    [InlineData("begin for r in insert into t values (1) returning * loop null; end loop; end", "Primary", "", "t", "")]
    [InlineData("begin for r in execute 'select * from t' loop null; end loop; end", "Replica", "t", "", "")]
    [InlineData("begin for r in execute q using 1, f() loop null; end loop; end", "Unknown", "", "", "f")]
    [InlineData("begin foreach x slice 1 in array f(a) loop null; end loop; end", "Replica", "", "", "f")]
    [InlineData("begin insert into t values (1); exception when unique_violation or sqlstate '23000' then update t set a = 1; when others then null; end", "Primary", "", "t", "")]
    // return
    [InlineData("begin return; end", "Replica", "", "", "")]
    [InlineData("begin return f(x); end", "Replica", "", "", "f")]
    [InlineData("begin return (select a from t); end", "Replica", "t", "", "")]
    [InlineData("begin return next; return next f(1); end", "Replica", "", "", "f")]
    [InlineData("begin return query select * from t; end", "Replica", "t", "", "")]
    [InlineData("begin return query delete from t returning *; end", "Primary", "", "t", "")]
    [InlineData("begin return query execute 'select * from t where a = $1' using f(); end", "Replica", "t", "", "f")]
    [InlineData("begin return query execute format('select * from %I', n); end", "Unknown", "", "", "format")]
    // messages
    [InlineData("begin raise notice 'a % b %', f(1), (select count(*) from t); end", "Replica", "t", "", "f,count")]
    [InlineData("begin raise; raise division_by_zero; raise sqlstate '22012' using message = f('x'); end", "Replica", "", "", "f")]
    [InlineData("begin raise exception using errcode = 'P0001', message = nextval('s'); end", "Primary", "", "", "nextval")]
    [InlineData("begin assert (select count(*) from t) > 0, f('none'); end", "Replica", "t", "", "count,f")]
    [InlineData("begin get diagnostics n = row_count; get stacked diagnostics m = message_text; end", "Replica", "", "", "")]
    // dynamic SQL
    [InlineData("begin execute 'select 1'; end", "Replica", "", "", "")]
    [InlineData("begin execute 'insert into t values ($1)' using x; end", "Primary", "", "t", "")]
    [InlineData("begin execute 'select a from t' || ' where b = ' || quote_literal(x) into strict y; end", "Replica", "t", "", "quote_literal")]
    [InlineData("begin execute format('select a from t where b = %L and c like ''%%x''', x) into y using f(); end", "Replica", "t", "", "format,f")]
    [InlineData("begin execute 'delete from ' || quote_ident(n); end", "Primary", "", "", "quote_ident")]
    [InlineData("begin execute format('update %I set a = %s', n, v); end", "Primary", "", "", "format")]
    [InlineData("begin execute ('drop table ' || n); end", "Primary", "", "", "")]
    [InlineData("begin execute 'select * from ' || n; end", "Unknown", "", "", "")]
    [InlineData("begin execute cmd; end", "Unknown", "", "", "")]
    [InlineData("begin execute E'\\144elete from t'; end", "Unknown", "", "", "")]
    [InlineData("begin execute 'execute ''select 1'''; end", "Primary", "", "", "")]
    [InlineData("begin execute $q$ do $d$ begin delete from t; end $d$ $q$; end", "Primary", "", "t", "")]
    // cursors
    [InlineData("declare c refcursor; begin open c for select * from t; fetch next from c into x; move c; close c; end", "Replica", "t", "", "")]
    [InlineData("declare c refcursor; begin open c no scroll for execute 'select * from ' || n; end", "Unknown", "", "", "")]
    [InlineData("declare c refcursor; begin open c for execute 'select * from t' using 1; return c; end", "Replica", "t", "", "")]
    [InlineData("declare c cursor (k int) for select * from t; begin open c(f(1)); fetch c into x; end", "Replica", "t", "", "f")]
    [InlineData("begin fetch c into x; end", "Unknown", "", "", "")]
    [InlineData("begin for r in c loop null; end loop; end", "Unknown", "", "", "")]
    [InlineData("declare c refcursor; begin c := f(); loop fetch c into x; exit when not found; end loop; end", "Unknown", "", "", "f")]
    // what isn't PL/pgSQL, or is cut short
    [InlineData("", "Unknown", "", "", "")]
    [InlineData("select 1", "Unknown", "", "", "")]
    [InlineData("begin", "Unknown", "", "", "")]
    [InlineData("begin if a then null; end;", "Unknown", "", "", "")]
    [InlineData("begin end; end;", "Unknown", "", "", "")]
    [InlineData("begin x := 'a; end", "Unknown", "", "", "")]
    [InlineData("begin x := ; end", "Unknown", "", "", "")]
    [InlineData("begin if then null; end if; end", "Unknown", "", "", "")]
    [InlineData("begin hello world; end", "Unknown", "", "", "")]
    [InlineData("begin x := (1; delete from t; end", "Primary", "", "t", "")]
    [InlineData("begin hello world; delete from t; end", "Primary", "", "t", "")]
    [InlineData("begin end insert into t values (1);", "Unknown", "", "", "")]
    // comments and cases
    [InlineData("BEGIN -- delete from t;\n /* insert into t */ PERFORM F(1); END", "Replica", "", "", "f")]
    [InlineData("begin x := 'delete from t'; y := $q$ insert into t $q$; end", "Replica", "", "", "")]
    public void What_a_body_does(string body, string route, string reads, string writes, string calls)
    {
        var effects = SqlBodyEffects.Analyze("plpgsql", body);
        Assert.True(route == effects.Route.ToString(), $"{effects.Route}: {effects.Reason}");
        Assert.Equal(effects.Route == SqlRoute.Replica, effects.Reason is null);
        // Past the point where a body can't be followed, nothing is promised.
        if (effects.Route == SqlRoute.Unknown && reads.Length + writes.Length + calls.Length == 0)
            return;
        Assert.Equal(reads, string.Join(',', effects.Reads));
        Assert.Equal(writes, string.Join(',', effects.Writes));
        Assert.Equal(calls, string.Join(',', effects.Calls));
    }

    [Theory]
    [InlineData("begin insert into t values (1); end", "INSERT", true)]
    [InlineData("begin perform pg_advisory_lock(1); perform nextval('s'); end", "calls nextval", true)]
    [InlineData("begin perform pg_advisory_lock(1); end", "calls pg_advisory_lock", false)]
    [InlineData("begin select 1 for update; select * from t for no key update; end", "FOR NO KEY UPDATE", true)]
    [InlineData("begin execute q; end", "runs SQL that isn't constant", false)]
    [InlineData("begin\nx := 1;\nhello world;\nend", "no statement begins so", false)]
    [InlineData("begin\nx := 1;\nif;\nend", "can't be followed at line 3 of its body", false)]
    [InlineData("begin perform query_to_xml('delete from secrets where pin = 1234', true, true, ''); end", "runs SQL in a string", true)]
    public void The_reason(string body, string reason, bool isRefused)
    {
        var effects = SqlBodyEffects.Analyze("plpgsql", body);
        Assert.Equal(reason, effects.Reason);
        Assert.Equal(isRefused, effects.IsRefused);
    }

    [Theory]
    [InlineData("sql", "select 1; select * from t", "Replica")]
    [InlineData("sql", "select * from t; delete from t", "Primary")]
    [InlineData("sql", "select $1 + f($2)", "Replica")]
    [InlineData("c", "anything", "Unknown")]
    [InlineData("plpython3u", "plpy.execute('delete')", "Unknown")]
    public void Languages(string language, string body, string route)
        => Assert.Equal(route, SqlBodyEffects.Analyze(language, body).Route.ToString());
}
