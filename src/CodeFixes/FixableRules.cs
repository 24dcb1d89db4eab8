using CompileTimeRouting.Roslyn;

namespace CompileTimeRouting.CodeFixes;

/// <summary>The rules that the fixes are for.</summary>
internal static class FixableRules
{
    public const string ApiWrites = "CTR104";
    public const string CallWrites = "CTR105";
    public const string CallsWriteCommand = "CTR106";
    public const string RoutineWrites = "CTR109";
    public const string Unmarked = "CTR302";

    /// <summary>A method that is routed to a replica does what belongs on the primary.</summary>
    public static readonly string[] WriteInRead =
    [
        RuleIds.SqlWrites, RuleIds.SqlLocks, RuleIds.SqlCallsWrite, ApiWrites, CallWrites, CallsWriteCommand, RuleIds.SqlNeedsPrimary, RoutineWrites,
    ];
}
