namespace CompileTimeRouting.Sql;

/// <content>INSERT, UPDATE, DELETE and MERGE. A standby refuses them by their plan, whatever rows they would find.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary><c>INSERT INTO t [AS a] [(columns)] {query | DEFAULT VALUES} [ON CONFLICT …] [RETURNING …]</c></summary>
    private bool Insert(CommonTable? of)
    {
        Modifies(SqlEffectKind.Insert, _position++, of);
        _inserts = true;
        // A target is a table, whatever a common table is called.
        if (!Accept(SqlKeyword.Into) || !QualifiedName(out var target))
            return Unknown("INSERT needs INTO and the name of a table");
        Writes(target, SqlWriteEvents.Insert, of);
        if (Accept(SqlKeyword.As))
            AcceptName();
        if (Kind() == SqlTokenKind.OpenParen && !BeginsQuery(_tokens.FirstInside(_position)) && !SkipGroup())
            return Unknown("a bracket is missing");
        if (Accept(SqlKeyword.Overriding))
            _position += 2;
        if (Accept(SqlKeyword.Default, SqlKeyword.Values))
            return Remainder();

        var locks = _lockTargets.Count;
        var read = Query(null) && Remainder();
        ForgetLockTargets(locks);
        return read;
    }

    /// <summary><c>UPDATE t [[AS] a] SET … [FROM …] [WHERE …] [RETURNING …]</c></summary>
    private bool Update(CommonTable? of)
    {
        Modifies(SqlEffectKind.Update, _position++, of);
        if (!Relation(out var target))
            return false;
        Writes(target, SqlWriteEvents.Update, of);
        if (!Word(SqlKeyword.Set))
            Alias();
        if (!Accept(SqlKeyword.Set))
            return Unknown("UPDATE needs SET");
        return Expression(Stops.Clause) && (!Accept(SqlKeyword.From) || FromList()) && Remainder();
    }

    /// <summary><c>DELETE FROM t [[AS] a] [USING …] [WHERE …] [RETURNING …]</c></summary>
    private bool Delete(CommonTable? of)
    {
        Modifies(SqlEffectKind.Delete, _position++, of);
        if (!Accept(SqlKeyword.From))
            return Unknown("DELETE needs FROM");
        if (!Relation(out var target))
            return false;
        Writes(target, SqlWriteEvents.Delete, of);
        Alias();
        return (!Accept(SqlKeyword.Using) || FromList()) && Remainder();
    }

    /// <summary>
    /// <c>MERGE INTO t [[AS] a] USING source ON … WHEN … THEN …</c>. With DO NOTHING alone it asks for no permission but
    /// to read, and a standby serves it.
    /// </summary>
    private bool Merge(CommonTable? of)
    {
        var verb = _position++;
        if (!Accept(SqlKeyword.Into) || !Relation(out var target))
            return ForeignWrite(SqlEffectKind.Merge, verb, of, "MERGE needs INTO and the name of a table");
        Alias();
        if (!Accept(SqlKeyword.Using) || !FromList())
            return ForeignWrite(SqlEffectKind.Merge, verb, of, "MERGE needs USING and a source");

        var modifies = false;
        while (Accept(SqlKeyword.When))
        {
            if (!Expression(Stops.Clause))
                return false;
            if (!Accept(SqlKeyword.Then))
                return Unknown("WHEN needs THEN");
            modifies |= !Accept(SqlKeyword.Do, SqlKeyword.Nothing);
            if (!Expression(Stops.Clause))
                return false;
        }

        if (modifies)
            Modifies(SqlEffectKind.Merge, verb, of);
        if (modifies)
            _writes.Add(target);
        else
            Reads(target);
        return Remainder();
    }

    /// <summary>What begins as a write and isn't PostgreSQL's is one all the same: REPLACE INTO t, MERGE t, MERGE INTO [t].</summary>
    private bool ForeignWrite(SqlEffectKind kind, int verb, CommonTable? of, string reason)
    {
        Modifies(kind, verb, of);
        return Unknown(reason);
    }

    private void Modifies(SqlEffectKind kind, int verb, CommonTable? of)
    {
        Refused(of is null ? kind : SqlEffectKind.DataModifyingWith, verb, verb);
        if (of is not null)
            of.IsQuery = false;
    }
}
