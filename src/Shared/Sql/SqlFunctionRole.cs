namespace CompileTimeRouting.Sql;

/// <summary>What calling a function means to a hot standby.</summary>
internal enum SqlFunctionRole : byte
{
    /// <summary>Not built in, not known.</summary>
    Unknown,

    /// <summary>Only reads.</summary>
    Harmless,

    /// <summary>The standby refuses it.</summary>
    Refused,

    /// <summary>Refused, and run by the planner already, so that EXPLAIN runs it: it is declared stable or immutable.</summary>
    RefusedInPlanning,

    /// <summary>Accepted, but what it does belongs on the primary.</summary>
    Primary,

    /// <summary>Runs the SQL in a string argument.</summary>
    RunsText,

    /// <summary>Runs SQL on another server.</summary>
    RunsRemotely,

    /// <summary><c>lo_open</c>: its second argument tells whether it writes.</summary>
    OpensLargeObject,
}
