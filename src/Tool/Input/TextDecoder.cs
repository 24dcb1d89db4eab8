using System.Text;

namespace CompileTimeRouting.Tool.Input;

/// <summary>Bytes of a file as text: by its byte order mark, else UTF-8, where what isn't UTF-8 becomes U+FFFD.</summary>
internal static class TextDecoder
{
    public static string Decode(ReadOnlySpan<byte> bytes) => bytes switch
    {
        [0xEF, 0xBB, 0xBF, .. var rest] => Encoding.UTF8.GetString(rest),
        [0xFF, 0xFE, .. var rest] => Encoding.Unicode.GetString(rest),
        [0xFE, 0xFF, .. var rest] => Encoding.BigEndianUnicode.GetString(rest),
        _ => Encoding.UTF8.GetString(bytes),
    };
}
