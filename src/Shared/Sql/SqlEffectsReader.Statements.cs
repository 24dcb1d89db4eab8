namespace CompileTimeRouting.Sql;

/// <content>Which word begins which statement.</content>
internal sealed partial class SqlEffectsReader
{
    private bool Statement()
    {
        if (Kind() == SqlTokenKind.OpenParen)
            return Preparable();
        switch (Keyword())
        {
            case SqlKeyword.Select or SqlKeyword.Values or SqlKeyword.Table or SqlKeyword.With or SqlKeyword.Insert
                or SqlKeyword.Update or SqlKeyword.Delete or SqlKeyword.Merge:
                return Preparable();
            case SqlKeyword.Replace:
                return ForeignWrite(SqlEffectKind.Insert, _position, null, "PostgreSQL has no REPLACE");
            case SqlKeyword.Explain:
                return Explain();
            case SqlKeyword.Copy:
                return Copy();
            case SqlKeyword.Show:
                return Rest();
            case SqlKeyword.Create:
                return Create();
            case SqlKeyword.Alter:
                return Alter();
            case SqlKeyword.Drop:
                return Drop();
            case SqlKeyword.Truncate:
                return Truncate();
            case SqlKeyword.Grant or SqlKeyword.Revoke or SqlKeyword.Comment or SqlKeyword.Security or SqlKeyword.Reassign
                or SqlKeyword.Import:
                return Whole(SqlEffectKind.Ddl);
            case SqlKeyword.Vacuum or SqlKeyword.Analyze or SqlKeyword.Analyse or SqlKeyword.Reindex or SqlKeyword.Cluster
                or SqlKeyword.Repack:
                return Whole(SqlEffectKind.Maintenance);
            case SqlKeyword.Refresh:
                return Refresh();
            // A standby makes a restartpoint of it.
            case SqlKeyword.Checkpoint:
                return Accepted(SqlEffectKind.Maintenance);
            case SqlKeyword.Begin or SqlKeyword.Start:
                return Transaction();
            case SqlKeyword.Savepoint or SqlKeyword.Release or SqlKeyword.Abort or SqlKeyword.End:
                return Accepted(SqlEffectKind.TransactionControl);
            case SqlKeyword.Commit or SqlKeyword.Rollback:
                return EndOfTransaction();
            case SqlKeyword.Lock:
                return Lock();
            case SqlKeyword.Set:
                return Set();
            case SqlKeyword.Prepare:
                return Prepare();
            case SqlKeyword.Declare:
                return Declare();
            case SqlKeyword.Reset or SqlKeyword.Discard or SqlKeyword.Execute or SqlKeyword.Deallocate or SqlKeyword.Fetch
                or SqlKeyword.Move or SqlKeyword.Close or SqlKeyword.Load:
                return Accepted(SqlEffectKind.SessionState);
            case SqlKeyword.Listen:
                return Whole(SqlEffectKind.Listen);
            case SqlKeyword.Notify:
                return Whole(SqlEffectKind.Notify);
            case SqlKeyword.Unlisten:
                return Accepted(SqlEffectKind.Listen);
            // Accepted until they come to a write; what they do is in a body that isn't this text, or in a string.
            case SqlKeyword.Call:
                return CallProcedure();
            case SqlKeyword.Do:
                return DoBlock();
            default:
                return Unknown("no statement begins so");
        }
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
