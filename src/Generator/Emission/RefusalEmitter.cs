using CompileTimeRouting.Roslyn.Models;
using Microsoft.CodeAnalysis.CSharp;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes the half that throws. Whoever meets the exception has lowered the severity of a rule.</summary>
internal static class RefusalEmitter
{
    public static void Emit(CodeWriter writer, RoutedMethod method)
    {
        var message = $"{RouteEmitter.Name(method)}: no shim could be generated ({method.RefusedBy}). The diagnostic of that id says why.";
        var exception = $"new global::System.NotSupportedException({SymbolDisplay.FormatLiteral(message, quote: true)})";
        if (!method.Return.IsAsync && method.Unread.Count == 0)
        {
            writer.Line($"{ShimEmitter.Signature(method)} => throw {exception};");
            return;
        }

        writer.Open(ShimEmitter.Signature(method));
        foreach (var source in method.Unread)
            writer.Line($"global::System.GC.KeepAlive({source});");
        if (method.Return.IsAsync)
        {
            // An async iterator must await and yield; unreachable code would be a warning.
            writer.Line($"await global::System.Threading.Tasks.Task.FromException({exception}).ConfigureAwait(false);");
            writer.Line("yield break;");
        }
        else
        {
            writer.Line($"throw {exception};");
        }

        writer.Close();
    }

    /// <summary>Whether the half needs an unsafe context around it, as its declaration has: only pointer types have a star in their names.</summary>
    public static bool NeedsUnsafeType(RoutedMethod method) =>
        method.RefusedBy is not null && method.Modifiers.IndexOf("unsafe ", StringComparison.Ordinal) < 0 && ShimEmitter.Signature(method).Contains('*');
}
