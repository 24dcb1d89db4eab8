namespace CompileTimeRouting.Roslyn.Models;

/// <summary>How a routed method hands its result back, which decides how long the lease lives.</summary>
internal enum ReturnKind
{
    Void,
    Value,
    Task,
    TaskOfValue,
    ValueTask,
    ValueTaskOfValue,
    AsyncEnumerable,
}
