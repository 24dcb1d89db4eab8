using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Configuration;

public class PostgresUrlTests
{
    private static NpgsqlConnectionStringBuilder Read(string text)
    {
        var failures = new List<string>();
        var settings = NodeConnectionString.Read(text, "Primary", failures);
        Assert.Empty(failures);
        return settings!;
    }

    private static string Failure(string text)
    {
        var failures = new List<string>();
        Assert.Null(NodeConnectionString.Read(text, "Primary", failures));
        var failure = Assert.Single(failures);
        Assert.StartsWith("Primary: ", failure);
        return failure;
    }

    [Theory]
    [InlineData("postgresql://u:p@h:5433/d", "Host=h;Port=5433;Database=d;Username=u;Password=p")]
    [InlineData("postgres://u:p@h:5433/d", "Host=h;Port=5433;Database=d;Username=u;Password=p")]
    [InlineData("POSTGRESQL://u@h/d", "Host=h;Database=d;Username=u")]
    [InlineData("  postgresql://u@h/d\n", "Host=h;Database=d;Username=u")]
    [InlineData("postgresql://h", "Host=h")]
    [InlineData("postgresql://h/", "Host=h")]
    [InlineData("postgresql://h:/d", "Host=h;Database=d")]
    [InlineData("postgresql://u:@h/d", "Host=h;Database=d;Username=u")]
    [InlineData("postgresql://u%40corp:p%40%2F%3F%23%25%3A%2C@h/d", "Host=h;Database=d;Username=u@corp;Password=p@/?#%:,")]
    [InlineData("postgresql://u:a:b;c='\"@h/d", "Host=h;Database=d;Username=u;Password=\"a:b;c='\"\"\"")]
    [InlineData("postgresql://u:p%C3%A9@h/d%20e", "Host=h;Database=d e;Username=u;Password=pé")]
    [InlineData("postgresql://u:a+b@h/d", "Host=h;Database=d;Username=u;Password=a+b")]
    [InlineData("postgresql://u@[::1]:5433/d", "Host=::1;Port=5433;Database=d;Username=u")]
    [InlineData("postgresql://[2001:db8::7]/d", "Host=2001:db8::7;Database=d")]
    [InlineData("postgresql://%2Fvar%2Frun%2Fpostgresql/d", "Host=/var/run/postgresql;Database=d")]
    [InlineData("postgresql:///d?host=/var/run/postgresql&port=5433", "Host=/var/run/postgresql;Database=d;Port=5433")]
    [InlineData("postgresql://h/d?user=u&password=p", "Host=h;Database=d;Username=u;Password=p")]
    [InlineData("postgresql://h?dbname=d", "Host=h;Database=d")]
    [InlineData("postgresql://h/d?sslmode=require", "Host=h;Database=d;SSL Mode=Require")]
    [InlineData("postgresql://h/d?sslmode=verify-full", "Host=h;Database=d;SSL Mode=VerifyFull")]
    [InlineData("postgresql://h/d?sslmode=verify-ca&sslrootcert=/ca.pem", "Host=h;Database=d;SSL Mode=VerifyCA;Root Certificate=/ca.pem")]
    [InlineData("postgresql://h/d?sslrootcert=system", "Host=h;Database=d;SSL Mode=VerifyFull")]
    [InlineData("postgresql://h/d?sslcert=/c.pem&sslkey=/k.pem&sslpassword=p", "Host=h;Database=d;SSL Certificate=/c.pem;SSL Key=/k.pem;SSL Password=p")]
    [InlineData("postgresql://h/d?sslnegotiation=direct&sslmode=require", "Host=h;Database=d;SSL Negotiation=Direct;SSL Mode=Require")]
    [InlineData("postgresql://h/d?channel_binding=require", "Host=h;Database=d;Channel Binding=Require")]
    [InlineData("postgresql://h/d?gssencmode=disable", "Host=h;Database=d;GSS Encryption Mode=Disable")]
    [InlineData("postgresql://h/d?require_auth=scram-sha-256", "Host=h;Database=d;Require Auth=ScramSHA256")]
    [InlineData("postgresql://h/d?connect_timeout=7", "Host=h;Database=d;Timeout=7")]
    [InlineData("postgresql://h/d?application_name=web%20shop", "Host=h;Database=d;Application Name=web shop")]
    [InlineData("postgresql://h/d?fallback_application_name=b&application_name=a", "Host=h;Database=d;Application Name=a")]
    [InlineData("postgresql://h/d?application_name=a&fallback_application_name=b", "Host=h;Database=d;Application Name=a")]
    [InlineData("postgresql://h/d?options=-c%20statement_timeout%3D5s", "Host=h;Database=d;Options=-c statement_timeout=5s")]
    [InlineData("postgresql://h/d?options=-c%20statement_timeout=5s", "Host=h;Database=d;Options=-c statement_timeout=5s")]
    [InlineData("postgresql://h/d?client_encoding=UTF8&passfile=/p", "Host=h;Database=d;Client Encoding=UTF8;Passfile=/p")]
    [InlineData("postgresql://h/d?keepalives=1&keepalives_idle=30&keepalives_interval=5", "Host=h;Database=d;TCP Keepalive=true;TCP Keepalive Time=30;TCP Keepalive Interval=5")]
    [InlineData("postgresql://h/d?krbsrvname=pg", "Host=h;Database=d;Kerberos Service Name=pg")]
    [InlineData("postgresql://h/d?Maximum%20Pool%20Size=20&command timeout=9", "Host=h;Database=d;Maximum Pool Size=20;Command Timeout=9")]
    public void A_url_means_what_it_means_to_libpq(string url, string keywords) =>
        Assert.True(new NpgsqlConnectionStringBuilder(keywords).EquivalentTo(Read(url)), Read(url).ConnectionString);

    [Theory]
    [InlineData("postgresql+asyncpg://u:p@h/d", "Begin it with postgresql:// alone")]
    [InlineData("mysql://u:p@h/d", "another scheme")]
    [InlineData("postgresql://u:p@h:abc/d", "'abc' is none: it must be a number from 1 to 65535")]
    [InlineData("postgresql://u:p@h:0/d", "from 1 to 65535")]
    [InlineData("postgresql://u:p@h:65536/d", "from 1 to 65535")]
    [InlineData("postgresql://u:p@h:-1/d", "from 1 to 65535")]
    [InlineData("postgresql://u:p@/d", "there is no host")]
    [InlineData("postgresql://", "there is no host")]
    [InlineData("postgresql://u:p@s3{cret", "no host name has (withheld")]
    [InlineData("postgresql:///d", "there is no host")]
    [InlineData("postgresql://u:p@a,b/d", "several hosts")]
    [InlineData("postgresql://u:p@a:1,b:2/d", "several hosts")]
    [InlineData("postgresql://h/d?host=a,b", "several hosts")]
    [InlineData("postgresql://u:p@::1/d", "stands in brackets")]
    [InlineData("postgresql://u:p@[::1/d", "no IPv6 address")]
    [InlineData("postgresql://u:p@[1.2.3.4]/d", "no IPv6 address")]
    [InlineData("postgresql://u:p@[::1]5432/d", "no IPv6 address")]
    [InlineData("postgresql://u:p%zz@h/d", "'%' of its own is written %25")]
    [InlineData("postgresql://u:p%2@h/d", "'%' of its own is written %25")]
    [InlineData("postgresql://u:p%00@h/d", "'%' of its own is written %25")]
    [InlineData("postgresql://u:p@s@h/d", "write '@' as %40")]
    [InlineData("postgresql://u:p/s@h/d", "'/' as %2F")]
    [InlineData("postgresql://u:p?s@h/d", "'?' as %3F")]
    [InlineData("postgresql://u:p#s@h/d", "'#' as %23")]
    [InlineData("postgresql://h/d?sslmode", "no name or no value")]
    [InlineData("postgresql://h/d?=require", "no name or no value")]
    [InlineData("postgresql://u@h/d?sslmode=maybe", "one of disable, allow, prefer, require, verify-ca, verify-full")]
    [InlineData("postgresql://u@h/d?channel_binding=yes", "one of disable, prefer, require")]
    [InlineData("postgresql://u@h/d?connect_timeout=soon", "a number of seconds from 0 to 1024")]
    [InlineData("postgresql://u@h/d?keepalives=2", "true or false")]
    [InlineData("postgresql://u@h/d?ssl_mode=require", "Did you mean 'sslmode'?")]
    [InlineData("postgresql://u@h/d?aplication_name=x", "Did you mean 'application_name'?")]
    [InlineData("postgresql://u@h/d?frobnicate=x", "'frobnicate' is unknown")]
    [InlineData("postgresql://u@h/d?target_session_attrs=read-write", "whose role is found by asking it")]
    [InlineData("postgresql://u@h/d?load_balance_hosts=random", "Weight")]
    [InlineData("postgresql://u@h/d?hostaddr=1.2.3.4", "Write the address as the host")]
    [InlineData("postgresql://u@h/d?service=x", "no service file")]
    [InlineData("postgresql://u@h/d?replication=database", "runs no queries")]
    [InlineData("postgresql://u@h/d?sslcrl=/x", "no counterpart")]
    [InlineData("postgresql://u@h/d?multiplexing=true", "'Multiplexing' is set")]
    public void A_url_that_cant_be_used_is_refused_with_the_reason(string url, string said) => Assert.Contains(said, Failure(url));

    [Fact]
    public void Without_a_user_what_stands_as_port_or_parameter_may_be_a_secret_and_isnt_shown()
    {
        Assert.DoesNotContain("s3cret", Failure("postgresql://user:s3cret"));
        Assert.DoesNotContain("s3cret", Failure("postgresql://user:12?s3cret=x"));
    }
}
