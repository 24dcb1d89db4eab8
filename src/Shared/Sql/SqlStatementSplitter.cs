namespace CompileTimeRouting.Sql;

/// <summary>
/// Finds the ends of statements: the semicolons outside literals, comments, parentheses and <c>BEGIN ATOMIC … END</c>
/// bodies of SQL-standard functions, as psql does (<c>psqlscan.l</c>). A mutable struct: pass it by reference or not at all.
/// </summary>
internal struct SqlStatementSplitter
{
    private int _start = -1;
    private int _end;
    private int _parentheses;
    private bool _wellFormed = true;
    private Routine _routine;
    private int _bodyDepth;
    private SqlKeyword _previousKeyword;

    public SqlStatementSplitter()
    {
    }

    private enum Routine : byte
    {
        Start,
        Create,
        Or,
        Yes,
        No,
    }

    /// <summary>A statement has begun and not ended yet.</summary>
    public readonly bool IsInStatement => _start >= 0;

    /// <summary>Takes the next token of the text. True if it ends a statement; one of trivia alone is none.</summary>
    public bool Ends(in SqlToken token, out SqlStatement statement)
    {
        // An open comment swallows what would have followed, so the text isn't what its author meant.
        _wellFormed &= !token.IsUnterminated && token.Kind is not (SqlTokenKind.Junk or SqlTokenKind.Invalid);
        if (token.IsTrivia)
        {
            // What an open comment swallows may have been a statement.
            if (token.IsUnterminated)
            {
                _start = _start < 0 ? token.Start : _start;
                _end = token.End;
            }

            statement = default;
            return false;
        }

        if (token.Kind == SqlTokenKind.Semicolon && _parentheses == 0 && _bodyDepth == 0)
            return Ends(out statement);

        if (_start < 0)
            _start = token.Start;
        _end = token.End;
        switch (token.Kind)
        {
            case SqlTokenKind.OpenParen:
                _parentheses++;
                break;
            case SqlTokenKind.CloseParen when _parentheses > 0:
                _parentheses--;
                break;
            case SqlTokenKind.CloseParen:
                _wellFormed = false;
                break;
            case SqlTokenKind.Identifier:
                Word(token.Keyword);
                break;
            default:
                if (_routine != Routine.Yes)
                    _routine = Routine.No;
                break;
        }

        _previousKeyword = token.Keyword;
        statement = default;
        return false;
    }

    /// <summary>At the end of the text or of a statement: what has come since the last one.</summary>
    public bool Ends(out SqlStatement statement)
    {
        var any = _start >= 0;
        statement = any ? new SqlStatement(_start, _end - _start, _wellFormed && _parentheses == 0 && _bodyDepth == 0) : default;
        this = new SqlStatementSplitter();
        return any;
    }

    /// <summary>Follows CREATE [OR REPLACE] FUNCTION | PROCEDURE … BEGIN ATOMIC … END, where CASE has an END too.</summary>
    private void Word(SqlKeyword word)
    {
        if (_routine != Routine.Yes)
        {
            _routine = (_routine, word) switch
            {
                (Routine.Start, SqlKeyword.Create) => Routine.Create,
                (Routine.Create, SqlKeyword.Or) => Routine.Or,
                (Routine.Or, SqlKeyword.Replace) => Routine.Create,
                (Routine.Create, SqlKeyword.Function or SqlKeyword.Procedure) => Routine.Yes,
                _ => Routine.No,
            };
            return;
        }

        if (_parentheses > 0)
            return;
        if (_bodyDepth == 0)
        {
            if (word == SqlKeyword.Atomic && _previousKeyword == SqlKeyword.Begin)
                _bodyDepth = 1;
        }
        else if (_previousKeyword != SqlKeyword.As)
        {
            // After AS the words are names, as the lexer has it after a dot.
            if (word == SqlKeyword.Case)
                _bodyDepth++;
            else if (word == SqlKeyword.End)
                _bodyDepth--;
        }
    }
}
