using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Random, cut and hostile bodies: always an answer, soon, and never a read where a write stands.</summary>
public class PlPgSqlFuzzTests
{
    private static readonly string[] Fragments =
    [
        "begin", "end", "if", "then", "else", "elsif", "end if", "loop", "end loop", "for", "in", "reverse", "..", "by", "while", "foreach", "array",
        "case", "when", "end case", "return", "next", "query", "perform", "execute", "using", "into", "strict", "raise", "notice", "assert", "declare",
        "cursor", "for", "open", "fetch", "move", "close", "exception", "others", "get", "diagnostics", "exit", "continue", "<<", "l", ">>", "#",
        ":=", "=", ";", ";", ";", ";", "x", "y", ".", "[", "]", "(", ")", ",", "'a'", "'%I'", "format", "quote_literal", "||", "select", "from", "t",
        "insert", "update", "set", "delete", "merge", "with", "as", "do", "$$ begin end $$", "call", "nextval", "1", "$1", "'", "$$", "/*", "--\n", "\0", "\uE000",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bodies(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 30_000; i++)
        {
            var text = new StringBuilder(random.Next(3) == 0 ? "" : "begin ");
            for (var n = random.Next(1, 30); n > 0; n--)
                text.Append(Fragments[random.Next(Fragments.Length)]).Append(' ');
            SqlBodyEffects.Analyze("plpgsql", text.ToString());
        }
    }

    /// <summary>A body that stops anywhere isn't whole, and what isn't whole is no read.</summary>
    [Fact]
    public void Every_prefix_is_unknown_or_worse()
    {
        const string Body = "declare c cursor for select 1; x int := 1; begin if x > 1 then perform f(x); else for r in select * from t loop x := r.a; end loop; end if; return x; end";
        Assert.Equal(SqlRoute.Replica, SqlBodyEffects.Analyze("plpgsql", Body).Route);
        for (var length = 0; length < Body.Length; length++)
            Assert.NotEqual(SqlRoute.Replica, SqlBodyEffects.Analyze("plpgsql", Body[..length]).Route);
    }

    /// <summary>A write stands between random statements that are read well.</summary>
    [Theory]
    [InlineData("insert into t values (1);")]
    [InlineData("perform nextval('s');")]
    [InlineData("x := (select nextval('s'));")]
    [InlineData("if nextval('s') > 1 then null; end if;")]
    [InlineData("for r in delete from t returning * loop null; end loop;")]
    [InlineData("raise notice '%', nextval('s');")]
    [InlineData("return query update t set a = 1 returning *;")]
    [InlineData("execute 'truncate t';")]
    [InlineData("execute 'select ' || nextval('s');")]
    [InlineData("execute 'select $1' using nextval('s');")]
    [InlineData("x[nextval('s')] := 1;")]
    [InlineData("exit when nextval('s') > 1;")]
    [InlineData("assert nextval('s') > 1;")]
    [InlineData("return nextval('s');")]
    [InlineData("return next nextval('s');")]
    [InlineData("case nextval('s') when 1 then null; end case;")]
    [InlineData("case x when nextval('s') then null; end case;")]
    [InlineData("while nextval('s') < 1 loop null; end loop;")]
    [InlineData("for i in 1..nextval('s') loop null; end loop;")]
    [InlineData("for r in c(nextval('s')) loop null; end loop;")]
    [InlineData("for r in execute 'select 1' using nextval('s') loop null; end loop;")]
    [InlineData("foreach x in array array[nextval('s')] loop null; end loop;")]
    [InlineData("open c(nextval('s'));")]
    [InlineData("open c for select nextval('s');")]
    [InlineData("fetch absolute nextval('s') from c into x;")]
    [InlineData("declare z int := nextval('s'); begin null; end;")]
    [InlineData("declare d cursor for select nextval('s'); begin null; end;")]
    [InlineData("begin null; exception when others then perform nextval('s'); end;")]
    [InlineData("select nextval('s') into strict x, y;")]
    [InlineData("select a into x from t for share;")]
    public void A_write_is_never_missed(string write)
    {
        string[] harmless =
        [
            "null;", "x := 1;", "x := f(1, (2));", "perform f(x);", "if a then null; else null; end if;", "select a into x from t;", "raise notice 'x';",
            "<<l>> loop exit l; end loop l;", "begin null; exception when others then null; end;", "case when a then null; else null; end case;",
            "for r in select 1 loop null; end loop;", "execute 'select 1' into x;", "get diagnostics x = row_count;", "-- a comment\n", "/* ; */",
        ];
        var random = new Random(5);
        for (var i = 0; i < 200; i++)
        {
            var pieces = Enumerable.Range(0, random.Next(8)).Select(_ => harmless[random.Next(harmless.Length)]).ToList();
            pieces.Insert(random.Next(pieces.Count + 1), write);
            var body = "declare c refcursor; begin " + string.Join(' ', pieces) + " end";
            Assert.True(SqlBodyEffects.Analyze("plpgsql", body).Route == SqlRoute.Primary, body);
        }
    }

    [Theory]
    [InlineData("begin ", "begin ", "")]
    [InlineData("begin ", "if a then ", "")]
    [InlineData("begin ", "x := 1; ", "end")]
    [InlineData("begin ", "x", ";end")]
    [InlineData("begin x", ".x", " := 1; end")]
    [InlineData("begin x", "[1]", " := 1; end")]
    [InlineData("begin ", "(", "")]
    [InlineData("begin x := ", "(", "")]
    [InlineData("begin ", "case when a then ", "")]
    [InlineData("begin ", "hello; ", "end")]
    [InlineData("begin execute ", "'a' || ", "'b'; end")]
    [InlineData("begin execute ", "(", "")]
    [InlineData("begin execute ", "format(", "")]
    [InlineData("begin ", "execute q; ", "end")]
    [InlineData("begin ", "for r in ", "")]
    [InlineData("declare ", "x int; ", "begin end")]
    [InlineData("", "#a ", "begin end")]
    [InlineData("begin ", "<<l>> ", "end")]
    public void Hostile_bodies(string start, string piece, string end) => LinearTime.Assert(30_000, pieces =>
    {
        var body = new StringBuilder(start).Insert(start.Length, piece, pieces).Append(end).ToString();
        return () => SqlBodyEffects.Analyze("plpgsql", body);
    });
}
