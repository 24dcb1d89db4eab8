using CompileTimeRouting.Roslyn;

namespace CompileTimeRouting.CodeFixes;

/// <summary>The rules that several fixes are for.</summary>
internal static class FixableRules
{
    /// <summary>A method that is routed to a replica does what belongs on the primary.</summary>
    public static readonly string[] WriteInRead =
    [
        RuleIds.SqlWrites, RuleIds.SqlLocks, RuleIds.SqlCallsWrite, RuleIds.ApiWrites, RuleIds.ReachesWrite, RuleIds.CallsWriteCommand,
        RuleIds.SqlNeedsPrimary, RuleIds.CallsRoutine,
    ];
}
