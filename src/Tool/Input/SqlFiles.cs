using System.Security;
using Microsoft.Extensions.FileSystemGlobbing;

namespace CompileTimeRouting.Tool.Input;

/// <summary>Finds and reads the files that arguments name: files, folders, patterns, standard input.</summary>
internal static class SqlFiles
{
    /// <summary>In the order of the arguments, those of a folder or pattern by name; each once.</summary>
    /// <exception cref="CommandException">An argument names nothing, or a file can't be read.</exception>
    public static IEnumerable<SqlText> Read(IEnumerable<string> arguments, Func<Stream> standardInput)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            if (argument == "-")
            {
                if (seen.Add(argument))
                    yield return new SqlText(SqlText.StandardInput, TextDecoder.Decode(All(standardInput())));
                continue;
            }

            foreach (var file in Find(argument))
            {
                if (seen.Add(Path.GetFullPath(file)))
                    yield return new SqlText(file.Replace('\\', '/'), TextDecoder.Decode(Content(file)));
            }
        }
    }

    private static List<string> Find(string argument)
    {
        if (File.Exists(argument))
            return [argument];
        if (Directory.Exists(argument))
            return Below(argument, "**/*.sql", $"The folder '{argument}' has no *.sql file below it.");
        if (argument.Contains('*', StringComparison.Ordinal))
        {
            var (folder, pattern) = Split(argument);
            return Below(folder, pattern, $"No file matches '{argument}'.");
        }

        throw new CommandException(ConnectionText.Guard(argument, $"There is no file or folder '{argument}'."));
    }

    /// <summary>The folder before the first wildcard, and the rest.</summary>
    private static (string Folder, string Pattern) Split(string argument)
    {
        var parts = argument.Replace('\\', '/').Split('/');
        var plain = Array.FindIndex(parts, static p => p.Contains('*', StringComparison.Ordinal));
        var folder = string.Join('/', parts[..plain]);
        return (plain == 0 ? "" : folder.Length == 0 ? "/" : folder, string.Join('/', parts[plain..]));
    }

    private static List<string> Below(string folder, string pattern, string none)
    {
        var matcher = new Matcher(OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        matcher.AddInclude(pattern);
        try
        {
            var files = matcher.GetResultsInFullPath(folder.Length == 0 ? "." : folder)
                .Select(file => Path.Combine(folder, Path.GetRelativePath(folder.Length == 0 ? "." : folder, file)))
                .Order(StringComparer.Ordinal)
                .ToList();
            return files.Count > 0 ? files : throw new CommandException(ConnectionText.Guard(none, none));
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new CommandException($"The folder '{folder}' can't be read: {e.Message}", e);
        }
    }

    public static byte[] Content(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (IsFileProblem(e))
        {
            throw new CommandException(ConnectionText.Guard(file, $"The file '{file}' can't be read: {e.Message}"), e);
        }
    }

    private static byte[] All(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    public static bool IsFileProblem(Exception e) => e is IOException or UnauthorizedAccessException or SecurityException or NotSupportedException;
}
