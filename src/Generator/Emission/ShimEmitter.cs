using System.Text;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes a shim: open a connection by the method's route, call the core with it, give it back.</summary>
internal static class ShimEmitter
{
    public static void Emit(CodeWriter writer, RoutedMethod method, GeneratedNames names, string route)
    {
        writer.Open(Signature(method));
        if (method.Return.IsAsync)
            EmitAsync(writer, method, route, names);
        else
            EmitBlocking(writer, method, route, names);
        writer.Close();
    }

    /// <summary>The signature with its modifiers and constraints.</summary>
    public static string Signature(RoutedMethod method)
    {
        var text = new StringBuilder(method.Modifiers);
        if (method.Return.IsAsync)
            text.Append("async ");
        if (method.Form != RoutedForm.Overload)
            text.Append("partial ");
        text.Append(method.Return.Type).Append(' ').Append(method.Name).Append(method.TypeParameters).Append('(');
        for (var i = 0; i < method.Parameters.Count; i++)
        {
            var parameter = method.Parameters[i];
            text.Append(i == 0 ? "" : ", ").Append(parameter.Prefix).Append(parameter.Type).Append(' ').Append(parameter.Name).Append(parameter.Default);
        }

        return text.Append(')').Append(method.Constraints).ToString();
    }

    // try/finally and not await using: with ConfigureAwait that would box the lease.
    private static void EmitAsync(CodeWriter writer, RoutedMethod method, string route, GeneratedNames names)
    {
        var token = method.Parameters.FirstOrDefault(static p => p.IsCancellationToken)?.Name;
        writer.Line($"var {names.Lease} = await {method.Source}.{Opener(method)}Async({route}{(token is null ? "" : ", " + token)}).ConfigureAwait(false);");
        writer.Open("try");
        if (method.Statement is not null)
            StatementEmitter.Emit(writer, method, names, route);
        else if (method.Return.Kind == ReturnKind.AsyncEnumerable)
            EmitEnumeration(writer, Call(method, names), token, names);
        else
            EmitResult(writer, method, $"await {Call(method, names)}.ConfigureAwait(false)", $"await {names.Lease}.CommitAsync({token}).ConfigureAwait(false);", names);
        writer.Close();
        writer.Open("finally");
        writer.Line($"await {names.Lease}.DisposeAsync().ConfigureAwait(false);");
        writer.Close();
    }

    private static void EmitBlocking(CodeWriter writer, RoutedMethod method, string route, GeneratedNames names)
    {
        writer.Line($"var {names.Lease} = {method.Source}.{Opener(method)}({route});");
        writer.Open("try");
        if (method.Statement is not null)
            StatementEmitter.Emit(writer, method, names, route);
        else
            EmitResult(writer, method, Call(method, names), $"{names.Lease}.Commit();", names);
        writer.Close();
        writer.Open("finally");
        writer.Line($"{names.Lease}.Dispose();");
        writer.Close();
    }

    // The commit gets the caller's token as the core did: cancelled before it was sent, the whole command is rolled back.
    private static void EmitResult(CodeWriter writer, RoutedMethod method, string call, string commit, GeneratedNames names)
    {
        var returns = method.Return.Result is not null;
        if (!method.Route.Transaction)
        {
            writer.Line($"{(returns ? "return " : "")}{call};");
            return;
        }

        writer.Line($"{(returns ? $"var {names.Result} = " : "")}{call};");
        writer.Line(commit);
        if (returns)
            writer.Line($"return {names.Result};");
    }

    // The lease lives as long as the enumeration, whether it ends, is left or throws.
    private static void EmitEnumeration(CodeWriter writer, string call, string? token, GeneratedNames names)
    {
        const string Extensions = "global::System.Threading.Tasks.TaskAsyncEnumerableExtensions";
        var items = token is null
            ? $"{Extensions}.ConfigureAwait({call}, false)"
            : $"{Extensions}.WithCancellation({call}, {token}).ConfigureAwait(false)";
        writer.Open($"await foreach (var {names.Item} in {items})");
        writer.Line($"yield return {names.Item};");
        writer.Close();
    }

    private static string Opener(RoutedMethod method) =>
        method.Route.IsRead ? "OpenRead" : method.Route.Transaction ? "BeginCommand" : "OpenWrite";

    private static string Call(RoutedMethod method, GeneratedNames names)
    {
        var core = method.Core!;
        var connection = (core.TakesDbConnection ? "(global::System.Data.Common.DbConnection)" : "") + names.Lease + ".Connection";
        return $"{core.Target}({string.Join(", ", core.Arguments.Prepend(connection))})";
    }
}
