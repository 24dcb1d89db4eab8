namespace CompileTimeRouting.Sql;

/// <summary>
/// Reads as much of PostgreSQL's grammar (<c>src/backend/parser/gram.y</c>) as it takes to tell where a select list's
/// items end and what they are called. Where it doesn't understand, it says so.
/// </summary>
internal sealed partial class SelectListReader
{
    /// <summary>What no token is: the reader's tokens hold no trivia.</summary>
    private const SqlTokenKind EndOfText = SqlTokenKind.WhiteSpace;

    private readonly SqlTokens _tokens;
    private int _position;

    public SelectListReader(SqlTokens tokens) => _tokens = tokens;

    public SelectList Read(bool isWellFormed)
    {
        if (!QueryStart())
            return Result(SqlStatementKind.Other, SelectListState.Unknown, null);

        var kind = StatementKind();
        if (!isWellFormed)
            return Result(kind, SelectListState.Unknown, null);

        return kind switch
        {
            SqlStatementKind.Select or SqlStatementKind.Values or SqlStatementKind.Table => Query(kind),
            SqlStatementKind.Insert or SqlStatementKind.Update or SqlStatementKind.Delete or SqlStatementKind.Merge => Returning(kind),
            SqlStatementKind.Call => Result(kind, SelectListState.Unknown, null),
            _ => Utility(),
        };
    }

    private static SelectList Result(SqlStatementKind kind, SelectListState state, bool? returnsRows)
        => new(kind, state, returnsRows, Array.Empty<ResultColumn>());

    private static SelectList Rows(SqlStatementKind kind, List<ResultColumn> items)
        => new(kind, items.Exists(i => i.IsStar) ? SelectListState.Star : SelectListState.Known, true, items);

    private SqlStatementKind StatementKind() => Kind() == SqlTokenKind.Identifier
        ? Name() switch
        {
            "select" => SqlStatementKind.Select,
            "values" => SqlStatementKind.Values,
            "table" => SqlStatementKind.Table,
            "insert" => SqlStatementKind.Insert,
            "update" => SqlStatementKind.Update,
            "delete" => SqlStatementKind.Delete,
            "merge" => SqlStatementKind.Merge,
            "call" => SqlStatementKind.Call,
            _ => SqlStatementKind.Other,
        }
        : SqlStatementKind.Other;

    private SelectList Query(SqlStatementKind kind)
    {
        var items = new List<ResultColumn>();
        if (!QueryItems(items, firstOnly: false))
            return Result(kind, SelectListState.Unknown, null);

        // SELECT INTO creates a table and returns nothing.
        return kind == SqlStatementKind.Select && Word("into")
            ? Result(kind, SelectListState.NoRows, false)
            : Rows(kind, items);
    }

    /// <summary>The list behind the last clause of INSERT, UPDATE, DELETE, MERGE.</summary>
    private SelectList Returning(SqlStatementKind kind)
    {
        while (_position < _tokens.Count && !(Word("returning") && !IsLabelPosition()))
        {
            if (!SkipOne())
                return Result(kind, SelectListState.Unknown, null);
        }

        if (!Accept("returning"))
            return Result(kind, SelectListState.NoRows, false);

        // RETURNING WITH (OLD AS o, NEW AS n) …, PostgreSQL 18
        if (Accept("with") && !SkipGroup())
            return Result(kind, SelectListState.Unknown, true);

        var items = new List<ResultColumn>();
        return Items(items, firstOnly: false) && Kind() == EndOfText
            ? Rows(kind, items)
            : Result(kind, SelectListState.Unknown, true);
    }

    private SelectList Utility()
    {
        bool? returnsRows = Kind() != SqlTokenKind.Identifier ? null : Name() switch
        {
            "explain" or "show" or "fetch" => true,
            // What a prepared statement is, the session knows.
            "execute" => null,
            _ => false,
        };
        return Result(SqlStatementKind.Other, returnsRows == false ? SelectListState.NoRows : SelectListState.Unknown, returnsRows);
    }

    /// <summary>Goes past opening parentheses and WITH clauses to the verb; false if a WITH clause can't be read.</summary>
    private bool QueryStart()
    {
        while (true)
        {
            if (Kind() == SqlTokenKind.OpenParen)
                _position++;
            else if (!Word("with"))
                return true;
            else if (!With())
                return false;
        }
    }

    /// <summary>From the verb of a query; of set operations the first query names the columns.</summary>
    private bool QueryItems(List<ResultColumn> items, bool firstOnly)
    {
        if (Accept("select"))
        {
            if (Accept("distinct"))
            {
                if (Accept("on") && !SkipGroup())
                    return false;
            }
            else
                Accept("all");

            return Items(items, firstOnly);
        }

        if (Accept("values"))
            return ValuesRow(items);
        if (!Accept("table"))
            return false;

        var start = _position;
        Accept("only");
        if (!NameChain())
            return false;
        items.Add(Column(null, start, isStar: true));
        return true;
    }

    /// <summary>Columns of VALUES are called column1, column2…; its first row says how many they are.</summary>
    private bool ValuesRow(List<ResultColumn> items)
    {
        if (Kind() != SqlTokenKind.OpenParen)
            return false;

        do
        {
            _position++;
            var start = _position;
            if (!Expression(0, out var expression))
                return false;
            items.Add(Column(expression.IsStar ? null : "column" + Text(items.Count + 1), start, expression.IsStar));
        }
        while (Kind() == SqlTokenKind.Comma);
        return Kind() == SqlTokenKind.CloseParen;
    }

    /// <summary><c>target_list</c>, up to the clause behind it. It may be empty.</summary>
    private bool Items(List<ResultColumn> items, bool firstOnly)
    {
        if (EndsItems())
            return true;

        while (true)
        {
            if (!Item(items))
                return false;
            if (firstOnly || EndsItems())
                return true;
            if (Kind() != SqlTokenKind.Comma)
                return false;
            _position++;
        }
    }

    /// <summary><c>target_el</c></summary>
    private bool Item(List<ResultColumn> items)
    {
        var start = _position;
        if (Kind() == SqlTokenKind.Star)
        {
            _position++;
            items.Add(Column(null, start, isStar: true));
            return true;
        }

        if (!Expression(0, out var expression))
            return false;

        if (Accept("as"))
        {
            if (!SqlIdentifier.IsIdentifier(Kind()))
                return false;
            items.Add(Column(Label(), start, isStar: false));
        }
        else if (IsBareLabel())
            items.Add(Column(Label(), start, isStar: false));
        else
            items.Add(Column(expression.ColumnName, start, expression.IsStar));

        return true;
    }

    private bool IsBareLabel()
        => SqlIdentifier.IsIdentifier(Kind()) && (Kind() != SqlTokenKind.Identifier || SqlKeywords.IsBareLabel(Name()));

    private bool EndsItems()
    {
        if (Kind() is EndOfText or SqlTokenKind.CloseParen)
            return true;
        if (Kind() != SqlTokenKind.Identifier)
            return false;
        return Name() is "from" or "into" or "where" or "group" or "having" or "window" or "union" or "intersect" or "except"
            or "order" or "limit" or "offset" or "fetch" or "for";
    }

    private ResultColumn Column(string? name, int start, bool isStar)
    {
        var first = _tokens[start].Start;
        return new ResultColumn(name, first, _tokens[_position - 1].End - first, isStar);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
