namespace CompileTimeRouting.AspNetCore;

/// <summary>How <c>MapRoutingDashboard</c> maps.</summary>
public sealed class RoutingDashboardOptions : RoutingAccessOptions;
