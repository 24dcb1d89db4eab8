using System.Text.RegularExpressions;

namespace CompileTimeRouting.Sql.Benchmarks;

/// <summary>
/// What routers commonly do: a text that begins as a read does and holds no word of a list, wherever it stands, goes to a
/// replica. Fast, and wrong both ways.
/// </summary>
internal static partial class WordList
{
    public static bool IsRead(string sql) => LeadingRead().IsMatch(sql) && !WriteWords().IsMatch(sql);

    [GeneratedRegex(@"\A(?:\s+|--[^\n]*(?:\n|\z)|/\*.*?\*/|[(;])*(?:select|with|show|table|values|explain)(?![a-z])",
        RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex LeadingRead();

    [GeneratedRegex(@"\b(?:insert|update|delete|merge|truncate|into|nextval|setval|lock|call|pg_advisory\w*|pg_notify|lo_\w+|txid_current"
        + @"|for\s+(?:no\s+key\s+update|update|key\s+share|share)|explain\s+analyze)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WriteWords();
}
