using System.Reflection;
using CompileTimeRouting.Roslyn;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator.Tests;

/// <summary>
/// A Roslyn object in a model would keep a whole compilation alive and never equal the next one's; a plain collection would
/// never equal its copy. Either makes every edit render everything again.
/// </summary>
public class ModelShapeTests
{
    [Fact]
    public void Pipeline_models_are_values() => Assert.Empty(Offences(typeof(RoutedType)).Concat(Offences(typeof(PublishedFile))));

    [Fact]
    public void Offences_are_found() => Assert.Equal(
        ["Bad.Symbol", "Bad.List", "Bad.Array", "Bad.Mutable"],
        Offences(typeof(Bad)).Select(static o => o[..o.IndexOf(':', StringComparison.Ordinal)]));

    [Fact]
    public void Equal_content_is_equal()
    {
        EquatableArray<string> a = new[] { "x", "y" }, b = new[] { "x", "y" }, c = new[] { "y", "x" };
        Assert.Equal(a, b);
        Assert.Equal(a.GetHashCode(), b.GetHashCode());
        Assert.NotEqual(a, c);
        Assert.Equal(default, EquatableArray<string>.Empty);
        Assert.Equal(default(EquatableArray<string>).GetHashCode(), EquatableArray<string>.Empty.GetHashCode());
    }

    private static List<string> Offences(Type root)
    {
        var offences = new List<string>();
        var seen = new HashSet<Type>();
        Visit(root);
        return offences;

        void Visit(Type type)
        {
            if (type.Assembly != typeof(RoutedMethod).Assembly && type != typeof(Bad))
                return;
            if (!seen.Add(type))
                return;
            foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
            {
                var name = field.Name.StartsWith('<') ? field.Name[1..field.Name.IndexOf('>', StringComparison.Ordinal)] : field.Name;
                var inner = Nullable.GetUnderlyingType(field.FieldType) ?? field.FieldType;
                if (!field.IsInitOnly && Nullable.GetUnderlyingType(type) is null)
                    offences.Add($"{type.Name}.{name}: can change");
                else if (inner.IsGenericType && inner.GetGenericTypeDefinition() == typeof(EquatableArray<>))
                    Visit(inner.GetGenericArguments()[0]);
                else if (!IsValue(inner))
                    offences.Add($"{type.Name}.{name}: {inner}");
                else if (!inner.IsEnum)
                    Visit(inner);
            }
        }
    }

    private static bool IsValue(Type type) =>
        type.IsPrimitive || type.IsEnum || type == typeof(string) ||
        (type.Assembly == typeof(RoutedMethod).Assembly && type.IsAssignableTo(typeof(IEquatable<>).MakeGenericType(type)));

    private sealed record Bad(Microsoft.CodeAnalysis.ISymbol Symbol, List<int> List, int[] Array, EquatableArray<string> Fine)
    {
        public int Mutable { get; set; }
    }
}
