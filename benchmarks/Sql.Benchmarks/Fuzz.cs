using System.Diagnostics;
using System.Globalization;
using CompileTimeRouting.Sql.Tests;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>The tests' fuzz in its long form.</summary>
internal static class Fuzz
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(5);

    /// <returns>The exit code: 1 when anything was found.</returns>
    public static int Run(long inputs, int seed)
    {
        var generator = new SqlTextGenerator(seed);
        var random = new Random(seed);
        var clock = Stopwatch.StartNew();
        var found = 0;
        var characters = 0L;
        for (var i = 1L; i <= inputs && found < 20; i++)
        {
            var sql = generator.Next();
            characters += sql.Length;
            var before = clock.Elapsed;
            string? violation;
            try
            {
                violation = SqlInvariants.Violation(sql, random);
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                violation = e.ToString();
            }

            if (violation is null && clock.Elapsed - before > Hang)
                violation = "it took " + (clock.Elapsed - before);
            if (violation is not null)
            {
                found++;
                Console.WriteLine($"input {i}: {violation}\n  {sql}");
            }

            if (i % 100_000 == 0 || i == inputs)
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i} inputs, {characters} characters, {found} violations, {clock.Elapsed.TotalSeconds:0} s, seed {seed}"));
        }

        return found == 0 ? 0 : 1;
    }
}
