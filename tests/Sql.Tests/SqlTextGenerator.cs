using System.Text;

namespace CompileTimeRouting.Sql.Tests;

/// <summary>Texts for fuzzing: by a small grammar, from verified statements with pieces changed, and of loose fragments.</summary>
internal sealed class SqlTextGenerator(int seed)
{
    private static readonly string[] Fragments =
    [
        "select", "from", "t", "u", "with", "recursive", "as", "(", ")", "(", ")", ",", "insert", "into", "update", "set", "delete", "merge",
        "using", "when", "matched", "then", "do", "nothing", "for", "share", "no", "key", "of", "values", "table", "union", "all", "order", "by",
        "limit", "explain", "analyze", "copy", "to", "stdout", "declare", "cursor", "prepare", "lock", "in", "mode", "create", "temp", "begin",
        "atomic", "function", "case", "end", "on", "join", "left", "lateral", "only", "nextval", "f", ".", "..", "::", ":", ":=", "=>", "'a'", "E'\\''",
        "e'\\", "$$select 1$$", "$a$", "query_to_xml", "lo_open", "xpath_table", "ts_rewrite", "crosstab", "1", "1.5e", "0x1", "x'2'", "[", "]", "*", "=",
        "-", "+", "<@", "@", "@p", ":p", "$1", "$", "\"q\"", "\"", "U&\"\\0061\"", "U&'\\00'", "uescape", "'!'", "'", ";", "returning", "conflict",
        "search", "depth", "first", "cycle", "tablesample", "repeatable", "ordinality", "rows", "where", "{", "/*", "*/", "--", "\n", "\r", "\t",
        "\0", "\uD800", "\u00e9", "\u017F", "replace", "pragma", "top", "`", "#", "?",
    ];

    private readonly Random _random = new(seed);
    private readonly string[] _verified = [.. VerifiedRoutes.Read().Select(r => r.Sql)];
    private readonly StringBuilder _text = new();
    private int _depth;

    public string Next()
    {
        _text.Clear();
        _depth = 0;
        switch (_random.Next(4))
        {
            case 0:
                Loose();
                break;
            case 1:
                Changed();
                break;
            default:
                Statement();
                break;
        }

        return _text.ToString();
    }

    private void Loose()
    {
        for (var n = _random.Next(1, 25); n > 0; n--)
            _text.Append(Fragments[_random.Next(Fragments.Length)]).Append(_random.Next(3) == 0 ? "" : " ");
    }

    /// <summary>A verified statement with pieces cut out, put in, or the end of another.</summary>
    private void Changed()
    {
        _text.Append(Verified());
        for (var n = _random.Next(1, 4); n > 0; n--)
        {
            var at = _random.Next(_text.Length + 1);
            switch (_random.Next(4))
            {
                case 0:
                    _text.Remove(at, Math.Min(_text.Length - at, _random.Next(1, 10)));
                    break;
                case 1:
                    _text.Insert(at, " " + Fragments[_random.Next(Fragments.Length)] + " ");
                    break;
                case 2:
                    var other = Verified();
                    _text.Append(' ').Append(other.AsSpan(_random.Next(other.Length)));
                    break;
                default:
                    _text.Append(';').Append(Verified());
                    break;
            }
        }
    }

    private string Verified() => _verified[_random.Next(_verified.Length)];

    private string One(params ReadOnlySpan<string> texts) => texts[_random.Next(texts.Length)];

    private bool Maybe(int oneIn = 3) => _random.Next(oneIn) == 0;

    private SqlTextGenerator Put(string text)
    {
        _text.Append(text).Append(' ');
        return this;
    }

    private void Statement()
    {
        switch (_random.Next(8))
        {
            case 0:
                Put(One("explain", "explain analyze", "explain (costs off, analyze off)", "explain (analyze)", "prepare q as", "declare c cursor for")).Query();
                break;
            case 1:
                Put("copy (").Query();
                Put(")").Put(One("to stdout", "to '/x'", "to program 'x'", "from stdin"));
                break;
            case 2:
                Put(One("create table x as", "create temp view x as", "create materialized view mv as")).Query();
                break;
            default:
                Query();
                break;
        }

        if (Maybe(6))
        {
            Put(";");
            if (_depth++ < 3)
                Statement();
        }
    }

    private void Query()
    {
        if (++_depth > 6)
        {
            Put("select 1");
            return;
        }

        if (Maybe(4))
        {
            Put(One("with", "with recursive")).Put(Name()).Put(One("as", "as materialized", "(a) as", "as not materialized")).Put("(").Query();
            Put(")");
        }

        switch (_random.Next(9))
        {
            case 0:
                Put("insert into").Put(Name()).Put(One("", "(a, b)", "as x (a)"));
                Query();
                Put(One("", "on conflict do nothing", "on conflict (a) do update set a = 1", "returning *", "returning f(a)"));
                break;
            case 1:
                Put("update").Put(Name()).Put("set a =").Expression();
                Put(One("", "from u", "where true", "returning a"));
                break;
            case 2:
                Put("delete from").Put(One("", "only")).Put(Name()).Put(One("", "using u", "where a in (select 1)", "returning a"));
                break;
            case 3:
                Put("merge into").Put(Name()).Put("using").Put(Name()).Put("on").Expression();
                Put(One("when matched then do nothing", "when matched then delete", "when not matched then insert (a) values (1)", "when matched and a > 1 then update set a = 1"));
                break;
            default:
                Select();
                break;
        }

        _depth--;
    }

    private void Select()
    {
        Put(One("select", "select distinct", "select all", "select distinct on (a)")).Expression();
        if (Maybe(8))
            Put("into").Put(One("", "temp", "table")).Put(Name());
        if (!Maybe())
        {
            Put("from");
            From();
        }

        if (Maybe())
            Put("where").Expression();
        if (Maybe(6))
            Put("group by a having count(*) > 1");
        if (Maybe(5))
        {
            Put(One("union", "union all", "except", "intersect"));
            Query();
        }

        if (Maybe(5))
            Put("order by").Expression();
        if (Maybe(5))
            Put(One("limit 1", "offset 2", "fetch first row only", "limit all"));
        if (Maybe(6))
            Put(One("for update", "for share of t", "for no key update nowait", "for key share skip locked", "for read only"));
    }

    private void From()
    {
        switch (_random.Next(6))
        {
            case 0 when _depth < 6:
                Put("(").Query();
                Put(")").Put(One("x", "as x(a)"));
                break;
            case 1:
                Put(One("f(1) as g", "nextval('s')", "lateral generate_series(1, 2) with ordinality", "rows from (f(1)) r", "current_date"));
                break;
            default:
                Put(One("", "only")).Put(Name()).Put(One("", "as x", "x", "tablesample system (1)"));
                break;
        }

        if (Maybe())
        {
            Put(One(",", "join", "left join", "natural join", "cross join"));
            From();
            if (Maybe())
                Put("on").Expression();
        }
    }

    private SqlTextGenerator Expression()
    {
        switch (_random.Next(12))
        {
            case 0 when _depth < 6:
                Put("(").Query();
                Put(")");
                break;
            case 1:
                Put(One("nextval('s')", "\"nextval\"('s')", "f(a)", "pg_catalog.lower(b)", "U&\"\\0066\"(1)", "lo_open(1, 2)", "pg_advisory_lock(1)", "txid_current()", "@f(1)"));
                break;
            case 2:
                Put("case when").Expression();
                Put("then 1 else 2 end");
                break;
            case 3:
                Put("a[1:").Expression();
                Put("]");
                break;
            case 4:
                Put(One("query_to_xml('select nextval(''s'')', true, true, '')", "ts_stat($$select a from t$$)", "query_to_xml(b, true, true, '')", "E'\\'' || 'x'", "'a'\n'b'", "$q$ $a$ $q$", "U&'\\0061' uescape '!'"));
                break;
            case 5:
                Put("coalesce(").Expression();
                Put(",").Expression();
                Put(")");
                break;
            case 6:
                Put("a is not distinct from").Expression();
                break;
            default:
                Put(One("a", "*", "1", "t.a", "@p", "$1", ":p", "a::int", "cast(a as numeric(1, 2))", "update", "x.delete", "a -> 'b' #> '{c}'", "-1", "array[1, 2]", "row(1, 2)"));
                break;
        }

        if (Maybe(4))
            Put(One("+", "||", "and", "=", ",", "<@", "is null or", "in", "between 1 and", "operator(pg_catalog.+)")).Expression();
        return this;
    }

    private string Name() => One("t", "u", "sch.t2", "\"T\"", "T", "update", "c", "U&\"\\0061b\"", "x", "v");
}
