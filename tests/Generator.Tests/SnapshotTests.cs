namespace CompileTimeRouting.Generator.Tests;

public class SnapshotTests
{
    /// <summary>A file that no test reads proves nothing, and looks as if it did.</summary>
    [Fact]
    public void Every_snapshot_has_its_test()
    {
        var tests = typeof(SnapshotTests).Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods().Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        var snapshots = Directory.GetFiles(Path.Combine(ProjectDirectory.Path, "Snapshots")).Select(static path => Path.GetFileName(path).Split(".verified.")[0]);
        Assert.DoesNotContain(snapshots, name => !tests.Contains(name));
    }
}
