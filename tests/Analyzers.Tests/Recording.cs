using System.Reflection;

namespace CompileTimeRouting.Analyzers.Tests;

/// <summary>
/// Learns the source that a test hands to the analyzers without analyzing it: the test ends where it asks for its code.
/// So other tests can be made of it, however it is put together.
/// </summary>
internal static class Recording
{
    private static readonly AsyncLocal<Recorder?> Current = new();

    /// <summary>The first source of each test of a class; of a theory that of each row, with its number.</summary>
    public static IEnumerable<(string Test, string Row, TestCode Code)> SourcesOf(Type tests) =>
        from test in tests.GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where test.IsDefined(typeof(FactAttribute), inherit: true)
        from row in Rows(test)
        let code = SourceOf(test, row.Arguments)
        where code is not null
        select (test.Name, row.Number, code);

    /// <summary>Ends the test if it is only recorded.</summary>
    public static TestCode Offer(TestCode code)
    {
        if (Current.Value is not { } recorder)
            return code;
        recorder.Code ??= code;
        throw new IsRecordedException();
    }

    private static TestCode? SourceOf(MethodInfo test, object?[] arguments)
    {
        var recorder = new Recorder();
        Current.Value = recorder;
        try
        {
            // What it throws in its task is as well as done with.
            test.Invoke(Activator.CreateInstance(test.DeclaringType!), BindingFlags.DoNotWrapExceptions, null, arguments, null);
        }
        catch (IsRecordedException)
        {
        }
        finally
        {
            Current.Value = null;
        }

        return recorder.Code;
    }

    private static IEnumerable<(string Number, object?[] Arguments)> Rows(MethodInfo test)
    {
        if (!test.IsDefined(typeof(TheoryAttribute), inherit: true))
            return [("", [])];
        var parameters = test.GetParameters();
        return test.GetCustomAttributes<InlineDataAttribute>()
            .Select((row, i) => ($", {i}", (object?[])[.. parameters.Select((p, at) => at < row.Data.Length ? row.Data[at] : p.DefaultValue)]));
    }

    private sealed class Recorder
    {
        public TestCode? Code { get; set; }
    }

    private sealed class IsRecordedException : Exception;
}
