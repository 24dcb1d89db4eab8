namespace CompileTimeRouting.Sql;

/// <content>Which word begins which statement.</content>
internal sealed partial class SqlEffectsReader
{
    private static readonly Dictionary<string, Func<SqlEffectsReader, bool>> Verbs = new(StringComparer.Ordinal)
    {
        ["select"] = r => r.Preparable(),
        ["values"] = r => r.Preparable(),
        ["table"] = r => r.Preparable(),
        ["with"] = r => r.Preparable(),
        ["insert"] = r => r.Preparable(),
        ["update"] = r => r.Preparable(),
        ["delete"] = r => r.Preparable(),
        ["merge"] = r => r.Preparable(),
        ["explain"] = r => r.Explain(),
        ["copy"] = r => r.Copy(),
        ["show"] = r => r.Rest(),

        ["create"] = r => r.Create(),
        ["alter"] = r => r.Alter(),
        ["drop"] = r => r.Drop(),
        ["truncate"] = r => r.Truncate(),
        ["grant"] = r => r.Whole(SqlEffectKind.Ddl),
        ["revoke"] = r => r.Whole(SqlEffectKind.Ddl),
        ["comment"] = r => r.Whole(SqlEffectKind.Ddl),
        ["security"] = r => r.Whole(SqlEffectKind.Ddl),
        ["reassign"] = r => r.Whole(SqlEffectKind.Ddl),
        ["import"] = r => r.Whole(SqlEffectKind.Ddl),

        ["vacuum"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["analyze"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["analyse"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["reindex"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["cluster"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["repack"] = r => r.Whole(SqlEffectKind.Maintenance),
        ["refresh"] = r => r.Refresh(),
        // A standby makes a restartpoint of it.
        ["checkpoint"] = r => r.Accepted(SqlEffectKind.Maintenance),

        ["begin"] = r => r.Transaction(),
        ["start"] = r => r.Transaction(),
        ["savepoint"] = r => r.Accepted(SqlEffectKind.TransactionControl),
        ["release"] = r => r.Accepted(SqlEffectKind.TransactionControl),
        ["abort"] = r => r.Accepted(SqlEffectKind.TransactionControl),
        ["end"] = r => r.Accepted(SqlEffectKind.TransactionControl),
        ["commit"] = r => r.EndOfTransaction(),
        ["rollback"] = r => r.EndOfTransaction(),
        ["lock"] = r => r.Lock(),

        ["set"] = r => r.Set(),
        ["prepare"] = r => r.Prepare(),
        ["declare"] = r => r.Declare(),
        ["reset"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["discard"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["execute"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["deallocate"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["fetch"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["move"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["close"] = r => r.Accepted(SqlEffectKind.SessionState),
        ["load"] = r => r.Accepted(SqlEffectKind.SessionState),

        ["listen"] = r => r.Whole(SqlEffectKind.Listen),
        ["notify"] = r => r.Whole(SqlEffectKind.Notify),
        ["unlisten"] = r => r.Accepted(SqlEffectKind.Listen),
        // Accepted until they come to a write; what they do is in a body that isn't this text, or in a string.
        ["call"] = r => r.CallProcedure(),
        ["do"] = r => r.DoBlock(),
    };

    private bool Statement()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return Preparable();
        if (Kind() == SqlTokenKind.Identifier && Verbs.TryGetValue(SqlIdentifier.Name(_sql, _tokens[_position]), out var verb))
            return verb(this);
        return Unknown("no statement begins so");
    }

    /// <summary>A statement that a standby refuses whatever follows its first word.</summary>
    private bool Whole(SqlEffectKind kind)
    {
        Refused(kind, _position, _position);
        return Rest();
    }

    /// <summary>A statement that a standby accepts whatever follows its first word, and that belongs on the primary.</summary>
    private bool Accepted(SqlEffectKind kind)
    {
        BelongsOnPrimary(kind, _position, _position);
        return Rest();
    }
}
