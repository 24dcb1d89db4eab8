using System.Globalization;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>The names in one type's file. They share a prefix that no member of the type and no name in a shim starts with.</summary>
internal sealed class GeneratedNames
{
    private readonly string _prefix;
    private readonly string[] _routes;

    public GeneratedNames(RoutedType type)
    {
        _prefix = type.Type.MemberPrefix;
        while (type.Methods.Any(IsTaken))
            _prefix += "_";
        _routes = NameRoutes(type);
    }

    public string Lease => _prefix + "lease";

    public string Result => _prefix + "result";

    public string Item => _prefix + "item";

    public string Items => _prefix + "items";

    public string More => _prefix + "more";

    public string Attempts => _prefix + "attempts";

    public string Failure => _prefix + "failure";

    public string Command => _prefix + "command";

    public string Reader => _prefix + "reader";

    public string Row => _prefix + "row";

    public string Rows => _prefix + "rows";

    public string Index => _prefix + "index";

    /// <summary>A local variable of the shim, by a name that isn't one of those above.</summary>
    public string Local(string name) => _prefix + name;

    /// <summary>The static field that holds the route of a method, by the method's place.</summary>
    public string Route(int method) => _routes[method];

    private string[] NameRoutes(RoutedType type)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var names = new string[type.Methods.Count];
        for (var i = 0; i < names.Length; i++)
        {
            var name = $"{_prefix}Route_{type.Methods[i].Name.TrimStart('@')}";
            names[i] = name;
            for (var number = 2; !taken.Add(names[i]); number++)
                names[i] = name + "_" + number.ToString(CultureInfo.InvariantCulture);
        }

        return names;
    }

    private bool IsTaken(RoutedMethod method) =>
        StartsWithPrefix(method.Name) || StartsWithPrefix(method.Source) || method.TypeParameters.Contains(_prefix) ||
        method.Parameters.Any(p => StartsWithPrefix(p.Name));

    private bool StartsWithPrefix(string name) => name.StartsWith(_prefix, StringComparison.Ordinal);
}
