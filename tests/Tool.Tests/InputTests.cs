using System.Text;
using System.Text.Json;
using CompileTimeRouting.Tool.Input;

namespace CompileTimeRouting.Tool.Tests;

/// <summary>Lines and requests, in whatever pieces and of whatever bytes they come.</summary>
public class InputTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Lines_are_the_same_in_any_pieces(int seed)
    {
        var random = new Random(seed);
        var lines = new List<string>();
        for (var i = 0; i < 300; i++)
            lines.Add(new string((char)('a' + (i % 26)), random.Next(10) == 0 ? random.Next(300_000) : random.Next(40)));
        var ends = random.Next(2) == 0;
        var bytes = Encoding.UTF8.GetBytes((seed == 2 ? "\uFEFF" : "") + string.Join('\n', lines) + (ends ? "\n" : ""));

        var input = new InputLines(new Pieces(bytes, random));
        var read = new List<string>();
        do
        {
            while (input.TryNext(out var line))
                read.Add(Encoding.UTF8.GetString(line));
        }
        while (await input.ReadAsync(TestContext.Current.CancellationToken));

        // What follows the last line feed is a line if it is anything.
        Assert.Equal(ends || lines[^1].Length > 0 ? lines : lines[..^1], read);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Any_bytes_are_a_request_or_an_error(int seed)
    {
        var random = new Random(seed);
        byte[][] pieces =
        [
            [.. "{\"id\":"u8], [.. "\"sql\":"u8], [.. "\"\\u0064\""u8], [.. "\"\\ud800\":"u8], [.. "1e5"u8], [.. "{}"u8], [.. "["u8], [.. "]"u8],
            [.. "}"u8], [.. ","u8], [.. "\"select 1\""u8], [.. "\\ud800"u8], [.. "\""u8], [0xff], [0xc3], [0], [.. "null"u8], [.. " "u8], [.. "\\"u8], [.. "//"u8],
        ];
        for (var i = 0; i < 50_000; i++)
        {
            var line = Enumerable.Range(0, random.Next(12)).SelectMany(_ => pieces[random.Next(pieces.Length)]).ToArray();
            var request = ClassifyRequest.Read(line);
            Assert.True(request.Error is null ? request is { Id: not null, Sql: not null } : request.Sql is null);
            if (request.Id is { } id)
                Assert.True(JsonDocument.Parse(id).RootElement.ValueKind is JsonValueKind.String or JsonValueKind.Number);
        }
    }

    [Fact]
    public void Text_is_read_as_it_was_meant()
    {
        Assert.Equal("a\0\ud800\"\\/\b\f\n\r\t\ud83d\ude00é", Sql("""{"id":1,"sql":"a\u0000\ud800\"\\\/\b\f\n\r\t\ud83d\ude00é"}"""));
        Assert.Equal("x", Sql("""{"\u0073ql":"x","\u0069d":"y"}"""));
        Assert.Equal("last", Sql("""{"id":1,"sql":"first","more":{"sql":[1,{"id":2}]},"sql":"last"}"""));
    }

    private static string? Sql(string line) => ClassifyRequest.Read(Encoding.UTF8.GetBytes(line)).Sql;

    /// <summary>Gives as many bytes at a time as it likes.</summary>
    private sealed class Pieces(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 1 + random.Next(random.Next(2) == 0 ? 10 : 100_000))], cancellationToken);
    }
}
