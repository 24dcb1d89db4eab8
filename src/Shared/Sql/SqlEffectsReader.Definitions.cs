namespace CompileTimeRouting.Sql;

/// <content>Statements that change the catalog.</content>
internal sealed partial class SqlEffectsReader
{
    private bool Create()
    {
        var verb = _position++;
        Accept(SqlKeyword.Or, SqlKeyword.Replace);
        var temporary = AcceptTemporary();
        Accept(SqlKeyword.Unlogged);
        Accept(SqlKeyword.Recursive);
        var isRelation = AcceptRelationKind();
        Accept(SqlKeyword.If);
        Accept(SqlKeyword.Not, SqlKeyword.Exists);
        var name = default(SqlObjectName);
        if (isRelation && QualifiedName(out name))
        {
            _writes.Add(name);
            temporary |= IsTemporarySchema(name);
        }

        Refused(temporary ? SqlEffectKind.TemporaryObject : SqlEffectKind.Ddl, verb, verb);
        return isRelation ? DefiningQuery() : IndexedTable();
    }

    /// <summary>CREATE TABLE … AS query, CREATE VIEW … AS query: what it reads.</summary>
    private bool DefiningQuery()
    {
        while (_position < _end)
        {
            if (Accept(SqlKeyword.As))
            {
                if (Word(SqlKeyword.Execute))
                    return Accepted(SqlEffectKind.SessionState);
                if (BeginsQuery(_position) || (Kind() == SqlTokenKind.OpenParen && BeginsQuery(_tokens.FirstInside(_position))))
                    return Preparable() && Rest();
            }
            else if (!SkipGroup())
                _position++;
        }

        return true;
    }

    /// <summary>CREATE INDEX, TRIGGER, POLICY … ON table.</summary>
    private bool IndexedTable()
    {
        var onTable = Keyword() is SqlKeyword.Index or SqlKeyword.Unique or SqlKeyword.Trigger or SqlKeyword.Constraint or SqlKeyword.Policy;
        while (onTable && _position < _end && !Accept(SqlKeyword.On))
            _position++;
        if (onTable && (Word(SqlKeyword.Only) || !IsReservedWord()) && IsName() && Relation(out var table))
            _writes.Add(table);
        return Rest();
    }

    private bool Alter() => Changes(SqlEffectKind.Ddl);

    private bool Drop() => Changes(SqlEffectKind.Ddl);

    private bool Refresh() => Changes(SqlEffectKind.Maintenance);

    /// <summary><c>ALTER TABLE [IF EXISTS] name, …</c> and its kin.</summary>
    private bool Changes(SqlEffectKind kind)
    {
        var verb = _position++;
        // A standby writes its own postgresql.auto.conf.
        Add(kind, Word(SqlKeyword.System) ? SqlEffectImpact.BelongsOnPrimary : SqlEffectImpact.Refused, verb, verb);
        if (AcceptRelationKind())
        {
            Accept(SqlKeyword.Concurrently);
            Accept(SqlKeyword.If, SqlKeyword.Exists);
            Relations(_writes);
        }

        return Rest();
    }

    /// <summary><c>TRUNCATE [TABLE] [ONLY] name, …</c></summary>
    private bool Truncate()
    {
        Refused(SqlEffectKind.Truncate, _position, _position);
        _position++;
        Accept(SqlKeyword.Table);
        Relations(_writes);
        return Rest();
    }

    private bool AcceptTemporary()
    {
        if (!Accept(SqlKeyword.Local))
            Accept(SqlKeyword.Global);
        return Accept(SqlKeyword.Temp) || Accept(SqlKeyword.Temporary);
    }

    private bool AcceptRelationKind()
        => Accept(SqlKeyword.Table) || Accept(SqlKeyword.View) || Accept(SqlKeyword.Sequence)
            || Accept(SqlKeyword.Materialized, SqlKeyword.View) || Accept(SqlKeyword.Foreign, SqlKeyword.Table);

    private static bool IsTemporarySchema(in SqlObjectName name) => name.Schema == "pg_temp";
}
