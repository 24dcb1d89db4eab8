using System.Net.Sockets;
using System.Text;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Integration.Runtime;

/// <summary>An address that may lead to one server after the other, as a balancer's does, and on which a question may get lost.</summary>
internal sealed class Way(PostgresNode node) : TcpRelay(node)
{
    private volatile PostgresNode[] _nodes = [node];
    private int _next = -1;
    private volatile string? _lost;
    private volatile bool _isCut;

    public string ConnectionString
    {
        get
        {
            var settings = Settings;

            // A question that is given up isn't waited for any longer.
            settings.CancellationTimeout = 100;
            settings.CommandTimeout = 5;
            return settings.ConnectionString;
        }
    }

    /// <summary>Whether a question was lost since <see cref="Lose"/>.</summary>
    public bool HasLost => _lost is null;

    /// <summary>Where new connections lead from now on, one after the other; those that are there stay. With no node they end at once.</summary>
    public void LeadTo(params PostgresNode[] nodes)
    {
        _next = -1;
        _nodes = nodes;
    }

    /// <summary>Ends the connections that are there.</summary>
    public void Break() => CloseAll();

    /// <summary>The next statement with a text gets no answer.</summary>
    /// <param name="text">A part of it.</param>
    /// <param name="isCut">Whether its connection ends, too.</param>
    public void Lose(string text, bool isCut)
    {
        _isCut = isCut;
        _lost = text;
    }

    protected override void Take(Socket client)
    {
        var nodes = _nodes;
        if (nodes.Length == 0)
        {
            Close(client);
            return;
        }

        Lead(client, nodes[(uint)Interlocked.Increment(ref _next) % (uint)nodes.Length], atQuestions: LookFor);
    }

    private Passage LookFor(ReadOnlySpan<byte> question)
    {
        var isLost = _lost is { } text && Encoding.ASCII.GetString(question).Contains(text, StringComparison.Ordinal)
            && Interlocked.CompareExchange(ref _lost, null, text) == text;
        return !isLost ? Passage.On : _isCut ? Passage.End : Passage.Lost;
    }
}
