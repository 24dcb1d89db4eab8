namespace CompileTimeRouting.Sql;

/// <content>Tables behind functions and views, and what a write sets off.</content>
internal sealed partial class SqlCatalog
{
    /// <summary>The foreign keys by the table they refer to, with the table they belong to.</summary>
    private readonly Dictionary<SqlCatalogRelation, List<(SqlCatalogRelation Table, SqlCatalogForeignKey Key)>> _references = new();

    private readonly Dictionary<SqlCatalogRelation, List<SqlCatalogRelation>> _children = new();

    /// <summary>What a function reads and writes, with all that it calls.</summary>
    public SqlCatalogReach Reach(SqlCatalogFunction function) => _reach.GetOrAdd(function, Walk);

    /// <summary>What is read behind a view, itself included; a materialized view has rows of its own.</summary>
    public SqlCatalogReach Reach(SqlCatalogRelation relation) => _reach.GetOrAdd(relation, Walk);

    /// <summary>
    /// The tables that a write to one comes to: itself, what its triggers and rules write, the rows that foreign keys
    /// change with it, its partitions and children, its parents, and the tables behind a view. Itself alone when the
    /// catalog doesn't know it; empty when a DO INSTEAD NOTHING rule discards the write.
    /// </summary>
    /// <param name="table">As a statement names it.</param>
    /// <param name="events">What is done to it; <see cref="SqlWriteEvents.All"/> when that isn't known.</param>
    public IReadOnlyList<SqlObjectName> WritesThrough(SqlObjectName table, SqlWriteEvents events)
    {
        var written = new SqlNameSet();
        var done = new Dictionary<SqlCatalogRelation, SqlWriteEvents>();
        var pending = new Stack<(SqlCatalogRelation Relation, SqlWriteEvents Events)>();
        Write(table, events);
        while (pending.Count > 0)
        {
            var (relation, all) = pending.Pop();
            done.TryGetValue(relation, out var before);
            var added = all & ~before & ~Discarded(relation);
            if (added == SqlWriteEvents.None)
                continue;
            done[relation] = before | added;
            written.Add(Display(relation, 0, 0));
            Follow(relation, added);
        }

        return written.Names;

        void Write(in SqlObjectName name, SqlWriteEvents what)
        {
            var found = FindRelations(name);
            foreach (var relation in found)
                pending.Push((relation, what));
            if (found.Count == 0)
                written.Add(new SqlObjectName(name.Schema, name.Name, 0, 0));
        }

        void Follow(SqlCatalogRelation relation, SqlWriteEvents what)
        {
            foreach (var trigger in relation.Triggers)
            {
                if ((trigger.Events & what) != 0)
                    Call(trigger.Function);
            }

            foreach (var rule in relation.Rules)
            {
                if ((rule.Events & what) == 0)
                    continue;
                foreach (var name in rule.Writes)
                    Write(name, SqlWriteEvents.All);
                foreach (var name in rule.Calls)
                    Call(name);
            }

            if (relation.Kind == SqlCatalogRelationKind.View)
            {
                foreach (var name in relation.Reads)
                    Write(name, what);
            }

            if (_references.TryGetValue(relation, out var references))
            {
                foreach (var (referring, key) in references)
                    pending.Push((referring, Cascaded(key, what)));
            }

            if (_children.TryGetValue(relation, out var children))
            {
                foreach (var child in children)
                    pending.Push((child, what));
            }

            // Who reads the parent sees the row; its triggers don't fire.
            AddParents(relation);
        }

        void Call(in SqlObjectName name)
        {
            foreach (var function in FindFunctions(name))
            {
                foreach (var target in Reach(function).Writes)
                    Write(target, SqlWriteEvents.All);
            }
        }

        void AddParents(SqlCatalogRelation relation)
        {
            var seen = new HashSet<SqlCatalogRelation> { relation };
            var queue = new Queue<SqlCatalogRelation>(seen);
            while (queue.Count > 0)
            {
                foreach (var name in queue.Dequeue().Parents)
                {
                    foreach (var parent in FindRelations(name))
                    {
                        written.Add(Display(parent, 0, 0));
                        if (seen.Add(parent))
                            queue.Enqueue(parent);
                    }
                }
            }
        }
    }

    /// <summary>Whether a rule drops every such statement: unconditional DO INSTEAD NOTHING, and no rule that does more.</summary>
    public bool Discards(in SqlObjectName table, SqlWriteEvents what)
    {
        var found = FindRelations(table);
        return found.Count > 0 && found.All(r => (Discarded(r) & what) == what);
    }

    private static SqlWriteEvents Discarded(SqlCatalogRelation relation)
    {
        var discarded = SqlWriteEvents.None;
        foreach (var rule in relation.Rules)
        {
            if (rule is { IsInstead: true, IsNothing: true, IsConditional: false })
                discarded |= rule.Events;
        }

        foreach (var rule in relation.Rules)
        {
            if (!rule.IsNothing)
                discarded &= ~rule.Events;
        }

        return discarded;
    }

    private static SqlWriteEvents Cascaded(SqlCatalogForeignKey key, SqlWriteEvents what)
    {
        // TRUNCATE … CASCADE empties whoever refers; without CASCADE it is refused.
        var events = what & SqlWriteEvents.Truncate;
        if ((what & SqlWriteEvents.Delete) != 0)
        {
            events |= key.OnDelete switch
            {
                SqlCatalogAction.Cascade => SqlWriteEvents.Delete,
                SqlCatalogAction.SetNull or SqlCatalogAction.SetDefault => SqlWriteEvents.Update,
                _ => SqlWriteEvents.None,
            };
        }

        if ((what & SqlWriteEvents.Update) != 0 && key.OnUpdate is not (SqlCatalogAction.NoAction or SqlCatalogAction.Restrict))
            events |= SqlWriteEvents.Update;
        return events;
    }

    private SqlCatalogReach Walk(object start)
    {
        var reads = new SqlNameSet();
        var writes = new SqlNameSet();
        var seen = new HashSet<object> { start };
        var pending = new Stack<object>(seen);
        while (pending.Count > 0)
        {
            IEnumerable<object> next;
            var current = pending.Pop();
            if (current is SqlCatalogFunction function)
            {
                Names(function.Reads, reads, function);
                Names(function.Writes, writes, function);
                next = Dependencies(function);
            }
            else
            {
                var relation = (SqlCatalogRelation)current;
                reads.Add(Display(relation, 0, 0));
                next = Dependencies(relation);
            }

            foreach (var node in next.Where(seen.Add))
                pending.Push(node);
        }

        return new SqlCatalogReach(reads.Names, writes.Names, start is SqlCatalogRelation view && PlansUnlogged(view));

        void Names(IReadOnlyList<SqlObjectName> names, SqlNameSet into, SqlCatalogFunction function)
        {
            foreach (var name in names)
            {
                var found = FindRelations(name, Path(function));
                foreach (var relation in found)
                    into.Add(Display(relation, 0, 0));
                if (found.Count == 0)
                    into.Add(new SqlObjectName(name.Schema, name.Name, 0, 0));
            }
        }
    }

    /// <summary>Whether a view, or one behind it, names an unlogged table: that is met in planning already.</summary>
    private bool PlansUnlogged(SqlCatalogRelation start)
    {
        var seen = new HashSet<SqlCatalogRelation> { start };
        var pending = new Stack<SqlCatalogRelation>(seen);
        while (pending.Count > 0)
        {
            var relation = pending.Pop();
            if (relation.IsUnlogged)
                return true;
            foreach (var next in relation.Reads.SelectMany(r => FindRelations(r)).Where(seen.Add))
                pending.Push(next);
        }

        return false;
    }

    private void FindReferences()
    {
        foreach (var relation in Relations)
        {
            foreach (var key in relation.ForeignKeys)
            {
                foreach (var referenced in FindRelations(key.References))
                    Add(_references, referenced, (relation, key));
            }

            foreach (var name in relation.Parents)
            {
                foreach (var parent in FindRelations(name))
                    Add(_children, parent, relation);
            }
        }
    }

    private static void Add<T>(Dictionary<SqlCatalogRelation, List<T>> map, SqlCatalogRelation key, T value)
    {
        if (!map.TryGetValue(key, out var list))
            map.Add(key, list = new List<T>());
        list.Add(value);
    }
}
