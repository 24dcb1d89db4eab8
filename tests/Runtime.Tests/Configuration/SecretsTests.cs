using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

/// <summary>Whatever stands in a password, and however wrongly it is written: no message repeats a part of it.</summary>
public class SecretsTests
{
    private const string Special = "@:/?#%&=;,|'\"\\ +$[]{}~!*()<>^`\t€é-_.";

    // Told apart from anything a message may say of itself.
    private static readonly string[] Marks = ["zqx", "wvk", "jqz", "xkq"];

    private static string RandomPassword(Random random)
    {
        var password = "";
        for (var part = random.Next(1, 5); part > 0; part--)
        {
            password += Marks[random.Next(Marks.Length)];
            for (var i = random.Next(0, 3); i > 0; i--)
                password += Special[random.Next(Special.Length)];
        }

        return random.Next(4) == 0 ? Special[random.Next(Special.Length)] + password : password;
    }

    // Each form is broken by some passwords and valid with others; the rest of the options is wrong as well.
    private static readonly Func<string, string>[] Forms =
    [
        p => $"postgresql://user:{p}@host:5433/db?sslmode=require",
        p => $"postgresql://user:{p}@host:port/db",
        p => $"postgresql://user:{p}@/db",
        p => $"postgresql://user:{p}@host,host2/db",

        // Without a host, what stands behind an '@' or '/' of the password is the host or database, and nothing can tell.
        p => $"postgresql://user:{p.Replace('@', '!').Replace('/', '!')}",
        p => $"postgresql://user:{p.Replace('@', '!').Replace('/', '!')}/db",
        p => $"postgres://host/db?user=u&password={p}&frobnicate=1",
        p => $"postgresql+psycopg2://user:{p}@host/db",
        p => $"user:{p}@host/db",
        p => $"postgresql://user:{Uri.EscapeDataString(p)}@host:port/db",
        p => $"postgresql://user:{Uri.EscapeDataString(p)}@host/db?multiplexing=true",
        p => $"Host=host;Username=u;Password={p};Port=5433",
        p => $"Password={p};Prot=5433",
        p => $"Host=host;Password='{p}';Multiplexing=true",
        p => $"Host=host;Password=\"{p}\";Maximum Pool Size=0",
        p => $"Host=host;SSL Password={p};Password={p};SslMode=maybe",
        p => new NpgsqlConnectionStringBuilder { Host = "host", Password = p, Port = 5433 }.ConnectionString,
        p => new NpgsqlConnectionStringBuilder { Host = "a,b", Password = p }.ConnectionString,
    ];

    [Fact]
    public void No_message_holds_a_part_of_a_password()
    {
        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var password = RandomPassword(random);
            var text = Forms[seed % Forms.Length](password);
            foreach (var message in Messages(text, random))
                Assert.False(Marks.Any(m => message.Contains(m, StringComparison.OrdinalIgnoreCase)), $"seed {seed}: {text} -> {message}");
        }
    }

    [Theory]
    [InlineData("ENABLE_READ_REPLICAS")]
    [InlineData("READ_REPLICA_WEIGHTS")]
    [InlineData("READ_REPLICA_POOL_SIZE")]
    [InlineData("READ_REPLICA_MAX_OVERFLOW")]
    [InlineData("READ_REPLICA_POOL_TIMEOUT")]
    [InlineData("READ_REPLICA_LAG_THRESHOLD")]
    [InlineData("DB_POOL_RECYCLE")]
    [InlineData("Routing:Name")]
    [InlineData("Routing:EnableReadReplicas")]
    [InlineData("Routing:Replicas:0:Name")]
    [InlineData("Routing:Replicas:0:Group")]
    [InlineData("Routing:Replicas:0:Weight")]
    [InlineData("Routing:ReplicaPool:Size")]
    [InlineData("Routing:StartupCheck")]
    public void A_connection_string_in_the_wrong_place_is_not_repeated(string key)
    {
        foreach (var text in new[] { "postgresql://user:zqx@host/db", "Host=host;Password=zqx", "postgresql://user:a,zqx,b@host/db", " postgresql://user:zqx@host/db\n" })
        {
            var settings = new Dictionary<string, string?>
            {
                ["Routing:Primary"] = "Host=a", ["Routing:Replicas:0:ConnectionString"] = "Host=b", [key] = text,
            };
            var options = RoutingOptions.FromConfiguration(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
            var e = Assert.Throws<OptionsValidationException>(options.Validate);
            Assert.DoesNotContain("zqx", e.ToString());
            Assert.Contains(e.Failures, f => f.StartsWith(key.Replace(":0:Name", ":0").Replace(":0:Group", ":0"), StringComparison.Ordinal));
        }
    }

    private static IEnumerable<string> Messages(string text, Random random)
    {
        IConfiguration Configuration(params (string Key, string? Value)[] settings) =>
            new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build();

        RoutingOptions[] all =
        [
            new() { Primary = text, LagThreshold = TimeSpan.Zero },
            new() { Primary = text, Replicas = [new() { ConnectionString = text, Weight = -1 }, new() { ConnectionString = text }] },
            RoutingOptions.FromConfiguration(Configuration(("Routing:Primary", text), ("Routing:Replicas:0:ConnectionString", text), ("Routing:X", "y"))),
            RoutingOptions.FromConfiguration(Configuration(("DATABASE_URL", text), ("READ_REPLICA_URLS", $"{text},{text}"), ("READ_REPLICA_WEIGHTS", "1"))),
            RoutingOptions.FromConfiguration(Configuration(("DATABASE_URL", text), ("READ_REPLICA_URLS", $"{text}|postgresql://b/d"))),
            RoutingOptions.FromConfiguration(Configuration(("ConnectionStrings:Primary", text), ("Routing:StartupTimeout", "x"))),
        ];
        foreach (var options in all)
        {
            if (random.Next(2) == 0)
                options.ConfigureDataSource = static builder => builder.ConnectionStringBuilder.MinPoolSize = 5000;
            string[] failures = [];
            try
            {
                using var source = RoutedDataSource.Create(options);
                failures = [.. source.GetSnapshot().Nodes.Select(static n => n.ToString())];
            }
            catch (OptionsValidationException e)
            {
                failures = [e.Message, .. e.Failures];
            }

            foreach (var failure in failures)
                yield return failure;
        }
    }
}
