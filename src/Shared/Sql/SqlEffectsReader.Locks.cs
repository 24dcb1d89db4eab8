namespace CompileTimeRouting.Sql;

/// <content>Row locks, and LOCK TABLE.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>The modes that a standby grants; it is the default, ACCESS EXCLUSIVE, that it refuses first.</summary>
    private static readonly SqlKeyword[][] GrantedModes =
    [
        [SqlKeyword.Access, SqlKeyword.Share, SqlKeyword.Mode],
        [SqlKeyword.Row, SqlKeyword.Share, SqlKeyword.Mode],
        [SqlKeyword.Row, SqlKeyword.Exclusive, SqlKeyword.Mode],
    ];

    /// <summary>Each looks at all FROM items; nobody writes more than a few.</summary>
    private const int MaxRowLocks = 1_000;

    /// <summary>The FROM items of the queries that are being read, by the name that OF says.</summary>
    private readonly List<(string? Name, bool IsLockable)> _lockTargets = new();

    private int _rowLocks;

    private void AddLockTarget(string? name, bool isLockable) => _lockTargets.Add((name, isLockable));

    private void ForgetLockTargets(int count) => _lockTargets.RemoveRange(count, _lockTargets.Count - count);

    private bool AnyLockable(int since)
    {
        for (var i = since; i < _lockTargets.Count; i++)
        {
            if (_lockTargets[i].IsLockable)
                return true;
        }

        return false;
    }

    /// <summary>
    /// <c>FOR {UPDATE | NO KEY UPDATE | SHARE | KEY SHARE} [OF …] [NOWAIT | SKIP LOCKED]</c>. Over anything but a table
    /// (a CTE, function, VALUES) it locks nothing and passes.
    /// </summary>
    private bool RowLock(int targets)
    {
        if (++_rowLocks > MaxRowLocks)
            return Unknown("there are too many row locks");
        var first = _position++;
        if (Accept(SqlKeyword.Read, SqlKeyword.Only))
            return true;
        if (!Accept(SqlKeyword.Update) && !Accept(SqlKeyword.Share) && !Accept(SqlKeyword.Key, SqlKeyword.Share)
            && !(Accept(SqlKeyword.No, SqlKeyword.Key) && Accept(SqlKeyword.Update)))
            return Unknown("FOR needs UPDATE, SHARE, NO KEY UPDATE or KEY SHARE");
        var last = _position - 1;

        var locks = Accept(SqlKeyword.Of) ? AnyNamedLockable(targets) : AnyLockable(targets);
        if (!Accept(SqlKeyword.Nowait))
            Accept(SqlKeyword.Skip, SqlKeyword.Locked);
        if (locks)
            Refused(SqlEffectKind.RowLock, first, last);
        return true;
    }

    private bool AnyNamedLockable(int targets)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (QualifiedName(out var name))
        {
            names.Add(name.Name);
            if (Kind() != SqlTokenKind.Comma)
                break;
            _position++;
        }

        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var i = targets; i < _lockTargets.Count; i++)
        {
            var (name, isLockable) = _lockTargets[i];
            if (name is null || !names.Contains(name))
                continue;
            if (isLockable)
                return true;
            known.Add(name);
        }

        // What isn't found is an error, or a name that was read wrong: a lock.
        return known.Count < names.Count;
    }

    /// <summary><c>LOCK [TABLE] [ONLY] name [*], … [IN mode MODE] [NOWAIT]</c></summary>
    private bool Lock()
    {
        var first = _position++;
        Accept(SqlKeyword.Table);
        var names = Relations(_reads);
        if (!names)
            return Unknown("LOCK needs the name of a table");

        var granted = false;
        if (Accept(SqlKeyword.In))
        {
            foreach (var mode in GrantedModes)
                granted |= Word(mode[0]) && Word(mode[1], 1) && Word(mode[2], 2);
        }

        Add(SqlEffectKind.LockTable, granted ? SqlEffectImpact.BelongsOnPrimary : SqlEffectImpact.Refused, first, first);
        return Rest();
    }
}
