namespace CompileTimeRouting.Tool.Input;

/// <summary>Lines of bytes from a stream of any length, each ended by a line feed or the end; a byte order mark is skipped.</summary>
internal sealed class InputLines(Stream stream)
{
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;

    /// <summary>Where the search for a line feed goes on: a long line isn't searched twice.</summary>
    private int _searched;

    private bool _ended;
    private bool _begun;

    /// <summary>The next line of what has been read; valid until <see cref="ReadAsync"/>.</summary>
    public bool TryNext(out ReadOnlySpan<byte> line)
    {
        var lineFeed = _buffer.AsSpan(_searched, _end - _searched).IndexOf((byte)'\n');
        var end = lineFeed < 0 ? _end : _searched + lineFeed;
        _searched = end;
        line = default;
        if (lineFeed < 0 && !(_ended && _start < _end))
            return false;
        line = WithoutMark(_buffer.AsSpan(_start, end - _start));
        _start = _searched = Math.Min(end + 1, _end);
        return true;
    }

    /// <summary>Waits for more.</summary>
    /// <returns>False at the end.</returns>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_ended)
            return false;
        var kept = _end - _start;
        var target = kept > _buffer.Length / 2 ? new byte[checked(_buffer.Length * 2)] : _buffer;
        Buffer.BlockCopy(_buffer, _start, target, 0, kept);
        _buffer = target;
        _searched -= _start;
        _start = 0;
        _end = kept;
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _ended = read == 0;
        return true;
    }

    private ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> line)
    {
        var isFirst = !_begun;
        _begun = true;
        return isFirst && line is [0xEF, 0xBB, 0xBF, .. var rest] ? rest : line;
    }
}
