namespace CompileTimeRouting.Sql;

/// <summary>
/// The keyword classes of <c>src/include/parser/kwlist.h</c> that decide what a word can be, from
/// <c>pg_get_keywords()</c>, with what PostgreSQL 16 to 18 added.
/// </summary>
internal static class SqlKeywords
{
    private static readonly HashSet<string> Reserved = Words(
        "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create "
        + "current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc "
        + "distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral "
        + "leading limit localtime localtimestamp not null offset on only or order placing primary references returning "
        + "select session_user some symmetric system_user table then to trailing true union unique user using variadic when "
        + "where window with");

    private static readonly HashSet<string> TypeOrFunction = Words(
        "authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like "
        + "natural notnull outer overlaps right similar tablesample verbose");

    private static readonly HashSet<string> NotBareLabel = Words(
        "array as char character create day except fetch filter for from grant group having hour intersect into isnull limit "
        + "minute month notnull offset on order over overlaps precision returning second to union varying where window with "
        + "within without year");

    /// <summary><c>RESERVED_KEYWORD</c>: never the name of a column, table or function.</summary>
    public static bool IsReserved(string word) => Reserved.Contains(word);

    /// <summary><c>TYPE_FUNC_NAME_KEYWORD</c>: the name of a function or type, never of a column.</summary>
    public static bool IsTypeOrFunction(string word) => TypeOrFunction.Contains(word);

    /// <summary><c>BARE_LABEL</c>: may name a result column without AS.</summary>
    public static bool IsBareLabel(string word) => !NotBareLabel.Contains(word);

    /// <summary>
    /// Whether a token is this word, given in lower case. Quoted, no word is a keyword. Folds ASCII only: to .NET's
    /// ordinal comparison a long s is an s, to the server it isn't.
    /// </summary>
    public static bool Is(string text, in SqlToken token, string word)
    {
        if (token.Kind != SqlTokenKind.Identifier || token.Length != word.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            if (SqlCharacters.ToLower(text[token.Start + i]) != word[i])
                return false;
        }

        return true;
    }

    private static HashSet<string> Words(string list) => new(list.Split(' '), StringComparer.Ordinal);
}
