using System.Text;
using CompileTimeRouting.Roslyn.Models;

namespace CompileTimeRouting.Generator.Emission;

/// <summary>Writes a shim: open a connection, or a context on one, by the method's route, call the core with it, give it back.</summary>
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
        var isStream = method.Return.Kind == ReturnKind.AsyncEnumerable;
        var token = Token(method);
        OpenLoop(writer, method, names);
        writer.Line($"var {names.Lease} = await {method.Source}.{Opener(method)}Async({route}{Attempts(method, names)}{(token is not null ? ", " + token : method.Retries ? ", default" : "")}).ConfigureAwait(false);");
        writer.Open("try");
        if (method.Statement is not null)
            StatementEmitter.Emit(writer, method, names, route);
        else if (!isStream)
            EmitResult(writer, method, $"await {Call(method, names)}.ConfigureAwait(false)", $"await {names.Lease}.CommitAsync({token}).ConfigureAwait(false);", names);
        else if (method.Retries)
            EmitRepeatable(
                writer, method, names, route, $"global::System.Collections.Generic.IAsyncEnumerator<{method.Return.Result}>", names.Items,
                $"{Call(method, names)}.GetAsyncEnumerator({token})", $"await {names.Items}.MoveNextAsync().ConfigureAwait(false)",
                static () => { }, () => writer.Line($"yield return {names.Items}.Current;"));
        else
            EmitEnumeration(writer, Call(method, names), token, names);
        writer.Close();
        if (!isStream)
            CatchFailure(writer, method, names, route, "");
        writer.Open("finally");
        writer.Line($"await {names.Lease}.DisposeAsync().ConfigureAwait(false);");
        writer.Close();
        CloseLoop(writer, method);
    }

    private static void EmitBlocking(CodeWriter writer, RoutedMethod method, string route, GeneratedNames names)
    {
        OpenLoop(writer, method, names);
        writer.Line($"var {names.Lease} = {method.Source}.{Opener(method)}({route}{Attempts(method, names)});");
        writer.Open("try");
        if (method.Statement is not null)
            StatementEmitter.Emit(writer, method, names, route);
        else
            EmitResult(writer, method, Call(method, names), $"{names.Lease}.Commit();", names);
        writer.Close();
        CatchFailure(writer, method, names, route, "");
        writer.Open("finally");
        writer.Line($"{names.Lease}.Dispose();");
        writer.Close();
        CloseLoop(writer, method);
    }

    private static void OpenLoop(CodeWriter writer, RoutedMethod method, GeneratedNames names)
    {
        if (!method.Retries)
            return;
        writer.Line($"global::CompileTimeRouting.CallAttempts {names.Attempts} = null;");
        writer.Open("while (true)");
    }

    private static void CloseLoop(CodeWriter writer, RoutedMethod method)
    {
        if (method.Retries)
            writer.Close();
    }

    /// <summary>Writes what asks for another attempt: a filter, so that a call without failure and a failure without another attempt cost nothing.</summary>
    /// <param name="writer">Takes the code.</param>
    /// <param name="method">The method.</param>
    /// <param name="names">The names of its file.</param>
    /// <param name="route">Its route.</param>
    /// <param name="next">What begins the next attempt.</param>
    public static void CatchFailure(CodeWriter writer, RoutedMethod method, GeneratedNames names, string route, string next)
    {
        if (!method.Retries)
            return;
        var token = Token(method);
        writer.Open(
            $"catch (global::System.Exception {names.Failure}) when ({method.Source}.ShouldRetry({route}, in {names.Lease}, {names.Failure}, ref {names.Attempts}{(token is null ? "" : ", " + token)}))");
        if (next.Length > 0)
            writer.Line(next);
        writer.Close();
    }

    // The commit gets the caller's token as the core did: cancelled before it was sent, the whole command is rolled back.
    private static void EmitResult(CodeWriter writer, RoutedMethod method, string call, string commit, GeneratedNames names)
    {
        var returns = method.Return.Result is not null;
        if (!method.Route.Transaction)
        {
            writer.Line($"{(returns ? "return " : "")}{call};");
        }
        else
        {
            writer.Line($"{(returns ? $"var {names.Result} = " : "")}{call};");
            writer.Line(commit);
            if (returns)
                writer.Line($"return {names.Result};");
        }

        if (!returns && method.Retries)
            writer.Line("return;");
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

    /// <summary>
    /// Writes a stream's items by hand: only the way to the first one can be gone again, and C# has no yield in a try with a
    /// catch.
    /// </summary>
    /// <param name="writer">Takes the code.</param>
    /// <param name="method">The method.</param>
    /// <param name="names">The names of its file.</param>
    /// <param name="route">Its route.</param>
    /// <param name="type">The type of what gives the items.</param>
    /// <param name="items">The variable that holds it.</param>
    /// <param name="open">What opens it.</param>
    /// <param name="next">What goes to the next item, and says whether there is one.</param>
    /// <param name="prepare">Writes what is done once it stands at the first one.</param>
    /// <param name="emit">Writes what yields the item at hand.</param>
    public static void EmitRepeatable(
        CodeWriter writer, RoutedMethod method, GeneratedNames names, string route, string type, string items, string open, string next, Action prepare, Action emit)
    {
        writer.Line($"{type} {items} = null;");
        writer.Open("try");
        writer.Line($"bool {names.More};");
        writer.Open("try");
        writer.Line($"{items} = {open};");
        writer.Line($"{names.More} = {next};");
        writer.Close();
        CatchFailure(writer, method, names, route, "continue;");
        prepare();
        writer.Open($"while ({names.More})");
        emit();
        writer.Line($"{names.More} = {next};");
        writer.Close();
        writer.Line("yield break;");
        writer.Close();
        writer.Open("finally");
        writer.Open($"if ({items} is not null)");
        writer.Line($"await {items}.DisposeAsync().ConfigureAwait(false);");
        writer.Close();
        writer.Close();
    }

    /// <summary>The parameter that takes the caller's token; null for none.</summary>
    public static string? Token(RoutedMethod method) => method.Parameters.FirstOrDefault(static p => p.IsCancellationToken)?.Name;

    private static string Attempts(RoutedMethod method, GeneratedNames names) => method.Retries ? ", " + names.Attempts : "";

    private static string Opener(RoutedMethod method) =>
        method.Route.IsRead ? "OpenRead" : method.Route.Transaction ? "BeginCommand" : "OpenWrite";

    private static string Call(RoutedMethod method, GeneratedNames names)
    {
        var core = method.Core!;
        var opened = $"{(core.Cast is { } type ? $"({type})" : "")}{names.Lease}.{core.Opened}";
        return $"{core.Target}({string.Join(", ", core.Arguments.Prepend(opened))})";
    }
}
