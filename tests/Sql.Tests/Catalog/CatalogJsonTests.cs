namespace CompileTimeRouting.Sql.Tests;

/// <summary>The JSON reader agrees with RFC 8259, and says where a text doesn't.</summary>
public class CatalogJsonTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("   ", 3)]
    [InlineData("{", 1)]
    [InlineData("[", 1)]
    [InlineData("[1,", 3)]
    [InlineData("[1,]", 3)]
    [InlineData("[1 2]", 3)]
    [InlineData("{\"a\" 1}", 5)]
    [InlineData("{\"a\":1,}", 7)]
    [InlineData("{a:1}", 1)]
    [InlineData("{\"a\":1 \"b\":2}", 7)]
    [InlineData("\"abc", 0)]
    [InlineData("\"a\nb\"", 2)]
    [InlineData("\"\\x\"", 1)]
    [InlineData("\"\\u12g4\"", 1)]
    [InlineData("\"\\u12", 1)]
    [InlineData("\"\\", 1)]
    [InlineData("01", 1)]
    [InlineData("-", 1)]
    [InlineData("+1", 0)]
    [InlineData("1.", 2)]
    [InlineData(".5", 0)]
    [InlineData("1e", 2)]
    [InlineData("1e+", 3)]
    [InlineData("nul", 0)]
    [InlineData("True", 0)]
    [InlineData("nullx", 4)]
    [InlineData("[] []", 3)]
    [InlineData("// no\n1", 0)]
    [InlineData("'a'", 0)]
    [InlineData("NaN", 0)]
    public void Mistakes(string json, int offset)
    {
        Assert.Null(CatalogJsonReader.Read(json, out var error));
        Assert.NotNull(error);
        Assert.Equal(offset, error.Value.Offset);
        Assert.ThrowsAny<System.Text.Json.JsonException>(() => System.Text.Json.JsonDocument.Parse(json));
    }

    [Fact]
    public void A_name_is_given_once()
    {
        Assert.Null(CatalogJsonReader.Read("{\"a\":1,\"a\":2}", out var error));
        Assert.Equal(("The name \"a\" is given twice", 7), error);
    }

    [Theory]
    [InlineData("null", "Null", "")]
    [InlineData(" true ", "True", "")]
    [InlineData("-0.5e+10", "Number", "-0.5e+10")]
    [InlineData("0", "Number", "0")]
    [InlineData("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00\"", "String", "\"\\/\b\f\n\r\té😀")]
    [InlineData("[]", "Array", "")]
    [InlineData("\uFEFF{}", "Object", "")]
    public void Values(string json, string kind, string text)
    {
        var value = CatalogJsonReader.Read(json, out var error);
        Assert.Null(error);
        Assert.Equal(kind, value!.Kind.ToString());
        Assert.Equal(text, value.Text);
    }

    [Fact]
    public void Nesting_has_an_end()
    {
        Assert.NotNull(CatalogJsonReader.Read(new string('[', 64) + new string(']', 64), out _));
        Assert.Null(CatalogJsonReader.Read(new string('[', 1_000_000), out var error));
        Assert.Equal(("Values are nested too deeply", 64), error);
    }

    [Fact]
    public void Random_texts_are_read_as_the_platform_reads_them()
    {
        string[] pieces = ["{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-", "0", ".", "e", "true", "null", " ", "\n", "\"", "\\", "\\u0061", "x", "\0"];
        var random = new Random(7);
        var valid = 0;
        for (var i = 0; i < 200_000; i++)
        {
            var json = string.Concat(Enumerable.Range(0, random.Next(1, 9)).Select(_ => pieces[random.Next(pieces.Length)]));
            var read = CatalogJsonReader.Read(json, out var error);
            Assert.Equal(read is null, error is not null);
            // The platform lets a name be given twice.
            if (error?.Message.EndsWith("is given twice", StringComparison.Ordinal) == true)
                continue;
            bool expected;
            try
            {
                using var document = System.Text.Json.JsonDocument.Parse(json);
                expected = true;
                valid++;
            }
            catch (System.Text.Json.JsonException)
            {
                expected = false;
            }

            Assert.True(expected == (read is not null), json);
        }

        Assert.InRange(valid, 1_000, 200_000);
    }
}
