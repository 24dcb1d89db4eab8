using System.Collections.Frozen;
using System.Text;
using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Standby;
using CompileTimeRouting.Tool.Validation;

namespace CompileTimeRouting.Tool.Output;

/// <summary>How answers are spelt: <c>row-lock</c>, <c>belongs-on-primary</c>.</summary>
internal static class Names
{
    private static readonly FrozenDictionary<SqlEffectKind, string> Kinds = All<SqlEffectKind>();
    private static readonly FrozenDictionary<SqlEffectImpact, string> Impacts = All<SqlEffectImpact>();
    private static readonly FrozenDictionary<SqlRoute, string> Routes = All<SqlRoute>();
    private static readonly FrozenDictionary<StandbyVerdict, string> Verdicts = All<StandbyVerdict>();
    private static readonly FrozenDictionary<Disagreement, string> Disagreements = All<Disagreement>();
    private static readonly FrozenDictionary<NodeRole, string> Roles = All<NodeRole>();
    private static readonly FrozenDictionary<NodeState, string> States = All<NodeState>();
    private static readonly FrozenDictionary<FindingLevel, string> Levels = All<FindingLevel>();

    public static string Of(NodeRole role) => Roles[role];

    public static string Of(NodeState state) => States[state];

    public static string Of(FindingLevel level) => Levels[level];

    public static string Of(SqlEffectKind kind) => Kinds[kind];

    public static string Of(SqlEffectImpact impact) => Impacts[impact];

    public static string Of(SqlRoute route) => Routes[route];

    public static string Of(StandbyVerdict verdict) => Verdicts[verdict];

    public static string Of(Disagreement disagreement) => Disagreements[disagreement];

    private static FrozenDictionary<T, string> All<T>()
        where T : struct, Enum
        => Enum.GetValues<T>().ToFrozenDictionary(static v => v, static v => Kebab(v.ToString()));

    private static string Kebab(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c) && text.Length > 0)
                text.Append('-');
            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
