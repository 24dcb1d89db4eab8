namespace CompileTimeRouting.Sql;

/// <content>Transactions, settings, prepared statements, cursors.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>BEGIN, START TRANSACTION.</summary>
    private bool Transaction()
    {
        if (!TransactionModes())
            BelongsOnPrimary(SqlEffectKind.TransactionControl, _position, _position);
        return Rest();
    }

    /// <summary>READ WRITE and SERIALIZABLE, the latter READ ONLY as well, are refused with 0A000.</summary>
    private bool TransactionModes()
    {
        var found = false;
        for (var i = _position + 1; i < _end; i++)
        {
            var mode = WordAt(SqlKeyword.Serializable, i) || WordAt(SqlKeyword.Write, i);
            if (mode)
                Refused(SqlEffectKind.TransactionMode, WordAt(SqlKeyword.Write, i) && WordAt(SqlKeyword.Read, i - 1) ? i - 1 : i, i);
            found |= mode;
        }

        return found;
    }

    /// <summary>COMMIT, ROLLBACK and their two-phase forms.</summary>
    private bool EndOfTransaction()
    {
        if (!Word(SqlKeyword.Prepared, 1))
            return Accepted(SqlEffectKind.TransactionControl);
        Refused(SqlEffectKind.TwoPhase, _position, _position + 1);
        return Rest();
    }

    private bool Set()
    {
        var scope = Word(SqlKeyword.Local, 1) || Word(SqlKeyword.Session, 1) ? 1 : 0;
        // SET SESSION CHARACTERISTICS changes the default only, which is accepted.
        if (Keyword(1 + scope) is SqlKeyword.Transaction or SqlKeyword.TransactionIsolation or SqlKeyword.TransactionReadOnly)
        {
            if (!TransactionModes() && !TurnsReadOnlyOff(1 + scope) && !SetsSerializable(1 + scope))
                BelongsOnPrimary(SqlEffectKind.TransactionControl, _position, _position);
            return Rest();
        }

        return Accepted(SqlEffectKind.SessionState);
    }

    private bool TurnsReadOnlyOff(int offset)
    {
        if (!Word(SqlKeyword.TransactionReadOnly, offset) || Word(SqlKeyword.On, offset + 2) || Word(SqlKeyword.True, offset + 2))
            return false;
        Refused(SqlEffectKind.TransactionMode, _position + offset, _end - 1);
        return true;
    }

    private bool SetsSerializable(int offset)
    {
        if (!Word(SqlKeyword.TransactionIsolation, offset) || _position + offset + 2 >= _end
            || !string.Equals(
                SqlLiteral.Text(_sql, _tokens[_position + offset + 2], _options.StandardConformingStrings), "serializable", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        Refused(SqlEffectKind.TransactionMode, _position + offset, _end - 1);
        return true;
    }

    /// <summary><c>PREPARE name [(types)] AS statement</c>, <c>PREPARE TRANSACTION 'id'</c></summary>
    private bool Prepare()
    {
        if (Word(SqlKeyword.Transaction, 1) && Kind(2) == SqlTokenKind.String)
        {
            Refused(SqlEffectKind.TwoPhase, _position, _position + 1);
            return Rest();
        }

        BelongsOnPrimary(SqlEffectKind.SessionState, _position, _position);
        _position++;
        if (!AcceptName() || (Kind() == SqlTokenKind.OpenParen && !SkipGroup()) || !Accept(SqlKeyword.As))
            return Unknown("PREPARE needs a name and AS");
        return Preparable();
    }

    private bool Declare()
    {
        BelongsOnPrimary(SqlEffectKind.SessionState, _position, _position);
        return CursorQuery();
    }

    /// <summary><c>DECLARE name … CURSOR … FOR query</c></summary>
    private bool CursorQuery()
    {
        _position++;
        if (!AcceptName())
            return Unknown("a cursor needs a name");
        while (_position < _end && !Word(SqlKeyword.For))
            _position++;
        return Accept(SqlKeyword.For) ? Preparable() : Unknown("a cursor needs a query");
    }
}
