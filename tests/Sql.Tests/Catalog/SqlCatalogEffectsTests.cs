namespace CompileTimeRouting.Sql.Tests;

/// <summary>What statements do by the catalog, where their text alone doesn't tell.</summary>
public class SqlCatalogEffectsTests
{
    [Theory]
    // functions, with what they call
    [InlineData("select reads(1)", "Replica", "")]
    [InlineData("select app.reads(1)", "Replica", "")]
    [InlineData("select hidden.reads(1)", "Primary", "WritingRoutine")]
    [InlineData("select book(1, 'x')", "Primary", "WritingRoutine")]
    [InlineData("select * from book(1)", "Primary", "WritingRoutine")]
    [InlineData("select book_all()", "Primary", "WritingRoutine")]
    [InlineData("select \"outermost\"()", "Primary", "WritingRoutine")]
    [InlineData("select outermost ( )", "Primary", "WritingRoutine")]
    [InlineData("select in_c(1)", "Unknown", "UnknownRoutine")]
    [InlineData("select calls_c()", "Unknown", "UnknownRoutine")]
    [InlineData("select calls_missing()", "Unknown", "UnknownRoutine")]
    [InlineData("select not_in_the_catalog()", "Replica", "UnknownFunction")]
    [InlineData("select ping(1), pong(2)", "Replica", "")]
    [InlineData("select ping_writes()", "Primary", "WritingRoutine")]
    [InlineData("select total(id) from customers", "Primary", "WritingRoutine")]
    [InlineData("select total(id order by id, name) from customers", "Primary", "WritingRoutine")]
    [InlineData("select cached()", "Primary", "WritingRoutine")]
    [InlineData("select with_path()", "Primary", "WritingRoutine")]
    // overloads
    [InlineData("select overloaded(1)", "Replica", "")]
    [InlineData("select overloaded(1, 2)", "Primary", "WritingRoutine")]
    [InlineData("select overloaded((select 1), f(2, 3))", "Primary", "WritingRoutine,UnknownFunction")]
    [InlineData("select overloaded(1, 2, 3)", "Primary", "WritingRoutine")]
    [InlineData("select overloaded(1 order by 2)", "Primary", "WritingRoutine")]
    [InlineData("select many('x', 1, 2, 3), many('x')", "Replica", "")]
    [InlineData("select many('x', variadic '{1}'::int[])", "Replica", "")]
    [InlineData("select many()", "Primary", "WritingRoutine")]
    // names that are built in too
    [InlineData("select lower(c) from customers c", "Primary", "WritingRoutine")]
    [InlineData("select lower('A', 'B')", "Replica", "")]
    [InlineData("select upper('a')", "Replica", "")]
    [InlineData("select hidden.upper('a')", "Primary", "WritingRoutine")]
    [InlineData("select elsewhere()", "Primary", "WritingRoutine")]
    [InlineData("select nextval('s'), book(1)", "Primary", "RefusedFunction,WritingRoutine")]
    // hidden calls
    [InlineData("select c.full_name from customers c", "Primary", "WritingRoutine")]
    [InlineData("select c.full_name, c.name from app.customers c where true", "Primary", "WritingRoutine")]
    [InlineData("select full_name from customers", "Replica", "")]
    [InlineData("select 1 === 2", "Primary", "WritingRoutine")]
    [InlineData("select 1 = 2", "Replica", "")]
    [InlineData("select (1).book", "Primary", "WritingRoutine")]
    [InlineData("select (array[1])[1].book, $1.book", "Primary", "WritingRoutine,WritingRoutine")]
    [InlineData("select (c).full_name from customers c", "Primary", "WritingRoutine")]
    [InlineData("select c.book from customers c", "Replica", "")]
    [InlineData("select (1).reads, (1).many, (c).name from customers c", "Replica", "")]
    // names that are keywords
    [InlineData("select keys(1)", "Primary", "WritingRoutine")]
    [InlineData("select * from keys(1)", "Primary", "WritingRoutine")]
    // views and tables
    [InlineData("select * from next_ones", "Replica", "")]
    [InlineData("select * from numbered", "Primary", "CallingRelation")]
    [InlineData("table over_booking", "Primary", "CallingRelation")]
    [InlineData("select * from secured", "Primary", "CallingRelation")]
    [InlineData("select * from in_c_view", "Unknown", "CallingRelation")]
    [InlineData("select * from app.cache", "Primary", "UnloggedTable")]
    [InlineData("select 1 from customers join over_cache on true", "Primary", "UnloggedTable")]
    [InlineData("copy cache to stdout", "Primary", "UnloggedTable")]
    [InlineData("select * from public.customers", "Primary", "UnloggedTable")]
    [InlineData("select * from only_here", "Primary", "UnloggedTable")]
    [InlineData("with cache as (select 1) select * from cache", "Replica", "")]
    [InlineData("merge into cache using customers on true when matched then do nothing", "Primary", "UnloggedTable")]
    [InlineData("select query_to_xml('select book(1)', true, true, '')", "Primary", "SqlInString")]
    [InlineData("select query_to_xml('select in_c(1)', true, true, '')", "Unknown", "SqlInString")]
    // planning
    [InlineData("explain select * from cache", "Primary", "UnloggedTable")]
    [InlineData("explain delete from cache", "Primary", "UnloggedTable")]
    [InlineData("explain select book(1)", "Replica", "")]
    [InlineData("explain analyze select book(1)", "Primary", "WritingRoutine")]
    [InlineData("explain select * from cached()", "Primary", "WritingRoutine")]
    [InlineData("explain select in_c(1)", "Unknown", "UnknownRoutine")]
    [InlineData("explain insert into customers values (1)", "Replica", "")]
    // rules
    [InlineData("insert into dropped values (1)", "Replica", "")]
    [InlineData("insert into dropped select book(1)", "Primary", "WritingRoutine")]
    [InlineData("delete from dropped", "Primary", "Delete")]
    [InlineData("with w as (insert into dropped values (1) returning 1) select * from w", "Primary", "DataModifyingWith")]
    [InlineData("insert into sometimes values (1)", "Primary", "Insert")]
    [InlineData("insert into both values (1)", "Primary", "Insert")]
    [InlineData("insert into redirected values (1)", "Primary", "Insert")]
    // procedures and blocks
    [InlineData("call report(1)", "Primary", "Call")]
    [InlineData("call report(book(1))", "Primary", "Call,WritingRoutine")]
    [InlineData("call app.archive()", "Primary", "Call")]
    [InlineData("call unheard_of()", "Primary", "Call")]
    [InlineData("call report", "Primary", "Call")]
    [InlineData("do $$ begin perform reads(1); end $$", "Primary", "DoBlock")]
    [InlineData("do language plpgsql $$ begin perform book(1); end $$", "Primary", "DoBlock")]
    public void Route_and_effects(string sql, string route, string kinds)
    {
        var effects = SqlEffects.Analyze(sql, new SqlEffectOptions { Catalog = TestCatalog.Catalog });
        Assert.Equal(kinds, string.Join(',', effects.Effects.Select(e => e.Kind)));
        Assert.Equal(route, effects.Route.ToString());
        Assert.All(effects.Effects, e => Assert.InRange(e.End, e.Start + 1, sql.Length));
    }

    [Theory]
    [InlineData("select book(1)", "book", "book: INSERT", "Refused")]
    [InlineData("select outermost()", "outermost", "outermost: calls app.book(integer, text): INSERT", "Refused")]
    [InlineData("select many()", "many", "many: calls pg_advisory_lock", "BelongsOnPrimary")]
    [InlineData("select calls_c()", "calls_c", "calls_c: calls app.in_c(integer): is written in c", "Unknown")]
    [InlineData("select calls_missing()", "calls_missing", "calls_missing: calls gone, which the catalog doesn't have", "Unknown")]
    [InlineData("select * from app.over_cache v", "app.over_cache", "app.over_cache: reads app.cache: it is unlogged", "Refused")]
    [InlineData("select * from over_booking", "over_booking", "app.over_booking: calls app.book(integer, text): INSERT", "Refused")]
    [InlineData("select a.b === 1", "===", "===: INSERT", "Refused")]
    [InlineData("call archive()", "call", "archive: DELETE", "Refused")]
    [InlineData("do $$ begin perform many(); end $$", "do", "calls app.many(): calls pg_advisory_lock", "BelongsOnPrimary")]
    [InlineData("do $$ begin perform book(1); end $$", "do", "calls app.book(integer, text): INSERT", "Refused")]
    public void An_effect_says_where_it_stands_and_why(string sql, string words, string detail, string impact)
    {
        var effect = Assert.Single(SqlEffects.Analyze(sql, new SqlEffectOptions { Catalog = TestCatalog.Catalog }).Effects);
        Assert.Equal(words, effect.Text(sql));
        Assert.Equal(detail, effect.Detail);
        Assert.Equal(impact, effect.Impact.ToString());
    }

    [Theory]
    [InlineData("select * from next_ones", "next_ones,upcoming,customers,appointments", "")]
    [InlineData("select * from upcoming join customers on true", "upcoming,customers,appointments", "")]
    [InlineData("select * from totals", "totals", "")]
    [InlineData("select reads(1)", "customers", "")]
    [InlineData("select outermost()", "customers", "appointments")]
    [InlineData("select * from booking", "booking,customers", "appointments")]
    [InlineData("call archive()", "", "appointments")]
    [InlineData("call report(1)", "customers", "")]
    [InlineData("do $$ begin perform book(1); insert into audit values (1); end $$", "", "audit,appointments")]
    [InlineData("insert into dropped values (1)", "", "")]
    [InlineData("select * from hidden.\"Odd \"\"Name\"\"\"", "hidden.\"Odd \"\"Name\"\"\"", "")]
    public void Tables(string sql, string reads, string writes)
    {
        var effects = SqlEffects.Analyze(sql, new SqlEffectOptions { Catalog = TestCatalog.Catalog });
        Assert.Equal(reads.Split(',').Order(StringComparer.Ordinal), (effects.Reads.Count == 0 ? [""] : effects.Reads.Select(r => r.ToString())).Order(StringComparer.Ordinal));
        Assert.Equal(writes.Split(',').Order(StringComparer.Ordinal), (effects.Writes.Count == 0 ? [""] : effects.Writes.Select(w => w.ToString())).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("customers", SqlWriteEvents.Insert, "customers")]
    [InlineData("app.customers", SqlWriteEvents.Delete, "appointments,appointments_2026,customers,reminders")]
    [InlineData("customers", SqlWriteEvents.Update, "customers")]
    [InlineData("appointments", SqlWriteEvents.Insert, "appointments,appointments_2026,audit")]
    [InlineData("appointments", SqlWriteEvents.Update, "appointments,appointments_2026,audit,reminders")]
    [InlineData("appointments_2026", SqlWriteEvents.Insert, "appointments,appointments_2026")]
    [InlineData("upcoming", SqlWriteEvents.Insert, "appointments,appointments_2026,audit,customers,upcoming")]
    [InlineData("redirected", SqlWriteEvents.Insert, "audit,redirected")]
    [InlineData("dropped", SqlWriteEvents.Insert, "")]
    [InlineData("dropped", SqlWriteEvents.All, "dropped")]
    [InlineData("both", SqlWriteEvents.Insert, "\"both\",audit")]
    [InlineData("unheard_of", SqlWriteEvents.All, "unheard_of")]
    [InlineData("customers", SqlWriteEvents.Truncate, "appointments,appointments_2026,customers,reminders")]
    [InlineData("hidden.\"Odd \"\"Name\"\"\"", SqlWriteEvents.Delete, "hidden.\"Odd \"\"Name\"\"\"")]
    internal void Writes_through(string table, SqlWriteEvents events, string expected)
    {
        var written = TestCatalog.Catalog.WritesThrough(SqlCatalogWords.Name(table)!.Value, events);
        Assert.Equal(expected, string.Join(',', written.Select(w => w.ToString()).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Without_a_schema_the_first_of_the_search_path_is_meant()
    {
        Assert.Equal("app.customers", TestCatalog.Catalog.Resolve(new SqlObjectName(null, "customers", 3, 4)).ToString());
        Assert.Equal("public.customers", TestCatalog.Catalog.Resolve(new SqlObjectName("public", "customers", 3, 4)).ToString());
        Assert.Equal("nowhere", TestCatalog.Catalog.Resolve(new SqlObjectName(null, "nowhere", 3, 4)).ToString());
    }

    [Fact]
    public void A_long_chain_of_calls_takes_linear_time() => LinearTime.Assert(20_000, length =>
    {
        var functions = Enumerable.Range(0, length).Select(i => new SqlCatalogFunction
        {
            Schema = "app",
            Name = "f" + i,
            Route = i == length - 1 ? SqlRoute.Primary : SqlRoute.Replica,
            Reason = i == length - 1 ? "INSERT" : null,
            Calls = [new SqlObjectName("app", "f" + (i + 1), 0, 0)],
        }).ToList();
        return () =>
        {
            var catalog = new SqlCatalog(["app"], functions, [], [], []);
            Assert.Equal($"calls app.f{length - 1}(): INSERT", catalog.Verdict(functions[0]).Reason);
            Assert.Equal(SqlRoute.Primary, SqlEffects.Analyze("select f0()", new SqlEffectOptions { Catalog = catalog }).Route);
        };
    });

    [Fact]
    public void Catalogs_are_merged()
    {
        const string Caller = """
            { "version": 1, "searchPath": ["app", "reports"], "functions": [
              { "schema": "reports", "name": "daily", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["book"] },
              { "schema": "app", "name": "reads", "arguments": ["integer"], "kind": "function", "volatility": "stable", "language": "sql", "route": "unknown", "reason": "is written in c" } ] }
            """;
        var caller = TestCatalog.Parse(Caller);
        Assert.Equal(SqlRoute.Unknown, caller.Verdict(caller.Functions[0]).Route);

        var merged = SqlCatalog.Merge([caller, TestCatalog.Catalog])!;
        Assert.Equal(["app", "reports", "public"], merged.SearchPath);
        Assert.Equal(SqlRoute.Primary, merged.Verdict(caller.Functions[0]).Route);
        // Two databases have it, and one of them doesn't know what it does.
        Assert.Equal(SqlRoute.Unknown, SqlEffects.Analyze("select reads(1)", new SqlEffectOptions { Catalog = merged }).Route);
        Assert.Null(SqlCatalog.Merge([]));
        Assert.Same(caller, SqlCatalog.Merge([caller]));
    }
}
