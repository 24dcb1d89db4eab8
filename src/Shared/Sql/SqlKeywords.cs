using System.Text;

namespace CompileTimeRouting.Sql;

/// <summary>
/// The keywords and their classes in <c>src/include/parser/kwlist.h</c> that decide what a word can be, from
/// <c>pg_get_keywords()</c>, with what PostgreSQL 16 to 18 added.
/// </summary>
internal static class SqlKeywords
{
    /// <summary>A power of two, large enough that most words that are no keyword find an empty slot at once.</summary>
    private const int SlotCount = 2048;

    private const string Reserved =
        "all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create "
        + "current_catalog current_date current_role current_time current_timestamp current_user default deferrable desc "
        + "distinct do else end except false fetch for foreign from grant group having in initially intersect into lateral "
        + "leading limit localtime localtimestamp not null offset on only or order placing primary references returning "
        + "select session_user some symmetric system_user table then to trailing true union unique user using variadic when "
        + "where window with";

    private const string TypeOrFunction =
        "authorization binary collation concurrently cross current_schema freeze full ilike inner is isnull join left like "
        + "natural notnull outer overlaps right similar tablesample verbose";

    private const string NotBareLabel =
        "array as char character create day except fetch filter for from grant group having hour intersect into isnull limit "
        + "minute month notnull offset on order over overlaps precision returning second to union varying where window with "
        + "within without year";

    /// <summary>
    /// <c>COL_NAME_KEYWORD</c>s, which the grammar itself gives a meaning to where a bracket follows, type names among
    /// them. All other words that aren't reserved may name a function.
    /// </summary>
    private const string Syntax =
        "between bigint bit boolean char character coalesce dec decimal exists extract float greatest grouping inout int integer interval "
        + "json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value "
        + "least merge_action national nchar none normalize nullif numeric out overlay position precision real row setof smallint substring "
        + "time timestamp treat trim values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi "
        + "xmlroot xmlserialize xmltable";

    /// <summary>Reserved words that are values, or that end the item of an order.</summary>
    private const string Value =
        "asc current_catalog current_date current_role current_time current_timestamp current_user desc end false localtime "
        + "localtimestamp null session_user system_user true user";

    /// <summary>Words that aren't reserved and that an operand stands behind.</summary>
    private const string BeforeOperand =
        "between by escape filter groups ilike is like operator over overlaps passing path range rows set similar values within zone";

    private static readonly string[] Texts = Spellings();

    private static readonly int MaxLength = Texts.Max(t => t.Length);

    private static readonly ushort[] Slots = Table();

    private static readonly Classes[] ClassesOf = Classify();

    [Flags]
    private enum Classes : byte
    {
        None = 0,
        Reserved = 1,
        TypeOrFunction = 2,
        NotBareLabel = 4,
        Syntax = 8,
        Value = 16,
        BeforeOperand = 32,
    }

    /// <summary>The keyword that stands there, in whatever case.</summary>
    public static SqlKeyword Find(string text, int start, int length)
    {
        if (length > MaxLength || length < 2)
            return SqlKeyword.Other;
        for (var slot = Slot(text, start, length); Slots[slot] != 0; slot = (slot + 1) & (SlotCount - 1))
        {
            var keyword = Slots[slot];
            if (IsAt(text, start, length, Texts[keyword]))
                return (SqlKeyword)keyword;
        }

        return SqlKeyword.Other;
    }

    /// <summary><c>RESERVED_KEYWORD</c>: never the name of a column, table or function.</summary>
    public static bool IsReserved(SqlKeyword keyword) => Is(keyword, Classes.Reserved);

    /// <summary><c>RESERVED_KEYWORD</c>: never the name of a column, table or function.</summary>
    public static bool IsReserved(string word) => IsReserved(Find(word));

    /// <summary>Reserved or <c>TYPE_FUNC_NAME_KEYWORD</c>: never the name of a column or table.</summary>
    public static bool IsNoColumn(SqlKeyword keyword) => Is(keyword, Classes.Reserved | Classes.TypeOrFunction);

    /// <summary><c>TYPE_FUNC_NAME_KEYWORD</c>: the name of a function or type, never of a column.</summary>
    public static bool IsTypeOrFunction(SqlKeyword keyword) => Is(keyword, Classes.TypeOrFunction);

    /// <summary><c>TYPE_FUNC_NAME_KEYWORD</c>: the name of a function or type, never of a column.</summary>
    public static bool IsTypeOrFunction(string word) => IsTypeOrFunction(Find(word));

    /// <summary><c>BARE_LABEL</c>: may name a result column without AS.</summary>
    public static bool IsBareLabel(SqlKeyword keyword) => !Is(keyword, Classes.NotBareLabel);

    /// <summary><c>BARE_LABEL</c>: may name a result column without AS.</summary>
    public static bool IsBareLabel(string word) => IsBareLabel(Find(word));

    /// <summary>Whether the word is an operand or the end of one, unless it is a name: then all are.</summary>
    public static bool EndsOperand(SqlKeyword keyword) => Is(keyword, Classes.Value) || !Is(keyword, Classes.Reserved | Classes.BeforeOperand);

    /// <summary>Reserved or <c>COL_NAME_KEYWORD</c>: with a bracket behind it, no function wherever it stands.</summary>
    public static bool IsSyntax(SqlKeyword keyword) => Is(keyword, Classes.Reserved | Classes.Syntax);

    /// <summary>Whether the grammar calls a function of this name without brackets (<c>current_date</c>).</summary>
    public static bool IsValueFunction(SqlKeyword keyword)
        => keyword is SqlKeyword.CurrentDate or SqlKeyword.CurrentTime or SqlKeyword.CurrentTimestamp or SqlKeyword.Localtime
            or SqlKeyword.Localtimestamp or SqlKeyword.CurrentUser or SqlKeyword.SessionUser or SqlKeyword.CurrentRole
            or SqlKeyword.CurrentCatalog or SqlKeyword.CurrentSchema or SqlKeyword.SystemUser or SqlKeyword.User;

    /// <summary>
    /// Whether a token is this word, given in lower case. Quoted, no word is a keyword. Folds ASCII only: to .NET's
    /// ordinal comparison a long s is an s, to the server it isn't.
    /// </summary>
    public static bool Is(string text, in SqlToken token, string word)
        => token.Kind == SqlTokenKind.Identifier && IsAt(text, token.Start, token.Length, word);

    private static bool Is(SqlKeyword keyword, Classes classes) => (ClassesOf[(int)keyword] & classes) != 0;

    /// <summary>Of a word as the server folds it.</summary>
    private static SqlKeyword Find(string word)
    {
        var keyword = Find(word, 0, word.Length);
        return string.Equals(Texts[(int)keyword], word, StringComparison.Ordinal) ? keyword : SqlKeyword.Other;
    }

    private static bool IsAt(string text, int start, int length, string word)
    {
        if (length != word.Length)
            return false;
        for (var i = 0; i < word.Length; i++)
        {
            // Blind to case: 0x20 is what the two cases of a letter differ in, and no other character of an identifier.
            if ((text[start + i] ^ word[i]) is not (0 or 0x20))
                return false;
        }

        return true;
    }

    /// <summary>Where the search begins. Blind to case, as is 0x20 in a letter.</summary>
    private static int Slot(string text, int start, int length)
    {
        var first = text[start] | 0x20;
        var middle = text[start + (length / 2)] | 0x20;
        var last = text[start + length - 1] | 0x20;
        return ((length * 29) + (first * 51) + (last * 191) + (middle * 165)) & (SlotCount - 1);
    }

    private static string[] Spellings()
    {
        var texts = new string[(int)SqlKeyword.Zone + 1];
        for (var i = 1; i < texts.Length; i++)
        {
            var text = new StringBuilder();
            foreach (var c in ((SqlKeyword)i).ToString())
            {
                if (c is >= 'A' and <= 'Z' && text.Length > 0)
                    text.Append('_');
                text.Append(SqlCharacters.ToLower(c));
            }

            texts[i] = text.ToString();
        }

        // No word is spelled so.
        texts[0] = "";
        return texts;
    }

    private static ushort[] Table()
    {
        var slots = new ushort[SlotCount];
        for (var i = 1; i < Texts.Length; i++)
        {
            var slot = Slot(Texts[i], 0, Texts[i].Length);
            while (slots[slot] != 0)
                slot = (slot + 1) & (SlotCount - 1);
            slots[slot] = (ushort)i;
        }

        return slots;
    }

    private static Classes[] Classify()
    {
        var classes = new Classes[Texts.Length];
        foreach (var (words, @class) in new[]
        {
            (Reserved, Classes.Reserved),
            (TypeOrFunction, Classes.TypeOrFunction),
            (NotBareLabel, Classes.NotBareLabel),
            (Syntax, Classes.Syntax),
            (Value, Classes.Value),
            (BeforeOperand, Classes.BeforeOperand),
        })
        {
            foreach (var word in words.Split(' '))
                classes[(int)Find(word)] |= @class;
        }

        // A list's word that is missing above would have marked all others.
        if (classes[0] != Classes.None)
            throw new InvalidOperationException("A class names a word that is no keyword.");
        return classes;
    }
}
