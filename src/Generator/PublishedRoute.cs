using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator;

/// <summary>What the running application is told of a routed method.</summary>
/// <param name="Name">The name of its route.</param>
/// <param name="Route">What its attribute says.</param>
/// <param name="Retries">Whether its shim tries again.</param>
/// <param name="LeavesSessionClean">Whether it is proved to leave no session state.</param>
/// <param name="Reads">The tables that it reads, as SQL names with commas between them.</param>
/// <param name="Writes">The tables that it writes.</param>
internal sealed record PublishedRoute(string Name, RouteModel Route, bool Retries, bool LeavesSessionClean, string Reads, string Writes);
