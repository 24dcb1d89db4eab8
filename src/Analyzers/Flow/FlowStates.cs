namespace CompileTimeRouting.Analyzers.Flow;

/// <summary>
/// The states that a place may be reached in, one for each set of open transactions: where a way that has begun one joins a way
/// that hasn't, each goes on by itself.
/// </summary>
internal sealed class FlowStates
{
    private readonly List<FlowState> _states = [];

    public int Count => _states.Count;

    public FlowState this[int index] => _states[index];

    /// <returns>Whether that was new.</returns>
    public bool Add(FlowState state)
    {
        for (var i = 0; i < _states.Count; i++)
        {
            if (_states[i].Open != state.Open)
                continue;
            var all = _states[i].Or(state);
            if (all == _states[i])
                return false;
            _states[i] = all;
            return true;
        }

        _states.Add(state);
        return true;
    }

    /// <returns>Whether something of that was new.</returns>
    public bool Add(FlowStates states)
    {
        var isNew = false;
        for (var i = 0; i < states.Count; i++)
            isNew |= Add(states[i]);
        return isNew;
    }

    /// <summary>What becomes of each.</summary>
    public FlowStates Select(Func<FlowState, FlowState> become)
    {
        var states = new FlowStates();
        foreach (var state in _states)
            states.Add(become(state));
        return states;
    }
}
