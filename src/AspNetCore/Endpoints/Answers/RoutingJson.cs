using System.Text.Json.Serialization;

namespace CompileTimeRouting.AspNetCore.Endpoints.Answers;

[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(PoolMetricsAnswer))]
[JsonSerializable(typeof(ReplicaLagAnswer))]
[JsonSerializable(typeof(ConnectionTestAnswer))]
[JsonSerializable(typeof(DatabaseType))]
internal sealed partial class RoutingJson : JsonSerializerContext;
