namespace CompileTimeRouting.Sql;

/// <content>The WITH clause, and which names it hides.</content>
internal sealed partial class SqlEffectsReader
{
    /// <summary>The common tables in scope, innermost last.</summary>
    private readonly List<CommonTable> _commonTables = new();

    private Dictionary<string, CommonTable>? _visible;

    /// <summary>Whose body is being read.</summary>
    private CommonTable? _body;

    /// <summary>Bodies that the server drops: plain queries that nothing refers to.</summary>
    private readonly List<(int Start, int End)> _dropped = new();

    /// <summary><c>with_clause</c>, up to the verb behind it.</summary>
    private bool With()
    {
        _position++;
        // A CTE may be called recursive.
        var recursive = Word(SqlKeyword.Recursive) && !Word(SqlKeyword.As, 1) && Kind(1) != SqlTokenKind.OpenParen;
        var scope = _commonTables.Count;
        if (recursive)
        {
            _position++;
            DeclareAll();
        }

        for (var i = scope; ; i++)
        {
            if (!IsName())
                return Unknown("a common table needs a name");
            // In a recursive clause all are declared, unless one of them can't be followed.
            var table = recursive && i < _commonTables.Count ? _commonTables[i] : new CommonTable();
            table.Name = Name();
            if (Kind() == SqlTokenKind.OpenParen && !SkipGroup())
                return Unknown("a bracket is missing");
            if (!Accept(SqlKeyword.As))
                return Unknown("a common table needs AS");
            Accept(SqlKeyword.Not);
            Accept(SqlKeyword.Materialized);
            if (!Body(table))
                return false;
            if (!table.IsDeclared)
                Declare(table);
            if (!SearchAndCycle())
                return false;
            if (Kind() != SqlTokenKind.Comma)
                return true;
            _position++;
        }
    }

    private bool Body(CommonTable table)
    {
        if (Kind() != SqlTokenKind.OpenParen)
            return Unknown("a common table needs a query in brackets");
        var locks = _lockTargets.Count;
        table.Start = _tokens[_position].Start;
        table.IsQuery = true;
        table.IsOpen = true;
        _body = table;
        var read = InGroup(static r => r.Query(r._body));
        table.IsOpen = false;
        table.End = _tokens[_position - 1].End;
        ForgetLockTargets(locks);
        return read;
    }

    /// <summary><c>SEARCH {DEPTH | BREADTH} FIRST BY columns SET column</c>, then CYCLE.</summary>
    private bool SearchAndCycle()
    {
        if (Accept(SqlKeyword.Search))
        {
            _position++;
            if (!Accept(SqlKeyword.First, SqlKeyword.By) || !Columns() || !Accept(SqlKeyword.Set) || !AcceptName())
                return Unknown("SEARCH can't be followed");
        }

        return !Accept(SqlKeyword.Cycle) || Cycle() || Unknown("CYCLE can't be followed");
    }

    /// <summary><c>CYCLE columns SET column [TO value DEFAULT value] USING column</c></summary>
    private bool Cycle()
    {
        if (!Columns() || !Accept(SqlKeyword.Set) || !AcceptName())
            return false;
        if (Accept(SqlKeyword.To))
        {
            while (_position < _end && !Word(SqlKeyword.Using))
                _position++;
        }

        return Accept(SqlKeyword.Using) && AcceptName();
    }

    private bool AcceptName()
    {
        if (!IsName())
            return false;
        Name();
        return true;
    }

    private bool Columns()
    {
        while (AcceptName())
        {
            if (Kind() != SqlTokenKind.Comma)
                return true;
            _position++;
        }

        return false;
    }

    /// <summary>Declares the common tables of a recursive clause ahead: each sees all of them.</summary>
    private void DeclareAll()
    {
        var start = _position;
        var effects = _effects.Count;
        while (IsName())
        {
            var table = new CommonTable { Name = Name() };
            Declare(table);
            SkipGroup();
            if (!Accept(SqlKeyword.As))
                break;
            Accept(SqlKeyword.Not);
            Accept(SqlKeyword.Materialized);
            if (!SkipGroup() || !SearchAndCycle() || Kind() != SqlTokenKind.Comma)
                break;
            _position++;
        }

        // What can't be followed is said when it is read.
        _effects.RemoveRange(effects, _effects.Count - effects);
        _position = start;
    }

    private void Declare(CommonTable table)
    {
        table.IsDeclared = true;
        _visible ??= new(StringComparer.Ordinal);
        _visible.TryGetValue(table.Name, out var hidden);
        table.Hides = hidden;
        _visible[table.Name] = table;
        _commonTables.Add(table);
    }

    private void LeaveScope(int count)
    {
        for (var i = _commonTables.Count - 1; i >= count; i--)
        {
            var table = _commonTables[i];
            if (table.Hides is null)
                _visible!.Remove(table.Name);
            else
                _visible![table.Name] = table.Hides;
            if (table is { IsReferenced: false, IsQuery: true })
                _dropped.Add((table.Start, table.End));
            _commonTables.RemoveAt(i);
        }
    }

    private bool IsCommonTable(in SqlObjectName name)
    {
        if (_commonTables.Count == 0 || name.Schema is not null || !_visible!.TryGetValue(name.Name, out var table))
            return false;
        // A recursive table's reference to itself doesn't keep it.
        table.IsReferenced |= !table.IsOpen;
        return true;
    }

    /// <summary>Row locks in bodies that the server drops (<c>cterefcount</c> 0 in <c>SS_process_ctes</c>) lock nothing.</summary>
    private void ForgetUnreferencedLocks()
    {
        if (_dropped.Count == 0)
            return;
        _dropped.Sort();
        _effects.Sort((x, y) => x.Start.CompareTo(y.Start));
        var next = 0;
        var end = -1;
        _effects.RemoveAll(effect =>
        {
            while (next < _dropped.Count && _dropped[next].Start <= effect.Start)
                end = Math.Max(end, _dropped[next++].End);
            return effect.Kind == SqlEffectKind.RowLock && effect.Start < end;
        });
    }

    private sealed class CommonTable
    {
        public string Name { get; set; } = "";

        public int Start { get; set; }

        public int End { get; set; }

        /// <summary>A plain query, that the server drops when nothing refers to it.</summary>
        public bool IsQuery { get; set; }

        /// <summary>Its body is being read.</summary>
        public bool IsOpen { get; set; }

        public bool IsDeclared { get; set; }

        public bool IsReferenced { get; set; }

        /// <summary>The table of an outer clause that has the same name.</summary>
        public CommonTable? Hides { get; set; }
    }
}
