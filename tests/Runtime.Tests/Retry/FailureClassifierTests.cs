using System.Net.Sockets;
using CompileTimeRouting.Cluster;
using Npgsql;

namespace CompileTimeRouting.Runtime.Tests.Retry;

public class FailureClassifierTests
{
    private static PostgresException Error(string state, string severity = "ERROR") => new("value 'secret' is bad", severity, severity, state);

    [Theory]
    [InlineData("ERROR", "40001", nameof(FailureKind.Conflict))]
    [InlineData("FATAL", "40001", nameof(FailureKind.Conflict))]
    [InlineData("ERROR", "40P01", nameof(FailureKind.Conflict))]
    [InlineData("FATAL", "57P04", nameof(FailureKind.Conflict))]
    [InlineData("FATAL", "57P01", nameof(FailureKind.Session))]
    [InlineData("FATAL", "57P02", nameof(FailureKind.Node))]
    [InlineData("FATAL", "57P03", nameof(FailureKind.Node))]
    [InlineData("FATAL", "57P05", nameof(FailureKind.Session))]
    [InlineData("FATAL", "08006", nameof(FailureKind.Node))]
    [InlineData("FATAL", "58P01", nameof(FailureKind.Node))]
    [InlineData("ERROR", "58000", nameof(FailureKind.Node))]
    [InlineData("ERROR", "58030", nameof(FailureKind.Node))]
    [InlineData("FATAL", "53300", nameof(FailureKind.Overload))]
    [InlineData("ERROR", "25006", nameof(FailureKind.ReadOnly))]
    [InlineData("ERROR", "57014", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "42601", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "42P01", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "23505", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "22012", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "55P03", nameof(FailureKind.Caller))]

    // What the statement met elsewhere.
    [InlineData("ERROR", "08001", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "08003", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "08006", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "57P02", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "57P03", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "57P05", nameof(FailureKind.Caller))]
    [InlineData("ERROR", "58P01", nameof(FailureKind.Caller))]

    // The end of a parallel worker, when the server is shut down.
    [InlineData("ERROR", "57P01", nameof(FailureKind.Session))]
    public void The_servers_errors_are_sorted_by_their_class(string severity, string state, string kind)
    {
        var e = Error(state, severity);
        Assert.Equal(kind, FailureClassifier.Classify(e).ToString());
        Assert.Equal(kind, FailureClassifier.Classify(new NpgsqlException("", e)).ToString());
        Assert.DoesNotContain("secret", FailureClassifier.Describe(e));
        Assert.Equal(state, FailureClassifier.SqlStateOf(e));
    }

    // Of PgBouncer 1.18 to 1.25, all with one state.
    [Theory]
    [InlineData("query_wait_timeout", nameof(FailureKind.Overload), false)]
    [InlineData("no more connections allowed (max_client_conn)", nameof(FailureKind.Overload), false)]
    [InlineData("client connections exceeded (max_db_client_connections)", nameof(FailureKind.Overload), false)]
    [InlineData("server login has been failing, cached error: sorry, too many clients already (server_login_retry)", nameof(FailureKind.Overload), false)]
    [InlineData("server login has been failing, try again later (server_login_retry)", nameof(FailureKind.Node), false)]
    [InlineData("server conn crashed?", nameof(FailureKind.Node), false)]
    [InlineData("server shutting down", nameof(FailureKind.Node), false)]
    [InlineData("something that a later version says", nameof(FailureKind.Node), false)]
    [InlineData("no such database: secret", nameof(FailureKind.Node), true)]
    [InlineData("no such user: secret", nameof(FailureKind.Node), true)]
    [InlineData("SASL authentication failed", nameof(FailureKind.Node), true)]
    [InlineData("client_idle_timeout", nameof(FailureKind.Conflict), false)]
    [InlineData("idle transaction timeout", nameof(FailureKind.Conflict), false)]
    [InlineData("query_timeout", nameof(FailureKind.Caller), false)]
    public void What_a_pooler_says_is_told_apart_by_its_words(string text, string kind, bool isRefusal)
    {
        var e = new PostgresException(text, "FATAL", "FATAL", "08P01");
        Assert.Equal(kind, FailureClassifier.Classify(e).ToString());
        Assert.Equal(kind, FailureClassifier.Classify(new NpgsqlException("", e)).ToString());
        Assert.Equal(kind == nameof(FailureKind.Overload) ? FailureKind.Overload : FailureKind.Node, FailureClassifier.ClassifyOpening(e));
        Assert.Equal(isRefusal, FailureClassifier.IsRefusal(e));
        Assert.DoesNotContain("secret", FailureClassifier.Describe(e));
    }

    [Fact]
    public void A_message_of_a_wrong_form_is_the_callers_where_the_session_goes_on() =>
        Assert.Equal(FailureKind.Caller, FailureClassifier.Classify(Error("08P01")));

    [Theory]
    [InlineData("28P01", true)]
    [InlineData("28000", true)]
    [InlineData("3D000", true)]
    [InlineData("42501", true)]
    [InlineData("42883", true)]
    [InlineData("0A000", true)]
    [InlineData("57P03", false)]
    [InlineData("53300", false)]
    [InlineData("58030", false)]
    [InlineData("XX000", false)]
    public void Who_refuses_is_well(string state, bool isRefusal) => Assert.Equal(isRefusal, FailureClassifier.IsRefusal(Error(state)));

    [Fact]
    public void A_stale_plan_is_told_from_what_isnt_supported()
    {
        static PostgresException NotSupported(string? routine) => new("gecachter Plan darf den Ergebnistyp nicht ändern", "ERROR", "ERROR", "0A000", routine: routine);
        Assert.Equal(FailureKind.StalePlan, FailureClassifier.Classify(NotSupported("RevalidateCachedQuery")));
        Assert.Equal(FailureKind.Caller, FailureClassifier.Classify(NotSupported("transformLockingClause")));
        Assert.Equal(FailureKind.Caller, FailureClassifier.Classify(NotSupported(null)));
    }

    public static TheoryData<Exception, string, string> WithoutState => new()
    {
        { new NpgsqlException("Exception while reading from stream", new IOException()), nameof(FailureKind.Node), nameof(FailureKind.Node) },
        { new NpgsqlException("Exception while reading from stream", new EndOfStreamException()), nameof(FailureKind.Node), nameof(FailureKind.Node) },
        { new NpgsqlException("Failed to connect", new SocketException((int)SocketError.ConnectionRefused)), nameof(FailureKind.Node), nameof(FailureKind.Node) },
        { new NpgsqlException("Exception while reading from stream", new TimeoutException()), nameof(FailureKind.Caller), nameof(FailureKind.Node) },
        { new NpgsqlException("The connection pool has been exhausted, either raise 'Max Pool Size'", new TimeoutException()), nameof(FailureKind.Overload), nameof(FailureKind.Overload) },
        { new OperationCanceledException(), nameof(FailureKind.Caller), nameof(FailureKind.Caller) },
        { new InvalidOperationException(), nameof(FailureKind.Caller), nameof(FailureKind.Caller) },
        { Error("28P01"), nameof(FailureKind.Caller), nameof(FailureKind.Node) },
        { Error("3D000"), nameof(FailureKind.Caller), nameof(FailureKind.Node) },
        { Error("53300"), nameof(FailureKind.Overload), nameof(FailureKind.Overload) },

        // The monitor found it, and knows more than the call.
        { new NodeLostException("replica-1"), nameof(FailureKind.Node), nameof(FailureKind.Conflict) },
    };

    [Theory]
    [MemberData(nameof(WithoutState))]
    public void A_time_out_is_the_callers_while_a_statement_runs_and_the_nodes_while_a_connection_is_opened(Exception e, string running, string opening)
    {
        Assert.Equal(running, FailureClassifier.Classify(e).ToString());
        Assert.Equal(opening, FailureClassifier.ClassifyOpening(e).ToString());
    }

    [Fact]
    public void The_final_failure_lists_every_attempt()
    {
        var attempts = new CallAttempts();
        attempts.Add("replica-1", Error("57P01"));
        attempts.Begin();
        attempts.Add("primary-read-only", new NpgsqlException("Host=x;Password=secret", new SocketException((int)SocketError.ConnectionRefused)));
        var e = new RoutedCallException("Shop.List", attempts.Failed, attempts.LastException);
        Assert.Matches(
            @"^'Shop\.List' failed on every node that was tried: replica-1 at [0-9:.]+Z: the server ended the session \(57P01\); primary-read-only at [0-9:.]+Z after [0-9.]+ ms: it could not be reached \(ConnectionRefused\)\.$",
            e.Message);
        Assert.Equal(["replica-1", "primary-read-only"], e.Attempts.Select(a => a.NodeName));
        Assert.True(e.IsTransient);
    }
}
