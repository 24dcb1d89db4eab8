using System.Text;

namespace CompileTimeRouting.Roslyn.Statements;

/// <summary>Type names for messages.</summary>
internal static class TypeNames
{
    /// <summary>A fully qualified name without its namespaces: <c>List&lt;Note&gt;</c>.</summary>
    public static string Short(string qualified)
    {
        var name = new StringBuilder(qualified.Length);
        var start = 0;
        for (var i = 0; i <= qualified.Length; i++)
        {
            if (i < qualified.Length && (char.IsLetterOrDigit(qualified[i]) || qualified[i] is '_' or '@'))
                continue;
            if (i < qualified.Length && qualified[i] is '.' or ':')
            {
                start = i + 1;
                continue;
            }

            name.Append(qualified, start, Math.Min(i + 1, qualified.Length) - start);
            start = i + 1;
        }

        return name.ToString();
    }
}
