namespace CompileTimeRouting.Sql;

/// <content>Statements that change the catalog.</content>
internal sealed partial class SqlEffectsReader
{
    private bool Create()
    {
        var verb = _position++;
        Accept("or", "replace");
        var temporary = AcceptTemporary();
        Accept("unlogged");
        Accept("recursive");
        var isRelation = AcceptRelationKind();
        Accept("if");
        Accept("not", "exists");
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
            if (Accept("as"))
            {
                if (Word("execute"))
                    return Rest();
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
        var onTable = Word("index") || Word("unique") || Word("trigger") || Word("constraint") || Word("policy");
        while (onTable && _position < _end && !Accept("on"))
            _position++;
        if (onTable && (Word("only") || !IsReservedWord()) && IsName() && Relation(out var table))
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
        Add(kind, Word("system") ? SqlEffectImpact.BelongsOnPrimary : SqlEffectImpact.Refused, verb, verb);
        if (AcceptRelationKind())
        {
            Accept("concurrently");
            Accept("if", "exists");
            Relations(_writes);
        }

        return Rest();
    }

    /// <summary><c>TRUNCATE [TABLE] [ONLY] name, …</c></summary>
    private bool Truncate()
    {
        Refused(SqlEffectKind.Truncate, _position, _position);
        _position++;
        Accept("table");
        Relations(_writes);
        return Rest();
    }

    private bool AcceptTemporary()
    {
        if (!Accept("local"))
            Accept("global");
        return Accept("temp") || Accept("temporary");
    }

    private bool AcceptRelationKind()
        => Accept("table") || Accept("view") || Accept("sequence") || Accept("materialized", "view") || Accept("foreign", "table");

    private static bool IsTemporarySchema(in SqlObjectName name) => name.Schema == "pg_temp";
}
