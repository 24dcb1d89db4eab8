namespace CompileTimeRouting.Sql;

/// <content>Row locks, and LOCK TABLE.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>The modes that a standby grants; it is the default, ACCESS EXCLUSIVE, that it refuses first.</summary>
    private static readonly string[][] GrantedModes = [["access", "share", "mode"], ["row", "share", "mode"], ["row", "exclusive", "mode"]];

    /// <summary>The FROM items of the queries that are being read, by the name that OF says.</summary>
    private readonly List<(string? Name, bool IsLockable)> _lockTargets = new();

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
        var first = _position++;
        if (Accept("read", "only"))
            return true;
        if (!Accept("update") && !Accept("share") && !Accept("key", "share") && !(Accept("no", "key") && Accept("update")))
            return Unknown("FOR needs UPDATE, SHARE, NO KEY UPDATE or KEY SHARE");
        var last = _position - 1;

        var locks = Accept("of") ? AnyNamedLockable(targets) : AnyLockable(targets);
        if (!Accept("nowait"))
            Accept("skip", "locked");
        if (locks)
            Refused(SqlEffectKind.RowLock, first, last);
        return true;
    }

    private bool AnyNamedLockable(int targets)
    {
        var locks = false;
        while (QualifiedName(out var name))
        {
            // What isn't found is an error, or a name that was read wrong: a lock.
            var known = false;
            for (var i = targets; i < _lockTargets.Count; i++)
            {
                if (!string.Equals(_lockTargets[i].Name, name.Name, StringComparison.Ordinal))
                    continue;
                known = true;
                locks |= _lockTargets[i].IsLockable;
            }

            locks |= !known;
            if (Kind() != SqlTokenKind.Comma)
                break;
            _position++;
        }

        return locks;
    }

    /// <summary><c>LOCK [TABLE] [ONLY] name [*], … [IN mode MODE] [NOWAIT]</c></summary>
    private bool Lock()
    {
        var first = _position++;
        Accept("table");
        var names = Relations(_reads);
        if (!names)
            return Unknown("LOCK needs the name of a table");

        var granted = false;
        if (Accept("in"))
        {
            foreach (var mode in GrantedModes)
                granted |= Word(mode[0]) && Word(mode[1], 1) && Word(mode[2], 2);
        }

        Add(SqlEffectKind.LockTable, granted ? SqlEffectImpact.BelongsOnPrimary : SqlEffectImpact.Refused, first, first);
        return Rest();
    }
}
