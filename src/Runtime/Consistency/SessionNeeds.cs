namespace CompileTimeRouting;

/// <summary>What a session asks for, for another one that takes over.</summary>
/// <param name="Time">The <see cref="System.Diagnostics.Stopwatch"/> time that replicas must cover; 0 for none.</param>
/// <param name="Uncertain">Writes that may yet come into effect, so that only the primary will do; null for none.</param>
/// <param name="HasWritten">Whether it has written, or was begun from a token.</param>
/// <param name="HasNewWrites">Whether it has written itself.</param>
/// <param name="Elsewhere">Writes of which no replica is known to have them, whatever it covers; null for none.</param>
/// <param name="IsWriting">Whether a write isn't over, so that no time and no position is behind it.</param>
internal readonly record struct SessionNeeds(
    long Time, UncertainWrites? Uncertain = null, bool HasWritten = false, bool HasNewWrites = false, WritesElsewhere? Elsewhere = null, bool IsWriting = false);
