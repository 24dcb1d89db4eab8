using Microsoft.Extensions.Logging;

namespace CompileTimeRouting.Integration.EntityFrameworkCore;

/// <summary>
/// Lists what Npgsql sends, by its own log, for the flow that watches: what EF alone is asked for doesn't show here, nor the
/// probes of a monitor that was started before.
/// </summary>
internal sealed class CommandLog : ILoggerFactory, ILogger
{
    private const string Commands = "Npgsql.Command";
    private readonly AsyncLocal<bool> _isWatched = new();
    private readonly List<string> _sent = [];
    private readonly bool _isCommands;

    public IReadOnlyList<string> Sent
    {
        get
        {
            lock (_sent)
                return [.. _sent];
        }
    }

    public void Watch() => _isWatched.Value = true;

    public ILogger CreateLogger(string categoryName) => categoryName == Commands ? new CommandLog(this) : new CommandLog();

    public CommandLog()
    {
    }

    private CommandLog(CommandLog target)
    {
        _isWatched = target._isWatched;
        _sent = target._sent;
        _isCommands = true;
    }

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => _isCommands && logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!_isWatched.Value)
            return;
        lock (_sent)
            _sent.Add(formatter(state, exception));
    }

    public void Dispose()
    {
    }
}
