namespace CompileTimeRouting.Sql;

/// <content>What functions and views come to with all that they call: the strictest verdict spreads to whoever depends on it.</content>
internal sealed partial class SqlCatalog
{
    private void Judge()
    {
        var dependents = new Dictionary<object, List<object>>();
        var pending = new Queue<object>();
        foreach (var function in Functions)
        {
            var verdict = OwnVerdict(function);
            _functionVerdicts[function] = verdict;
            Start(function, verdict, Dependencies(function));
        }

        foreach (var relation in Relations)
        {
            var verdict = OwnVerdict(relation);
            _relationVerdicts[relation] = verdict;
            Start(relation, verdict, Dependencies(relation));
        }

        while (pending.Count > 0)
        {
            var cause = pending.Dequeue();
            if (!dependents.TryGetValue(cause, out var affected))
                continue;
            var spread = Spread(cause);
            foreach (var node in affected)
            {
                if (!spread.IsStricterThan(VerdictOf(node)))
                    continue;
                if (node is SqlCatalogFunction function)
                    _functionVerdicts[function] = spread;
                else
                    _relationVerdicts[(SqlCatalogRelation)node] = spread;
                pending.Enqueue(node);
            }
        }

        void Start(object node, SqlCatalogVerdict verdict, IEnumerable<object> dependencies)
        {
            foreach (var dependency in dependencies)
            {
                if (!dependents.TryGetValue(dependency, out var list))
                    dependents.Add(dependency, list = new List<object>());
                list.Add(node);
            }

            if (verdict.Route != SqlRoute.Replica)
                pending.Enqueue(node);
        }
    }

    /// <summary>Of a function that isn't the catalog's own.</summary>
    private SqlCatalogVerdict Judge(SqlCatalogFunction function)
    {
        var verdict = OwnVerdict(function);
        foreach (var dependency in Dependencies(function))
        {
            var spread = Spread(dependency);
            if (spread.IsStricterThan(verdict))
                verdict = spread;
        }

        return verdict;
    }

    private SqlCatalogVerdict VerdictOf(object node)
        => node is SqlCatalogFunction function ? _functionVerdicts[function] : _relationVerdicts[(SqlCatalogRelation)node];

    /// <summary>What depending on this one comes to. The reason names where it happens, not the way there.</summary>
    private SqlCatalogVerdict Spread(object cause)
    {
        var verdict = VerdictOf(cause);
        var own = cause is SqlCatalogFunction function ? OwnVerdict(function) : OwnVerdict((SqlCatalogRelation)cause);
        return verdict.IsStricterThan(own) || verdict.Route == SqlRoute.Replica
            ? verdict
            : verdict with { Reason = (cause is SqlCatalogFunction ? "calls " : "reads ") + cause + ": " + verdict.Reason };
    }

    private SqlCatalogVerdict OwnVerdict(SqlCatalogFunction function)
    {
        var verdict = Own(function.Route, function.IsRefused, function.Reason);
        return OfMissing(function.Calls, verdict, function);
    }

    private SqlCatalogVerdict OwnVerdict(SqlCatalogRelation relation)
    {
        if (relation.IsUnlogged)
            return new SqlCatalogVerdict(SqlRoute.Primary, true, "it is unlogged");
        return OfMissing(relation.Calls, Own(relation.Route, relation.IsRefused, relation.Reason), null);
    }

    private static SqlCatalogVerdict Own(SqlRoute route, bool isRefused, string? reason)
        => route == SqlRoute.Replica ? SqlCatalogVerdict.Reads : new SqlCatalogVerdict(route, isRefused, reason ?? "the catalog gives no reason");

    /// <summary>What calls a function that nobody knows isn't known.</summary>
    private SqlCatalogVerdict OfMissing(IReadOnlyList<SqlObjectName> calls, SqlCatalogVerdict verdict, SqlCatalogFunction? caller)
    {
        if (verdict.Route != SqlRoute.Replica)
            return verdict;
        foreach (var call in calls)
        {
            if (SqlFunctionCatalog.Role(call.Schema, call.Name) == SqlFunctionRole.Unknown && FindFunctions(call, Path(caller)).Count == 0)
                return new SqlCatalogVerdict(SqlRoute.Unknown, false, "calls " + call + ", which the catalog doesn't have");
        }

        return verdict;
    }

    private IEnumerable<object> Dependencies(SqlCatalogFunction function)
        => function.Calls.SelectMany(c => Called(c, function)).Concat<object>(function.Reads.SelectMany(r => FindRelations(r, Path(function))));

    private IEnumerable<object> Dependencies(SqlCatalogRelation relation)
        => relation.Calls.SelectMany(c => Called(c, null)).Concat<object>(relation.Reads.SelectMany(r => FindRelations(r)));

    /// <summary>A name that is built in as well means the catalog's functions only where the search path has them.</summary>
    private List<SqlCatalogFunction> Called(in SqlObjectName name, SqlCatalogFunction? caller)
    {
        var path = Path(caller);
        var found = FindFunctions(name, path);
        if (name.Schema is null && found.Count > 0 && SqlFunctionCatalog.Role(null, name.Name) != SqlFunctionRole.Unknown)
            found = found.FindAll(f => path.Contains(f.Schema));
        return found;
    }

    private IReadOnlyList<string> Path(SqlCatalogFunction? caller) => caller is { SearchPath.Count: > 0 } ? caller.SearchPath : SearchPath;

    private void FindOperators()
    {
        foreach (var @operator in Operators)
        {
            foreach (var function in FindFunctions(@operator.Function))
            {
                // One whose function isn't known may well be an overload of a built-in one: = can't make everything unknown.
                var verdict = _functionVerdicts[function];
                if (verdict.Route == SqlRoute.Primary)
                    _operators[@operator.Name] = verdict;
            }
        }
    }

    private void FindAttributes()
    {
        foreach (var function in Functions)
        {
            if (!function.Takes(1) || _functionVerdicts[function] is not { Route: SqlRoute.Primary } verdict)
                continue;
            if (Called(new SqlObjectName(null, function.Name, 0, 0), null).Contains(function))
                _selections[function.Name] = verdict;
            if (function.Arguments.Count > 0 && SqlCatalogWords.Name(function.Arguments[0]) is { } type && FindRelations(type).Count > 0)
                _attributes[function.Name] = verdict;
        }
    }
}
