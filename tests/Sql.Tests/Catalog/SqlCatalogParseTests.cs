namespace CompileTimeRouting.Sql.Tests;

/// <summary>A file that is no catalog: what is wrong, and where.</summary>
public class SqlCatalogParseTests
{
    [Theory]
    [InlineData("", 1, 1, "The text ends where a value should stand")]
    [InlineData("[]", 1, 1, "This is no routing catalog: it has no \"version\". Write one with 'ctr catalog pull'")]
    [InlineData("{}", 1, 1, "This is no routing catalog: it has no \"version\". Write one with 'ctr catalog pull'")]
    [InlineData("{\n  \"version\": 2\n}", 2, 14, "The catalog's version is 2, and only 1 is known here: pull it with the same version of the tool and the package")]
    [InlineData("{ \"version\": \"1\" }", 1, 14, "The catalog's version is 1, and only 1 is known here: pull it with the same version of the tool and the package")]
    [InlineData("{\r\n  \"version\": 1,\r\n}", 3, 1, "A name in quotes should stand here")]
    [InlineData("{ \"version\": 1, \"functions\": {} }", 1, 30, "\"functions\" is an array")]
    [InlineData("{ \"version\": 1,\n\"functions\": [1] }", 2, 15, "\"functions\" holds objects")]
    [InlineData("{ \"version\": 1,\n\"functions\": [{}] }", 2, 15, "\"schema\" is missing")]
    [InlineData("{ \"version\": 1, \"searchPath\": [1] }", 1, 32, "\"searchPath\" holds strings")]
    [InlineData("{ \"version\": 1, \"relations\": [{ \"schema\": 1 }] }", 1, 43, "\"schema\" is a string")]
    [InlineData("{ \"version\": 1, \"relations\": [{ \"schema\": \"a\", \"name\": \"b\", \"kind\": \"index\" }] }", 1, 69, "\"kind\" is one of table, partitioned table, view, materialized view, foreign table, sequence")]
    [InlineData("{ \"version\": 1, \"relations\": [{ \"schema\": \"a\", \"name\": \"b\", \"kind\": \"view\", \"reads\": [\"a.b.c\"] }] }", 1, 87, "\"reads\" holds names as SQL writes them, and \"a.b.c\" is none")]
    [InlineData("{ \"version\": 1, \"relations\": [{ \"schema\": \"a\", \"name\": \"b\", \"kind\": \"table\", \"unlogged\": \"yes\" }] }", 1, 90, "\"unlogged\" is true or false")]
    [InlineData("{ \"version\": 1, \"relations\": [{ \"schema\": \"a\", \"name\": \"b\", \"kind\": \"table\", \"triggers\": [{ \"name\": \"x\", \"events\": [\"select\"], \"function\": \"f\" }] }] }", 1, 117, "\"events\" is one of insert, update, delete, truncate")]
    public void Mistakes(string json, int line, int column, string message)
    {
        var parse = SqlCatalog.Parse(json);
        Assert.Null(parse.Catalog);
        Assert.Equal(new SqlCatalogError(message, line, column), parse.Error);
    }

    [Fact]
    public void Everything_is_read()
    {
        var catalog = TestCatalog.Catalog;
        Assert.Equal(["app", "public"], catalog.SearchPath);
        var book = catalog.Functions.Single(f => f.Name == "book");
        Assert.Equal("app.book(integer, text)", book.ToString());
        Assert.Equal((1, SqlCatalogVolatility.Volatile, "plpgsql", SqlRoute.Primary, true, "INSERT"), (book.Defaults, book.Volatility, book.Language, book.Route, book.IsRefused, book.Reason));
        var customers = catalog.Relations[0];
        Assert.Equal([("id", "bigint", true), ("name", "text", false)], customers.Columns.Select(c => (c.Name, c.Type, c.IsNotNull)));
        var key = catalog.Relations.Single(r => r.Name == "reminders").ForeignKeys.Single();
        Assert.Equal(("app.appointments", SqlCatalogAction.SetNull, SqlCatalogAction.Cascade), (key.References.ToString(), key.OnDelete, key.OnUpdate));
        Assert.Equal(["sad", "ok"], catalog.Enums.Single().Labels);
    }

    [Fact]
    public void Unknown_properties_are_passed_over()
        => Assert.Empty(TestCatalog.Parse("""{ "version": 1, "later": { "more": [1, null] } }""").Functions);

    [Theory]
    [InlineData("a", null, "a")]
    [InlineData("a.b", "a", "b")]
    [InlineData("\"A b\".\"c\"\"d\"", "A b", "c\"d")]
    [InlineData("A", null, "a")]
    public void Names(string text, string? schema, string name)
    {
        var read = SqlCatalogWords.Name(text);
        Assert.Equal((schema, name), (read!.Value.Schema, read.Value.Name));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.")]
    [InlineData(".a")]
    [InlineData("a b")]
    [InlineData("a.b.c")]
    [InlineData("\"a")]
    [InlineData("1")]
    public void No_names(string text) => Assert.Null(SqlCatalogWords.Name(text));

    /// <summary>Any damage to a good file is an answer, never an exception.</summary>
    [Fact]
    public void Damaged_files_are_answered()
    {
        var random = new Random(3);
        for (var i = 0; i < 2_000; i++)
        {
            var at = random.Next(TestCatalog.Json.Length);
            var damaged = random.Next(3) switch
            {
                0 => TestCatalog.Json[..at],
                1 => TestCatalog.Json.Remove(at, 1),
                _ => TestCatalog.Json.Insert(at, "\"{}[],:1a\0"[random.Next(10)].ToString()),
            };
            var parse = SqlCatalog.Parse(damaged);
            Assert.Equal(parse.Catalog is null, parse.Error is not null);
        }
    }
}
