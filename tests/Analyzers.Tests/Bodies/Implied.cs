namespace CompileTimeRouting.Analyzers.Tests.Bodies;

/// <summary>Methods that run without being named.</summary>
public class Implied
{
    private const string Store =
        """
        sealed class Store(NpgsqlConnection connection)
        {
            public static int operator +(Store s, int n) => s.Delete();
            public static int operator -(Store s) => s.Delete();
            public static Store operator ++(Store s) { s.Delete(); return s; }
            public static bool operator true(Store s) => s.Delete() > 0;
            public static bool operator false(Store s) => false;
            public static implicit operator int(Store s) => s.Delete();
            public int N { get => 1; set => Delete(); }
            public string? Text { get => null; set => Delete(); }
            public void Deconstruct(out int a, out int b) { a = Delete(); b = 1; }
            public List<int>.Enumerator GetEnumerator() { Delete(); return new List<int>().GetEnumerator(); }
            public event Action? Changed { add => Delete(); remove { } }
            private int Delete() => connection.Execute("delete from notes");
        }
        """;

    [Theory]
    [InlineData("_ = {|CTR105:s + 1|};")]
    [InlineData("_ = {|CTR105:-s|};")]
    [InlineData("{|CTR105:s++|};")]
    [InlineData("if ({|CTR105:s|}) { }")]
    [InlineData("int n = {|CTR105:s|};")]
    [InlineData("{|CTR105:s.N|} += 1;")]
    [InlineData("{|CTR105:s.N|}++;")]
    [InlineData("{|CTR105:s.Text|} ??= name;")]
    [InlineData("({|CTR105:s.N|}, _) = (1, 2);")]
    [InlineData("{|CTR105:var (a, b) = s|};")]
    [InlineData("foreach (var x in {|CTR105:s|}) { }")]
    [InlineData("{|CTR105:s.Changed += () => { }|};")]
    public Task Write(string statements) => BodyRule.Reports("var s = new Store(connection); " + statements, Store);

    [Fact]
    public Task Member_of_a_type_parameter() => BodyRule.Reports(
        "{|CTR105:Work<Store>(connection)|};",
        """
        interface ISave { static abstract void Save(NpgsqlConnection c); }
        sealed class Store : ISave { public static void Save(NpgsqlConnection c) => c.Execute("delete from notes"); }
        static void Work<T>(NpgsqlConnection c) where T : ISave => T.Save(c);
        """);

    [Fact]
    public Task Object_of_a_type_parameter() => BodyRule.Reports(
        "{|CTR108:Work<Store>()|};",
        """
        class Base { }
        sealed class Store : Base { public Store() => new NpgsqlConnection().Execute("delete from notes"); }
        static void Work<T>() where T : Base, new() => _ = new T();
        """);

    [Fact]
    public Task NoFalsePositive_Read() => BodyRule.IsKnown(
        """
        var s = new Store(connection); _ = s + 1; _ = -s; int n = s; _ = s.N; _ = s.Text; _ = s[^1]; _ = s is [1, ..];
        var (a, b) = s; await s; s.Changed += () => connection.Execute("delete from notes");
        foreach (var x in s) { }
        """,
        """
        sealed class Store(NpgsqlConnection connection)
        {
            public static int operator +(Store s, int n) => s.Count();
            public static int operator -(Store s) => s.Count();
            public static implicit operator int(Store s) => s.Count();
            public int this[int i] => Count();
            public int Length => Count();
            public int N { get => 1; set => Delete(); }
            public string? Text { get => null; set => Delete(); }
            public void Deconstruct(out int a, out int b) { a = Count(); b = 1; }
            public TaskAwaiter GetAwaiter() { Count(); return Task.CompletedTask.GetAwaiter(); }
            public List<int>.Enumerator GetEnumerator() { Count(); return new List<int>().GetEnumerator(); }
            public event Action? Changed;
            private int Count() => connection.QuerySingle<int>("select 1");
            private int Delete() => connection.Execute("delete from notes");
        }
        """);
}
