using System.ComponentModel;
using System.Reflection;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

public class ConnectionStringTests
{
    private static NpgsqlConnectionStringBuilder? Read(string text, out List<string> failures) =>
        NodeConnectionString.Read(text, "Primary", failures = []);

    [Theory]
    [InlineData("Host=h;Username=u;Password=p;Database=d", "h", 5432)]
    [InlineData("Server=h;User Id=u;Port=5433", "h", 5433)]
    [InlineData("Host=h:5433;Username=u", "h", 5433)]
    [InlineData("Host=[::1]:5433;Username=u", "::1", 5433)]
    [InlineData("Host=::1;Username=u", "::1", 5432)]
    [InlineData("Host=/var/run/postgresql;Username=u", "/var/run/postgresql", 5432)]
    [InlineData("host=h;sslmode=verify-full;username=u", "h", 5432)]
    [InlineData("Host=h;Password='a;b=c'", "h", 5432)]
    [InlineData("Host=h;Target Session Attributes=any", "h", 5432)]
    public void A_connection_string_of_Npgsql_is_taken(string text, string host, int port)
    {
        var settings = Read(text, out var failures);

        Assert.Empty(failures);
        Assert.Equal((host, port), (settings!.Host, settings.Port));
    }

    [Theory]
    [InlineData("nonsense", "neither a URL")]
    [InlineData("Host=h;Password='open", "neither a URL")]
    [InlineData("Host=h;s3cret;Port=5", "withheld")]
    [InlineData("Username=u", "there is no host")]
    [InlineData("Host=a,b", "several hosts")]
    [InlineData("Host=h;Prot=5433", "Did you mean 'Port'?")]
    [InlineData("Host=h;Pasword=s3cret", "Did you mean 'Password'?")]
    [InlineData("Host=h;Maximum Pol Size=5", "Did you mean 'Maximum Pool Size'?")]
    [InlineData("Host=h;Password=a;s3cret=b", "withheld")]
    [InlineData("Host=h;Port=abc", "'abc' of 'port' is refused. It must be a number from 1 to 65535")]
    [InlineData("Host=h;Port=70000", "from 1 to 65535")]
    [InlineData("Host=h;SSL Mode=maybe", "verify-full")]
    [InlineData("Host=h;Pooling=perhaps", "true or false")]
    [InlineData("Host=h;Timeout=2000", "from 0 to 1024")]
    [InlineData("Host=h;Multiplexing=true", "'Multiplexing' is set")]
    [InlineData("Host=h;No Reset On Close=true", "'No Reset On Close' is set")]
    [InlineData("Host=h;Load Balance Hosts=true", "'Load Balance Hosts' is set")]
    [InlineData("Host=h;Target Session Attributes=primary", "'Target Session Attributes' is set")]
    public void A_connection_string_that_cant_be_used_is_refused_with_the_reason(string text, string said)
    {
        Assert.Null(Read(text, out var failures));
        var failure = Assert.Single(failures);
        Assert.Contains(said, failure);
        Assert.DoesNotContain("s3cret", failure);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once()
    {
        Assert.Null(Read("Host=h;Multiplexing=true;No Reset On Close=true", out var failures));
        Assert.Equal(2, failures.Count);
    }

    [Fact]
    public void The_keywords_are_Npgsqls()
    {
        var driver = typeof(NpgsqlConnectionStringBuilder).GetProperties()
            .Where(p => p.GetCustomAttributesData().Any(a => a.AttributeType.Name == "NpgsqlConnectionStringPropertyAttribute"))
            .Select(p => p.GetCustomAttribute<DisplayNameAttribute>()!.DisplayName);

        Assert.Equal(driver.Order(), ConnectionKeywords.Npgsql.Order());
        Assert.All(ConnectionKeywords.Libpq.Values, keyword => Assert.Contains(keyword, ConnectionKeywords.Npgsql));
        Assert.Empty(ConnectionKeywords.Libpq.Keys.Intersect(ConnectionKeywords.Refused.Keys));
        foreach (var keyword in ConnectionKeywords.Npgsql)
        {
            var property = typeof(NpgsqlConnectionStringBuilder).GetProperties().Single(p => p.GetCustomAttribute<DisplayNameAttribute>()?.DisplayName == keyword);
            Assert.Equal(property.PropertyType == typeof(bool), ConnectionKeywords.IsBoolean(keyword));
        }
    }
}
