namespace CompileTimeRouting.Sql;

/// <content>EXPLAIN, which runs its statement only with ANALYZE.</content>
internal sealed partial class SqlEffectsReader
{
    private bool Explain()
    {
        _position++;
        var analyzes = false;
        if (Kind() == SqlTokenKind.OpenParen && !BeginsQuery(_tokens.FirstInside(_position)))
        {
            if (!Options(ref analyzes))
                return false;
        }
        else
        {
            analyzes = Accept(SqlKeyword.Analyze) || Accept(SqlKeyword.Analyse);
            Accept(SqlKeyword.Verbose);
        }

        var effects = _effects.Count;
        var creates = Word(SqlKeyword.Create);
        var read = Explained();
        if (analyzes)
            return read;
        // What it would create isn't there to be read.
        if (creates)
            _writes.Clear();
        ForgetAllButPlanning(effects);
        return read;
    }

    /// <summary><c>ExplainableStmt</c></summary>
    private bool Explained()
    {
        // EXPLAIN opens no cursor and keeps nothing, it runs the query.
        if (Word(SqlKeyword.Declare))
            return CursorQuery();
        // What it runs was prepared elsewhere.
        if (Word(SqlKeyword.Execute))
            return Accepted(SqlEffectKind.SessionState);
        if (Word(SqlKeyword.Create))
            return Create();
        // REFRESH has no plan to show and isn't run even with ANALYZE.
        return Word(SqlKeyword.Refresh) ? Rest() : Preparable();
    }

    /// <summary><c>(option [value], …)</c>. Of an option given twice the last one counts.</summary>
    private bool Options(ref bool analyzes)
    {
        var closing = _tokens.Closing(_position);
        if (closing < 0)
            return Unknown("a bracket is missing");
        var end = _end;
        _end = closing;
        do
        {
            _position++;
            if (!IsName())
                break;
            var name = Name();
            if (name is "analyze" or "analyse")
                analyzes = !IsFalse(_position);
            while (_position < _end && Kind() != SqlTokenKind.Comma)
                _position++;
        }
        while (_position < _end);

        _end = end;
        _position = closing + 1;
        return true;
    }

    /// <summary><c>defGetBoolean</c>: the words in any case, quoted or as literals, and the number; what is neither is an error or true.</summary>
    private bool IsFalse(int index)
    {
        var kind = KindAt(index);
        if (kind == EndOfText || !(KindAt(index + 1) is EndOfText or SqlTokenKind.Comma))
            return false;
        var token = _tokens[index];
        if (kind == SqlTokenKind.Integer)
            return Number(token.Text(_sql)) == 0;
        var value = SqlIdentifier.IsIdentifier(kind) ? SqlIdentifier.Name(_sql, token) : SqlLiteral.Text(_sql, token, _options.StandardConformingStrings);
        return string.Equals(value, "off", StringComparison.OrdinalIgnoreCase) || string.Equals(value, "false", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Planning alone runs no write. It asks the session for what was prepared there, it does look up where a temporary table would lie, and it runs functions that are
    /// declared stable or immutable, though a few of them are refused.
    /// </summary>
    private void ForgetAllButPlanning(int since)
    {
        var kept = since;
        for (var i = since; i < _effects.Count; i++)
        {
            var effect = _effects[i];
            var planned = effect.Kind is SqlEffectKind.UnknownSyntax or SqlEffectKind.TemporaryObject or SqlEffectKind.SessionState || IsPlanned(effect)
                || (effect.Kind == SqlEffectKind.RefusedFunction
                    && SqlFunctionCatalog.Role(null, effect.Detail!) == SqlFunctionRole.RefusedInPlanning);
            if (planned)
                _effects[kept++] = effect;
        }

        _effects.RemoveRange(kept, _effects.Count - kept);
        foreach (var name in _writes.Names)
            Reads(name);
        _writes.Clear();
    }
}
