namespace CompileTimeRouting.Sql.Tests;

/// <summary>With a bracket behind it, a word is a function's name or the grammar's own.</summary>
public class SqlKeywordCallTests
{
    /// <summary>The unreserved words that clauses have, and those that name functions and types, of <c>kwlist.h</c>.</summary>
    [Theory]
    [InlineData("keys content plan groups range rows escape passing filter columns document conflict over sets zone ordinality path cube rollup")]
    [InlineData("by within operator insert set second varying partition insert update delete type value day no key first nulls temporary")]
    [InlineData("binary freeze verbose authorization collation concurrently cross full ilike inner is isnull join left like natural notnull")]
    [InlineData("outer overlaps right similar tablesample current_schema")]
    public void Words_that_are_not_reserved_name_functions(string words)
    {
        foreach (var word in words.Split(' '))
        {
            AssertCalls("select " + word + "(1)", word);
            AssertCalls("select 1, " + word + "(1)", word);
            AssertCalls("select * from " + word + "(1)", word);
            AssertCalls("select 1 where not " + word + "(1) and " + word + "(2)", word);
            AssertCalls("select 1 operator(pg_catalog.+) " + word + "(1)", word);
            AssertCalls("select 1 from t group by 1 + " + word + "(1) order by " + word + "(1)", word);
        }
    }

    [Theory]
    [InlineData("select coalesce(1), float(1) '1', greatest(1), nullif(1, 2), 1::numeric(2), cast(1 as varchar(2)), row(1), grouping(a)")]
    [InlineData("select * from t fetch next (1) rows only")]
    [InlineData("select a over from t")]
    [InlineData("insert into t values (1) on conflict (a) do update set (a, b) = (1, 2)")]
    [InlineData("insert into t select 1 from u on conflict (a) where a > 0 do nothing")]
    [InlineData("merge into t using u on true when not matched then insert (a) values (1)")]
    [InlineData("select interval '1' second (3), interval '1' day to second (3), '1'::character varying (3)")]
    [InlineData("select * from t where a in (1) and a = any (array[1]) and exists (select 1) and a between (1) and (2)")]
    [InlineData("select * from json_table('[1]', '$[*]' as p columns (v int path '$', nested path '$[*]' columns (w int path '$')) plan (p)) j")]
    [InlineData("select * from json_table('[1]', '$[*]' passing 1 as x columns (v int)) j")]
    [InlineData("select 1 from t group by a, rollup (a), cube (a), grouping sets (rollup (a), grouping sets (cube (b)), (a))")]
    [InlineData("select 1 from t group by all cube (a) order by (a)")]
    [InlineData("select a like ('x') escape ('!') and a not ilike ('y') and a similar to ('z') escape ('!') from t")]
    [InlineData("select a at time zone ('utc'), 1 operator(pg_catalog.*) 2, operator(-) 1 from t")]
    [InlineData("select 1 from t window w as (rows (1) preceding), v as (partition by (a) order by (b) desc groups (1) preceding)")]
    [InlineData("select xmlserialize(content (a) as text), xmlparse(document (a)), xmlexists('/a' passing (a)) from t")]
    [InlineData("select * from xmltable('/a' passing ('x') columns x int path ('.'))")]
    public void The_grammars_own_words_call_nothing(string sql) => AssertCalls(sql, "");

    [Theory]
    [InlineData("select count(*) over (rows (1) preceding), count(*) filter (where true) over (order by a range (1) preceding)", "count")]
    [InlineData("select mode() within group (order by (a))", "mode")]
    [InlineData("select over(rows(1))", "over rows")]
    [InlineData("select 1 from t group by f(rollup(1)), (cube(1))", "f rollup cube")]
    [InlineData("select operator(t.*) from t", "operator")]
    [InlineData("select xmlparse(content content(1))", "content")]
    [InlineData("select * from json_table(columns(1), '$' columns (v int)) j", "columns")]
    [InlineData("select case when true then insert(1) end", "insert")]
    [InlineData("select * from a join b on conflict(1)", "conflict")]
    public void Both_in_one_statement(string sql, string calls) => AssertCalls(sql, calls);

    private static void AssertCalls(string sql, string calls)
        => Assert.True(calls == string.Join(' ', SqlEffects.Analyze(sql).Functions.Select(f => f.Name)), sql + ": " + string.Join(' ', SqlEffects.Analyze(sql).Functions));
}
