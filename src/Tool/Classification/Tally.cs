using CompileTimeRouting.Sql;
using CompileTimeRouting.Tool.Standby;

namespace CompileTimeRouting.Tool.Classification;

/// <summary>Counts answers, of statements or of lines, and decides how the process ends.</summary>
internal sealed class Tally(IReadOnlyList<SqlRoute> failOn)
{
    private readonly Dictionary<SqlRoute, int> _routes = [];

    public int Total { get; private set; }

    public int Unsafe { get; private set; }

    public int Wasteful { get; private set; }

    public int Malformed { get; private set; }

    public int ExitCode => Unsafe + Wasteful + Malformed > 0 || failOn.Any(route => Of(route) > 0) ? Tool.ExitCode.Found : Tool.ExitCode.Answered;

    public int Of(SqlRoute route) => _routes.GetValueOrDefault(route);

    public void Add(SqlRoute route, StandbyAnswer? standby)
    {
        Total++;
        _routes[route] = Of(route) + 1;
        if (standby?.Disagreement == Disagreement.Unsafe)
            Unsafe++;
        else if (standby?.Disagreement == Disagreement.Wasteful)
            Wasteful++;
    }

    public void AddMalformed()
    {
        Total++;
        Malformed++;
    }
}
