namespace CompileTimeRouting.Sql;

/// <content>COPY.</content>
internal sealed partial class SqlEffectsReader
{
    private bool Copy()
    {
        var verb = _position++;
        if (Kind() == SqlTokenKind.OpenParen)
        {
            var locks = _lockTargets.Count;
            if (!InGroup(static r => r.Query(null)))
                return false;
            ForgetLockTargets(locks);
            return Accept(SqlKeyword.To) ? CopyTo() : Unknown("COPY of a query needs TO");
        }

        // COPY BINARY t is the syntax of before 7.3.
        if (Word(SqlKeyword.Binary) && IsName(1))
            _position++;
        if (!QualifiedName(out var table))
            return Unknown("COPY needs a table or a query");
        if (Kind() == SqlTokenKind.OpenParen && !SkipGroup())
            return Unknown("a bracket is missing");
        if (Word(SqlKeyword.From))
        {
            Refused(SqlEffectKind.CopyFrom, verb, verb);
            _writes.Add(table);
            _position++;
            // What follows in brackets are options.
            Accept(SqlKeyword.Stdin);
            return Remainder();
        }

        Reads(table);
        return Accept(SqlKeyword.To) ? CopyTo() : Unknown("COPY needs FROM or TO");
    }

    /// <summary>To the client, or to a file or program of the server, which would then be the standby's.</summary>
    private bool CopyTo()
    {
        if (!Word(SqlKeyword.Stdout) && !Word(SqlKeyword.Stdin))
            BelongsOnPrimary(SqlEffectKind.CopyToServer, _position - 1, Math.Min(_position, _end - 1));
        return Rest();
    }
}
