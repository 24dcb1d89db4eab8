namespace CompileTimeRouting.Sql;

/// <summary>
/// Finds what a PL/pgSQL body does: every piece of SQL in it, whichever way the control flow goes. Pieces end where the
/// server's own grammar (<c>pl_gram.y</c>) ends them, at a word outside brackets. What can't be followed makes the body
/// unknown, and reading goes on behind the next semicolon.
/// </summary>
internal sealed partial class PlPgSqlReader
{
    private readonly string _body;
    private readonly SqlEffectOptions _options;
    private readonly int _nesting;
    private readonly SqlBodyEffects _effects;
    private readonly SqlTokens _tokens;

    /// <summary>The cursors whose query stands in this body.</summary>
    private readonly HashSet<string> _cursors = new(StringComparer.Ordinal);

    /// <summary>The cursors that are read.</summary>
    private readonly HashSet<string> _fetched = new(StringComparer.Ordinal);

    private int _position;

    /// <summary>How many BEGIN, IF, CASE and LOOP are open.</summary>
    private int _depth;

    public PlPgSqlReader(string body, SqlEffectOptions options, int nesting, SqlBodyEffects effects)
    {
        _body = body;
        _options = options;
        _nesting = nesting;
        _effects = effects;
        _tokens = new SqlTokens(body, new SqlStatement(0, body.Length, isWellFormed: true), options.StandardConformingStrings);
    }

    public void Read()
    {
        foreach (var token in new SqlLexer(_body, _options.StandardConformingStrings))
        {
            if (token.IsUnterminated || token.Kind is SqlTokenKind.Junk or SqlTokenKind.Invalid)
                _effects.Unknown("holds an open literal or comment, or a character that SQL doesn't have");
        }

        SkipCompilerOptions();
        var ended = false;
        while (_position < _tokens.Count)
        {
            var start = _position;
            if (!ended && Statement())
            {
                ended = _depth == 0 && Is("end", start);
                continue;
            }

            Lost(start);
            SkipPastSemicolon();
            if (_position == start)
                _position++;
        }

        if (!ended)
            _effects.Unknown("has no END");
        if (!_fetched.IsSubsetOf(_cursors))
            _effects.Unknown("reads a cursor that another opened");
    }

    /// <summary><c>#variable_conflict use_column</c> and its kin, before the block.</summary>
    private void SkipCompilerOptions()
    {
        while (IsOperator("#", _position))
        {
            _position++;
            while (_position < _tokens.Count && !IsOperator("#", _position) && !IsOperator("<<", _position) && !Is("declare", _position) && !Is("begin", _position))
                _position++;
        }
    }

    private bool Statement()
    {
        if (Kind(_position) == SqlTokenKind.Semicolon)
        {
            _position++;
            return true;
        }

        if (IsOperator("<<", _position))
            return Label();
        if (AssignmentAt(_position) is var mark and > 0)
            return Assignment(mark);
        if (Kind(_position) != SqlTokenKind.Identifier)
            return false;
        return SqlIdentifier.Name(_body, _tokens[_position]) switch
        {
            "declare" => Declarations(),
            "begin" => Opens() && Next(),
            "exception" or "else" => Next(),
            "end" => End(),
            "if" => Opens() && ExpressionUntil("then"),
            "elsif" or "elseif" => ExpressionUntil("then"),
            // Conditions of exceptions (division_by_zero OR …) look like expressions.
            "when" => ExpressionUntil("then"),
            "case" => Opens() && Case(),
            "loop" => Opens() && Next(),
            "while" => Opens() && ExpressionUntil("loop"),
            "for" => Opens() && For(),
            "foreach" => Opens() && ForEach(),
            "exit" or "continue" => Exit(),
            "return" => Return(),
            "perform" => ExpressionUntil(";"),
            "raise" or "assert" => Arguments(),
            "execute" => Execute(),
            "open" => Open(),
            "fetch" or "move" => Fetch(),
            "close" or "null" => SkipPastSemicolon(),
            "get" when Is("diagnostics", _position + 1) || Is("diagnostics", _position + 2) => SkipPastSemicolon(),
            _ => Sql(),
        };
    }

    private bool Opens()
    {
        _depth++;
        return true;
    }

    private bool Next()
    {
        _position++;
        return true;
    }

    /// <summary><c>&lt;&lt;label&gt;&gt;</c></summary>
    private bool Label()
    {
        if (!SqlIdentifier.IsIdentifier(Kind(_position + 1)) || !IsOperator(">>", _position + 2))
            return false;
        _position += 3;
        return true;
    }

    /// <summary><c>END [IF | CASE | LOOP] [label] ;</c>, the last one with or without semicolon.</summary>
    private bool End()
    {
        _position++;
        for (var words = 0; words < 2 && SqlIdentifier.IsIdentifier(Kind(_position)); words++)
            _position++;
        if (Kind(_position) == SqlTokenKind.Semicolon)
            _position++;
        else if (_position < _tokens.Count)
            return false;
        return --_depth >= 0;
    }

    /// <summary><c>CASE [expression] WHEN</c>: the branches are read as statements.</summary>
    private bool Case()
    {
        if (Is("when", _position + 1))
            return Next();
        if (!ExpressionUntil("when"))
            return false;
        _position--;
        return true;
    }

    /// <summary>Where the mark stands that assigns: behind a name with dots and subscripts; 0 in what isn't an assignment.</summary>
    private int AssignmentAt(int index)
    {
        if (!SqlIdentifier.IsIdentifier(Kind(index)) && Kind(index) != SqlTokenKind.PositionalParameter)
            return 0;
        var i = index + 1;
        while (true)
        {
            if (Kind(i) == SqlTokenKind.Dot && SqlIdentifier.IsIdentifier(Kind(i + 1)))
                i += 2;
            else if (Kind(i) == SqlTokenKind.OpenBracket && _tokens.Closing(i) > i)
                i = _tokens.Closing(i) + 1;
            else
                return Kind(i) == SqlTokenKind.ColonEquals || IsOperator("=", i) ? i : 0;
        }
    }

    private bool Assignment(int mark)
    {
        // The subscripts are expressions too.
        Flat(_position, mark - 1);
        _position = mark;
        return ExpressionUntil(";");
    }

    /// <summary>EXIT and CONTINUE: <c>[label] [WHEN condition]</c></summary>
    private bool Exit()
    {
        var when = Find(_position, "when", ";");
        if (when < 0)
            return false;
        _position = when;
        return Is("when", when) ? ExpressionUntil(";") : Next();
    }

    /// <summary><c>RETURN [expression]</c>, <c>RETURN NEXT [expression]</c>, <c>RETURN QUERY {query | EXECUTE …}</c></summary>
    private bool Return()
    {
        if (Is("query", _position + 1) && Kind(_position + 2) != SqlTokenKind.Semicolon)
        {
            _position++;
            if (!Is("execute", _position + 1))
                return Query(";");

            _position++;
            return Dynamic(";");
        }

        if (Is("next", _position + 1))
            _position++;
        return Kind(_position + 1) == SqlTokenKind.Semicolon ? SkipPastSemicolon() : ExpressionUntil(";");
    }

    /// <summary>RAISE and ASSERT: words, expressions and options, in which only calls and queries matter.</summary>
    private bool Arguments()
    {
        var end = Find(_position, ";");
        if (end < 0)
            return false;
        Flat(_position + 1, end - 1);
        _position = end + 1;
        return true;
    }
}
