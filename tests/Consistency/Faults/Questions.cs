using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency.Faults;

/// <summary>An address before a server that keeps what is sent over it, one text for each piece that a client sends at once.</summary>
internal sealed class Questions(PostgresNode node) : TcpRelay(node)
{
    private readonly ConcurrentQueue<string> _sent = new();

    // Prepared statements are sent without their text.
    public string ConnectionString => Settings.ConnectionString + ";Max Auto Prepare=0";

    /// <summary>The pieces that hold a text, since the last call.</summary>
    public IReadOnlyList<string> Take(string text)
    {
        var taken = new List<string>();
        while (_sent.TryDequeue(out var sent))
        {
            if (sent.Contains(text, StringComparison.Ordinal))
                taken.Add(sent);
        }

        return taken;
    }

    protected override void Take(Socket client) => Lead(client, Node, atQuestions: Keep);

    private Passage Keep(ReadOnlySpan<byte> question)
    {
        _sent.Enqueue(Encoding.ASCII.GetString(question));
        return Passage.On;
    }
}
