namespace CompileTimeRouting.Sql;

/// <summary>
/// Splits a text into its statements at the semicolons outside literals, comments, parentheses and
/// <c>BEGIN ATOMIC … END</c> bodies of SQL-standard functions, as psql does (<c>psqlscan.l</c>).
/// </summary>
internal static class SqlStatements
{
    /// <summary>The statements in order, without those of trivia alone.</summary>
    public static IReadOnlyList<SqlStatement> Split(string sql, bool standardConformingStrings = true)
    {
        var statements = new List<SqlStatement>();
        var splitter = new Splitter(sql);
        foreach (var token in new SqlLexer(sql, standardConformingStrings))
            splitter.Add(token, statements);
        splitter.Finish(statements);
        return statements;
    }

    private struct Splitter
    {
        private readonly string _sql;
        private int _start;
        private int _end;
        private int _parentheses;
        private bool _wellFormed;
        private Routine _routine;
        private int _bodyDepth;
        private SqlToken _previous;

        public Splitter(string sql)
            : this()
        {
            _sql = sql;
            Begin();
        }

        public void Add(in SqlToken token, List<SqlStatement> statements)
        {
            // An open comment swallows what would have followed, so the text isn't what its author meant.
            _wellFormed &= !token.IsUnterminated && token.Kind is not (SqlTokenKind.Junk or SqlTokenKind.Invalid);
            if (token.IsTrivia)
            {
                if (token.IsUnterminated && _start >= 0)
                    _end = token.End;
                return;
            }

            if (token.Kind == SqlTokenKind.Semicolon && _parentheses == 0 && _bodyDepth == 0)
            {
                Finish(statements);
                return;
            }

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
                    Word(token);
                    break;
                default:
                    if (_routine != Routine.Yes)
                        _routine = Routine.No;
                    break;
            }

            _previous = token;
        }

        public void Finish(List<SqlStatement> statements)
        {
            if (_start >= 0)
                statements.Add(new SqlStatement(_start, _end - _start, _wellFormed && _parentheses == 0 && _bodyDepth == 0));
            Begin();
        }

        private void Begin()
        {
            _start = -1;
            _parentheses = 0;
            _wellFormed = true;
            _routine = Routine.Start;
            _bodyDepth = 0;
            _previous = default;
        }

        /// <summary>Follows CREATE [OR REPLACE] FUNCTION | PROCEDURE … BEGIN ATOMIC … END, where CASE has an END too.</summary>
        private void Word(in SqlToken token)
        {
            if (_routine != Routine.Yes)
            {
                _routine = _routine switch
                {
                    Routine.Start when Is(token, "create") => Routine.Create,
                    Routine.Create when Is(token, "or") => Routine.Or,
                    Routine.Or when Is(token, "replace") => Routine.Create,
                    Routine.Create when Is(token, "function") || Is(token, "procedure") => Routine.Yes,
                    _ => Routine.No,
                };
                return;
            }

            if (_parentheses > 0)
                return;
            if (_bodyDepth == 0)
            {
                if (Is(token, "atomic") && Is(_previous, "begin"))
                    _bodyDepth = 1;
            }
            else if (_previous.Kind != SqlTokenKind.Dot && !Is(_previous, "as"))
            {
                // After a dot or AS the words are names.
                if (Is(token, "case"))
                    _bodyDepth++;
                else if (Is(token, "end"))
                    _bodyDepth--;
            }
        }

        private readonly bool Is(in SqlToken token, string word) => SqlKeywords.Is(_sql, token, word);

        private enum Routine : byte
        {
            Start,
            Create,
            Or,
            Yes,
            No,
        }
    }
}
