namespace CompileTimeRouting.AspNetCore.Dashboard.Answers;

internal sealed record ChangeAnswer(DateTime At, ClusterChangeKind Kind, string? Node, string? Detail)
{
    public static ChangeAnswer Of(ClusterChange change, bool includeHosts) =>
        new(change.At.UtcDateTime, change.Kind, change.Node, includeHosts ? change.Detail : null);
}
