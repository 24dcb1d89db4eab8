using System.Collections.Frozen;
using System.Globalization;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>
/// Each source in which a write is found, or something unknown, has a twin: the same shape with reads in the places of its
/// writes. What is reported there was told from the shape instead of from what runs.
/// </summary>
public class ReadTwins
{
    // Where something is reported of a twin although it only reads, what, and why.
    private static readonly (string Place, string Id)[] Reported =
    [
        // The elements of a collection that others fill or take from aren't followed, and Execute returns no rows.
        ("Fill(all); foreach (var sql in all) connection.Execute(sql);", "CTR104"),
        ("while (all.TryDequeue(out var sql)) connection.Execute(sql);", "CTR104"),
        ("unit.Add(\"select * from notes\");", "CTR105"),
        // Nor is the text of a command that a field holds, or that goes by another name.
        ("Command.Connection = connection; Command.ExecuteNonQuery();", "CTR105"),
        ("var a = cmd; cmd.CommandText = \"select * from notes\"; a.ExecuteNonQuery();", "CTR104"),
        ("cmd.CommandText = \"select * from notes\"; Go(); cmd.CommandText = \"select 1\";", "CTR105"),
        // Nor are elements that are put in the place of others.
        ("static void Turn() => Array.Reverse(All);", "CTR108"),
        ("(D[\"a\"]) = \"select * from notes\";", "CTR108"),
        ("Array.Reverse(T.All);", "CTR108"),
        // A fold of more than one statement may make anything of its parts.
        ("return a + b; }));", "CTR108"),
        ("Parts.Aggregate(Join)", "CTR108"),
        // Nor of which of two collections they are.
        ("new List<string>(flag ? Writes : Reads)", "CTR104"),
        // What a builder has appended to it under another name.
        ("public Repo(StringBuilder sb) { _sb = sb; }", "CTR108"),
        ("var b = sb; b.Append(\"select 1\"); c.Query(b.ToString());", "CTR108"),
        ("var sb = Cached ?? new StringBuilder();", "CTR108"),
        ("b = a; b.Append(\"select 1\");", "CTR108"),
        ("var sb = (StringBuilder)o; sb.Append(\"select 1\");", "CTR108"),
        // What a builder had in it when it came.
        ("Ask(b => { b.Append(\"select * from notes\");", "CTR108"),
        ("Make(new Holder().B)", "CTR108"),
        ("new Job(new StringBuilder()).Go(connection);", "CTR108"),
        ("Outer(connection, null!);", "CTR108"),
        // Of two parts that may each be one of two, some together are no SQL.
        ("flag ? \"select * \" : \"select \", \"1 from notes\"", "CTR108"),
        // What a type parameter stands for isn't followed where it may be any type.
        ("new Specification<Note>()", "CTR108"),
        ("new Repository<Note>().PurgeAsync(connection);", "CTR108"),
        ("static void Run<T>(NpgsqlConnection c) => c.Query($\"select * from {typeof(T).Name}\");", "CTR108"),
        // Nor what the arguments of a method put into the object that it returns.
        ("var t = Texts.Build(new Postgres(), name);", "CTR108"),
        // What another assembly makes of texts may be anything.
        ("Library.Texts.Glue(statements, \";\")", "CTR108"),
        // Of what isn't bound before run time, or not at all, only the names of writes are known.
        ("d.Set<object>().Count();", "CTR108"),
        ("sqlite.GetAsync<Note>(id);", "CTR108"),
        // Calls that go deeper than is followed: a write is still sought there, but nothing proves a read.
        ("A0.Tell(c); Then(c);", "CTR108"),
    ];

    // Which have no twin though their texts can be changed.
    private static readonly FrozenSet<string> Single =
    [
        // An interface that has nothing to call but SaveChangesAsync.
        "CTR104.Save_by_an_interface_that_a_context_implements",
        // The tail of a write is none of a read.
        "Texts.Tail_that_only_a_write_has",
        // Not about writes.
        "Contexts.What_outlives_the_context_is_reported",
        "Contexts.A_method_that_takes_a_context_is_offered_its_attribute",
    ];

    private static readonly Lazy<FrozenDictionary<string, (TestCode Write, TestCode Read)>> All = new(Collect);

    public static IEnumerable<TheoryDataRow<string>> Names => All.Value.Keys.Order(StringComparer.Ordinal).Select(static name => new TheoryDataRow<string>(name));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task NoFalsePositive_The_same_shape_with_a_read(string of)
    {
        var (write, read) = All.Value[of];
        var (found, errors) = await Analyze(read);
        if (errors.Length > 0)
            Assert.NotEmpty((await Analyze(write)).Errors);

        var expected = Reported.Where(r => Holds(read, r.Place)).Select(static r => r.Id).ToArray();
        // What isn't known of the write needn't be known of the read.
        if (expected.Length == 0 && found.Any(IsUnknown) && (await Analyze(write)).Found.Any(IsUnknown))
            found = [.. found.Where(static d => !IsUnknown(d))];
        if (!expected.SequenceEqual(found.Select(static d => d.Id)))
            Assert.Fail($"{string.Join('\n', found.Select(static d => d.GetMessage(CultureInfo.InvariantCulture)))}\n{string.Join('\n', read.Sources)}");
    }

    [Fact]
    public void Nearly_every_write_has_a_twin()
    {
        Assert.InRange(All.Value.Count, 600, int.MaxValue);
        Assert.All(Reported, static r => Assert.Single(All.Value.Values, twin => Holds(twin.Read, r.Place)));
    }

    private static async Task<(Diagnostic[] Found, string[] Errors)> Analyze(TestCode code)
    {
        var (compilation, _) = TestCode.Generate(code.Compile().AddReferences(BodyRule.Libraries.Value));
        var found = await TestCode.Analyze(compilation, code.Beside, [new RoutedMethodAnalyzer(), new ReadEffectAnalyzer()]);
        return ([.. found.Where(static d => d.Id.StartsWith("CTR10", StringComparison.Ordinal) || d.Id == "AD0001")], TestCode.Errors(compilation));
    }

    private static bool IsUnknown(Diagnostic found) => found.Id is "CTR108" or "CTR109";

    private static FrozenDictionary<string, (TestCode Write, TestCode Read)> Collect()
    {
        var recorded = typeof(ReadTwins).Assembly.GetTypes().Where(IsAboutEffects)
            .SelectMany(static type => Recording.SourcesOf(type).Select(source => (Test: $"{type.Name}.{source.Test}", source.Row, source.Code)))
            .ToArray();

        // Many writes have the same twin, and some a read for it that is tested anyway.
        var known = recorded.Select(static r => Key(r.Code)).ToHashSet(StringComparer.Ordinal);
        return recorded
            .Where(static r => !r.Test.Contains(".NoFalsePositive_", StringComparison.Ordinal) && !Single.Contains(r.Test))
            .Select(static r => (Name: r.Test + r.Row, Write: r.Code, Read: r.Code.With(WritesTurnedIntoReads.In)))
            .Where(r => known.Add(Key(r.Read)) && !r.Read.Sources.Any(WritesTurnedIntoReads.AreLeftIn))
            .ToFrozenDictionary(static r => r.Name, static r => (r.Write, r.Read));
    }

    // Robustness is about what is broken, or too large to be analyzed twice.
    private static bool IsAboutEffects(Type type) =>
        type.IsPublic && type != typeof(ReadTwins) && type != typeof(Robustness) &&
        (type.Namespace == typeof(ReadTwins).Namespace || (type.Namespace == typeof(Rules.CTR101).Namespace && type.Name.StartsWith("CTR10", StringComparison.Ordinal)));

    private static bool Holds(TestCode code, string place) => code.Text.Contains(place, StringComparison.Ordinal);

    private static string Key(TestCode code) => string.Join('\0', code.Sources);
}
