using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator;

/// <summary>The routed methods of one type, which share a file.</summary>
/// <param name="HintName">The name of the file, unique in the compilation.</param>
/// <param name="Type">The type.</param>
/// <param name="Methods">Its routed methods, in an order that doesn't depend on where they stand.</param>
internal sealed record RoutedType(string HintName, ContainingType Type, EquatableArray<RoutedMethod> Methods)
{
    public static IEnumerable<RoutedType> Group(ImmutableArray<RoutedMethod> reads, ImmutableArray<RoutedMethod> writes)
    {
        // Roslyn compares hint names without regard to case.
        var hintNames = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var group in reads.Concat(writes).Distinct().GroupBy(static m => m.Type).OrderBy(static g => g.Key.MetadataName, StringComparer.Ordinal))
        {
            var methods = group.OrderBy(static m => m.Name, StringComparer.Ordinal).ThenBy(SignatureOf, StringComparer.Ordinal);
            yield return new RoutedType(HintNameOf(group.Key, hintNames), group.Key, methods.ToArray());
        }
    }

    private static string SignatureOf(RoutedMethod method) =>
        method.TypeParameters + string.Join(",", method.Parameters.Select(static p => p.Prefix + p.Type));

    private static string HintNameOf(ContainingType type, HashSet<string> taken)
    {
        var name = new StringBuilder(type.MetadataName.Length);
        foreach (var character in type.MetadataName)
            name.Append(char.IsLetterOrDigit(character) || character == '.' ? character : '_');
        var candidate = name.ToString();
        for (var number = 2; !taken.Add(candidate); number++)
            candidate = name.ToString() + "-" + number.ToString(CultureInfo.InvariantCulture);
        return candidate + GeneratedMembers.FileSuffix;
    }
}
