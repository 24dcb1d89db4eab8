using CompileTimeRouting.Sql;

namespace CompileTimeRouting.Tool.Catalog;

/// <summary>What the texts in the system catalogs do: bodies of functions, definitions of views, actions of rules.</summary>
internal static class CatalogBodies
{
    /// <summary>Null for an aggregate, which has no body but functions.</summary>
    public static SqlBodyEffects? OfFunction(FunctionRow row, bool standardConformingStrings)
    {
        if (row.Kind == SqlCatalogFunctionKind.Aggregate)
            return null;
        // What CREATE TYPE … AS RANGE makes.
        if (row is { Language: "internal", Source: "range_constructor2" or "range_constructor3" or "multirange_constructor0" or "multirange_constructor1" or "multirange_constructor2" })
            return SqlBodyEffects.Analyze("sql", "", standardConformingStrings);
        return row.SqlBody is { } body
            ? SqlBodyEffects.Analyze("sql", Unwrap(body), standardConformingStrings)
            : SqlBodyEffects.Analyze(row.Language, row.Source, standardConformingStrings);
    }

    /// <summary>A view's query, and the expressions of policies and virtual columns.</summary>
    public static SqlBodyEffects OfRelation(string? query, IReadOnlyList<string> expressions, bool standardConformingStrings)
        => SqlBodyEffects.Analyze("sql", (query ?? "") + string.Concat(expressions.Select(static e => ";select " + e)), standardConformingStrings);

    /// <summary>What stands behind DO [ALSO | INSTEAD] in <c>CREATE RULE</c>; null for NOTHING.</summary>
    public static SqlBodyEffects? OfRule(string definition, bool standardConformingStrings)
    {
        var tokens = new SqlTokens(definition, new SqlStatement(0, definition.Length, isWellFormed: true), standardConformingStrings);
        for (var i = 0; i < tokens.Count; i++)
        {
            if (tokens.Closing(i) > i)
                i = tokens.Closing(i);
            if (!Is("do", i))
                continue;
            i++;
            if (Is("instead", i) || Is("also", i))
                i++;
            if (Is("nothing", i))
                return null;
            // Several actions stand in brackets.
            var end = i < tokens.Count && tokens[i].Kind == SqlTokenKind.OpenParen ? tokens.Closing(i) : -1;
            var start = end > i ? tokens[i].End : i < tokens.Count ? tokens[i].Start : definition.Length;
            var action = end > i ? definition[start..tokens[end].Start] : definition[start..];
            return SqlBodyEffects.Analyze("sql", action, standardConformingStrings);
        }

        return SqlBodyEffects.Analyze("sql", definition, standardConformingStrings);

        bool Is(string word, int index) => index < tokens.Count && SqlKeywords.Is(definition, tokens[index], word);
    }

    /// <summary>With an empty search path the server qualifies all names but its own.</summary>
    public static bool IsOfUser(SqlObjectName name) => name.Schema is not (null or "pg_catalog" or "information_schema");

    public static IReadOnlyList<SqlObjectName> Sorted(IEnumerable<SqlObjectName>? names)
        => names is null ? [] : [.. names.OrderBy(static n => n.ToString(), StringComparer.Ordinal)];

    /// <summary>The schemas of <c>SET search_path</c> on a function, without <c>"$user"</c> and the temporary one.</summary>
    public static IReadOnlyList<string> SearchPath(IReadOnlyList<string> settings)
    {
        const string Setting = "search_path=";
        var path = new List<string>();
        foreach (var setting in settings.Where(static s => s.StartsWith(Setting, StringComparison.Ordinal)))
        {
            foreach (var token in new SqlLexer(setting[Setting.Length..]))
            {
                if (SqlIdentifier.IsIdentifier(token.Kind))
                    path.Add(SqlIdentifier.Name(setting[Setting.Length..], token));
            }
        }

        path.RemoveAll(static s => s is "$user" or "pg_temp" or "pg_catalog" or "");
        return path;
    }

    /// <summary><c>RETURN expression</c> and <c>BEGIN ATOMIC … END</c> as statements.</summary>
    private static string Unwrap(string body)
    {
        var tokens = new SqlTokens(body, new SqlStatement(0, body.Length, isWellFormed: true));
        if (tokens.Count > 1 && SqlKeywords.Is(body, tokens[0], "return"))
            return "select " + body[tokens[0].End..];
        return tokens.Count > 2 && SqlKeywords.Is(body, tokens[1], "atomic") ? body[tokens[1].End..tokens[tokens.Count - 1].Start] : body;
    }
}
