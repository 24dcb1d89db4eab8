using System.Globalization;
using System.Text;

namespace CompileTimeRouting.Sql;

/// <summary>
/// The parameters of a text, as Npgsql's SqlQueryParser finds them: a name is the same in any case, and a name that is
/// as well plain SQL (<c>a[:x]</c>, <c>a &lt;@b</c>, <c>@1</c>, <c>@t.x</c>) is a parameter only when the command has one so called.
/// </summary>
internal sealed class SqlParameters
{
    /// <summary>The protocol counts parameters in two bytes.</summary>
    private const int MaxOrdinal = 65535;

    private readonly string _sql;
    private readonly Dictionary<string, int> _ordinals;

    private SqlParameters(
        string sql, List<SqlParameter> all, List<string> names, Dictionary<string, int> ordinals, int count, SqlParameterError error)
    {
        _sql = sql;
        _ordinals = ordinals;
        All = all;
        Names = names;
        Count = count;
        Error = error;
    }

    /// <summary>Every occurrence, in order.</summary>
    public IReadOnlyList<SqlParameter> All { get; }

    /// <summary>The distinct names in order of first occurrence, each as first written: <c>$n</c> of the rewritten text is item n - 1.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>How many values must be bound: the distinct names, or the highest ordinal.</summary>
    public int Count { get; }

    public SqlParameterError Error { get; }

    /// <param name="sql">The SQL; one statement if it is to be rewritten, for positional commands aren't split.</param>
    /// <param name="isParameter">
    /// Whether there is a parameter of this name; asked about ambiguous ones only. Without it they are plain SQL.
    /// </param>
    public static SqlParameters Find(string sql, Func<string, bool>? isParameter = null)
    {
        var all = new List<SqlParameter>();
        var names = new List<string>();
        var ordinals = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var used = new HashSet<int>();
        var highest = 0;
        var error = SqlParameterError.None;
        foreach (var token in new SqlLexer(sql))
        {
            if (token.Kind == SqlTokenKind.PositionalParameter)
            {
                var ordinal = Ordinal(sql, token);
                all.Add(new SqlParameter(ordinal, token.Start, token.Length));
                used.Add(ordinal);
                highest = Math.Max(highest, ordinal);
                if (ordinal <= 0)
                    error = SqlParameterError.OrdinalOutOfRange;
            }
            else if (token.Kind == SqlTokenKind.NamedParameter)
            {
                var name = sql.Substring(token.Start + 1, token.Length - 1);
                if (token.IsAmbiguous && isParameter?.Invoke(name) != true)
                    continue;
                all.Add(new SqlParameter(name, token.Start, token.Length));
                if (!ordinals.ContainsKey(name))
                {
                    names.Add(name);
                    ordinals.Add(name, names.Count);
                }
            }
        }

        if (names.Count > 0 && used.Count > 0)
            error = SqlParameterError.Mixed;
        else if (error == SqlParameterError.None && used.Count < highest)
            error = SqlParameterError.OrdinalGap;
        return new SqlParameters(sql, all, names, ordinals, names.Count + highest, error);
    }

    /// <summary>The text with <c>$n</c> for every name; unchanged when there is none or <see cref="Error"/> is set.</summary>
    public string Rewrite()
    {
        if (Names.Count == 0 || Error != SqlParameterError.None)
            return _sql;

        var rewritten = new StringBuilder(_sql.Length);
        var end = 0;
        foreach (var parameter in All)
        {
            rewritten.Append(_sql, end, parameter.Start - end);
            // limit@n would become limit$1, which is an identifier.
            if (parameter.Start > 0 && SqlCharacters.IsIdentifierPart(_sql[parameter.Start - 1]))
                rewritten.Append(' ');
            rewritten.Append('$').Append(_ordinals[parameter.Name!].ToString(CultureInfo.InvariantCulture));
            end = parameter.End;
            if (end < _sql.Length && SqlCharacters.IsIdentifierPart(_sql[end]))
                rewritten.Append(' ');
        }

        return rewritten.Append(_sql, end, _sql.Length - end).ToString();
    }

    private static int Ordinal(string sql, in SqlToken token)
    {
        var value = 0;
        for (var i = token.Start + 1; i < token.End; i++)
        {
            value = (value * 10) + (sql[i] - '0');
            if (value > MaxOrdinal)
                return -1;
        }

        return value;
    }
}
