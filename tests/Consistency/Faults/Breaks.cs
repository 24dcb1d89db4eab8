using System.Net.Sockets;
using System.Text;
using CompileTimeRouting.DevCluster;

namespace CompileTimeRouting.Consistency.Faults;

/// <summary>An address before a server where connections end over which a text is sent, as many as are to.</summary>
internal sealed class Breaks(PostgresNode node, string text) : TcpRelay(node)
{
    private int _left;

    // Prepared statements are sent without their text.
    public string ConnectionString => Settings.ConnectionString + ";Max Auto Prepare=0";

    /// <summary>How many are to end yet.</summary>
    public int Left
    {
        get => Volatile.Read(ref _left);
        set => Volatile.Write(ref _left, value);
    }

    protected override void Take(Socket client) => Lead(client, Node, atQuestions: Judge);

    private Passage Judge(ReadOnlySpan<byte> question) =>
        Left > 0 && Encoding.ASCII.GetString(question).Contains(text, StringComparison.Ordinal) && Interlocked.Decrement(ref _left) >= 0 ? Passage.End : Passage.On;
}
