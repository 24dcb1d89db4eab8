namespace CompileTimeRouting.Analyzers.Tests.Rules;

/// <summary>An attribute value is invalid or has no effect.</summary>
public class CTR014
{
    [Fact]
    public Task Invalid() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, {|CTR014:MaxLagSeconds = -1|})]
            public static long Negative(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, {|CTR014:MaxLagSeconds = double.NaN|})]
            public static long NaN(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, {|CTR014:MaxLagSeconds = double.PositiveInfinity|})]
            public static long Infinite(NpgsqlConnection connection) => 1;

            [ReadQuery({|CTR014:Consistency = (ReadConsistency)9|})]
            public static long NoConsistency(NpgsqlConnection connection) => 1;

            [ReadQuery({|CTR014:Group = " "|})]
            public static long NoGroup(NpgsqlConnection connection) => 1;

            [ReadQuery({|CTR014:Overload = (OverloadPolicy)7|})]
            public static long NoPolicy(NpgsqlConnection connection) => 1;

            [WriteCommand(Transaction = true, {|CTR014:IsolationLevel = IsolationLevel.Chaos|})]
            public static long Chaotic(NpgsqlConnection connection) => 1;

            [WriteCommand(Transaction = true, {|CTR014:IsolationLevel = (IsolationLevel)7|})]
            public static long NoLevel(NpgsqlConnection connection) => 1;

            [WriteCommand(Transaction = true, {|CTR014:SerializationRetries = -1|})]
            public static long NoTries(NpgsqlConnection connection) => 1;
        }
        """,
        "'MaxLagSeconds = -1' on 'Negative' is invalid or has no effect: the bound must be a positive number of seconds",
        "'MaxLagSeconds = double.NaN' on 'NaN' is invalid or has no effect: the bound must be a positive number of seconds",
        "'MaxLagSeconds = double.PositiveInfinity' on 'Infinite' is invalid or has no effect: the bound must be a positive number of seconds",
        "'Consistency = (ReadConsistency)9' on 'NoConsistency' is invalid or has no effect: no member of ReadConsistency has this value",
        "'Group = \" \"' on 'NoGroup' is invalid or has no effect: a replica group has a name; leave the property out for replicas without a group",
        "'Overload = (OverloadPolicy)7' on 'NoPolicy' is invalid or has no effect: no member of OverloadPolicy has this value",
        "'IsolationLevel = IsolationLevel.Chaos' on 'Chaotic' is invalid or has no effect: PostgreSQL has no isolation level Chaos",
        "'IsolationLevel = (IsolationLevel)7' on 'NoLevel' is invalid or has no effect: no member of IsolationLevel has this value",
        "'SerializationRetries = -1' on 'NoTries' is invalid or has no effect: the number of further tries must be 0 or more");

    [Fact]
    public Task Without_effect() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery({|CTR014:MaxLagSeconds = 2|})]
            public static long Unbounded(NpgsqlConnection connection) => 1;

            [ReadQuery({|CTR014:MaxLagSeconds = 0.5|}, Consistency = ReadConsistency.ReadYourWrites)]
            public static long Own(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = ReadConsistency.Strong, {|CTR014:Group = "analytics"|})]
            public static long Strong(NpgsqlConnection connection) => 1;

            [WriteCommand({|CTR014:IsolationLevel = IsolationLevel.Serializable|})]
            public static long Unisolated(NpgsqlConnection connection) => 1;

            [WriteCommand(Transaction = true, {|CTR014:SerializationRetries = 2|})]
            public static long Import(NpgsqlConnection connection, System.IO.Stream rows) => 1;
        }
        """,
        "'MaxLagSeconds = 2' on 'Unbounded' is invalid or has no effect: it bounds nothing without Consistency = ReadConsistency.BoundedStaleness",
        "'MaxLagSeconds = 0.5' on 'Own' is invalid or has no effect: it bounds nothing without Consistency = ReadConsistency.BoundedStaleness",
        "'Group = \"analytics\"' on 'Strong' is invalid or has no effect: a strong read is answered by the primary, never by a replica",
        "'IsolationLevel = IsolationLevel.Serializable' on 'Unisolated' is invalid or has no effect: it isolates nothing without Transaction = true",
        "'SerializationRetries = 2' on 'Import' is invalid or has no effect: the parameter 'rows' can be used once, so the call is never tried again");

    [Fact]
    public Task Several_values_of_one_attribute() => Rule.Reports(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery({|CTR014:Group = ""|}, {|CTR014:MaxLagSeconds = -2|})]
            public partial long Count();

            private static long Count(NpgsqlConnection connection) => 1;
        }
        """,
        "'Group = \"\"' on 'Count' is invalid or has no effect: a replica group has a name; leave the property out for replicas without a group",
        "'MaxLagSeconds = -2' on 'Count' is invalid or has no effect: the bound must be a positive number of seconds");

    [Fact]
    public Task NoFalsePositive_consistency() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            private const double Lag = 2.5;

            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness, MaxLagSeconds = Lag)]
            public static long Bounded(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = ReadConsistency.BoundedStaleness)]
            public static long ByConfiguration(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = ReadConsistency.Strong)]
            public static long Strong(NpgsqlConnection connection) => 1;

            [ReadQuery(Consistency = default, MaxLagSeconds = 0, Group = null)]
            public static long Defaults(NpgsqlConnection connection) => 1;
        }
        """);

    [Fact]
    public Task NoFalsePositive_group() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [ReadQuery(Group = "analytics", Consistency = ReadConsistency.ReadYourWrites)]
            public static long Sum(NpgsqlConnection connection) => 1;

            [ReadQuery(Group = nameof(Notes))]
            public static long Count(NpgsqlConnection connection) => 1;
        }
        """);

    [Fact]
    public Task NoFalsePositive_isolation() => Rule.ReportsNothing(
        """
        public sealed partial class Notes(RoutedDataSource db)
        {
            [WriteCommand(IsolationLevel = IsolationLevel.Serializable, Transaction = true)]
            public static long Serializable(NpgsqlConnection connection) => 1;

            [WriteCommand(Transaction = true)]
            public static long Default(NpgsqlConnection connection) => 1;

            [WriteCommand(IsolationLevel = IsolationLevel.Unspecified)]
            public static long Unspecified(NpgsqlConnection connection) => 1;

            [WriteCommand(IsolationLevel = IsolationLevel.Snapshot, Transaction = true)]
            public static long Snapshot(NpgsqlConnection connection) => 1;
        }
        """);
}
