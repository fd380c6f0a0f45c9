using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Relapse.Tests.Hosting;

internal sealed record CapturedLog(string Category, LogLevel Level, EventId Id, string Text);

/// <summary>Everything a server logs, at the finest level it lets through, with the exception as text.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<CapturedLog> _logs = new();

    public IReadOnlyCollection<CapturedLog> All => _logs;

    public IReadOnlyList<CapturedLog> Errors => [.. _logs.Where(log => log.Level >= LogLevel.Error)];

    public string Text => string.Join('\n', _logs.Select(log => $"{log.Level} {log.Category} {log.Text}"));

    public void Clear() => _logs.Clear();

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, _logs);

    public void Dispose()
    {
    }

    private sealed class Logger(string category, ConcurrentQueue<CapturedLog> logs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            logs.Enqueue(new CapturedLog(category, LogLevel.Trace, default, "scope " + state));
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            logs.Enqueue(new CapturedLog(category, logLevel, eventId, formatter(state, exception) + " " + exception));
    }
}
