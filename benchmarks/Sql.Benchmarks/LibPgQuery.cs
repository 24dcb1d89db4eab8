using System.Reflection;
using System.Runtime.InteropServices;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>
/// libpg_query, PostgreSQL's own parser as a C library, called in this process. Debian's package libpg-query-dev has it, or
/// CTR_LIBPG_QUERY names the file. The functions are those of its version 15.
/// </summary>
internal static unsafe partial class LibPgQuery
{
    private const string Library = "pg_query";

    public const string Missing = "libpg_query was not found: install libpg-query-dev, or set CTR_LIBPG_QUERY to its shared library.";

    static LibPgQuery() => NativeLibrary.SetDllImportResolver(typeof(LibPgQuery).Assembly, Resolve);

    public static bool IsAvailable { get; } = Resolve(Library, typeof(LibPgQuery).Assembly, null) != 0;

    /// <summary>Whether PostgreSQL 15 parses the text, which ends in NUL.</summary>
    public static bool Accepts(byte[] sql) => ToProtobuf(sql);

    /// <summary>The cheaper of the two trees that the library hands out.</summary>
    public static bool ToProtobuf(byte[] sql)
    {
        fixed (byte* text = sql)
        {
            var result = pg_query_parse_protobuf(text);
            var accepted = result.Error == null;
            pg_query_free_protobuf_parse_result(result);
            return accepted;
        }
    }

    public static bool ToJson(byte[] sql)
    {
        fixed (byte* text = sql)
        {
            var result = pg_query_parse(text);
            var accepted = result.Error == null;
            pg_query_free_parse_result(result);
            return accepted;
        }
    }

    /// <summary>
    /// PostgreSQL's parser alone: no tree is handed out, no output of the library is caught. It reports an error with a long
    /// jump that nobody would catch here: call it with accepted texts only.
    /// </summary>
    public static void ParseOnly(byte[] sql)
    {
        fixed (byte* text = sql)
        {
            var memory = pg_query_enter_memory_context();
            raw_parser(text, 0);
            pg_query_exit_memory_context(memory);
        }
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path)
    {
        if (name != Library)
            return 0;
        if (Environment.GetEnvironmentVariable("CTR_LIBPG_QUERY") is { Length: > 0 } file)
            return NativeLibrary.Load(file);
        return NativeLibrary.TryLoad("libpg_query.so", assembly, path, out var handle) ? handle : 0;
    }

    [LibraryImport(Library)]
    private static partial ProtobufResult pg_query_parse_protobuf(byte* input);

    [LibraryImport(Library)]
    private static partial void pg_query_free_protobuf_parse_result(ProtobufResult result);

    [LibraryImport(Library)]
    private static partial JsonResult pg_query_parse(byte* input);

    [LibraryImport(Library)]
    private static partial void pg_query_free_parse_result(JsonResult result);

    [LibraryImport(Library)]
    private static partial void* pg_query_enter_memory_context();

    [LibraryImport(Library)]
    private static partial void pg_query_exit_memory_context(void* context);

    [LibraryImport(Library)]
    private static partial void* raw_parser(byte* input, int mode);

#pragma warning disable CS0649 // The library fills them.
    private struct ProtobufResult
    {
        public nuint Length;
        public byte* Data;
        public byte* StandardError;
        public void* Error;
    }

    private struct JsonResult
    {
        public byte* Tree;
        public byte* StandardError;
        public void* Error;
    }
}
