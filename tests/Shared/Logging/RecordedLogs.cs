using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CompileTimeRouting.Tests;

/// <summary>Keeps what was logged, each line after its level.</summary>
/// <param name="category">The only one whose lines are kept; null where all are. Npgsql, for one, logs under categories of its own.</param>
internal sealed class RecordedLogs(string? category = null) : ILoggerProvider, ILogger
{
    /// <summary>What the data source and its monitor log under.</summary>
    public const string Routing = "CompileTimeRouting";

    private readonly ConcurrentQueue<string> _lines = new();

    public string[] Lines => [.. _lines];

    /// <summary>How many lines have a part.</summary>
    public int Count(string part) => _lines.Count(l => l.Contains(part, StringComparison.Ordinal));

    public ILogger CreateLogger(string categoryName) => category is null || categoryName == category ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");

    public void Dispose()
    {
    }
}
