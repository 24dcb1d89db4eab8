namespace CompileTimeRouting.Routing.Benchmarks;

/// <summary>One way to do the work.</summary>
/// <param name="Name">As the table names it.</param>
/// <param name="RunAsync">Does it so many times.</param>
internal sealed record Candidate(string Name, Func<int, Task> RunAsync);
