using Microsoft.Extensions.Options;

namespace CompileTimeRouting;

/// <summary>Validation for the options pattern: when the host starts, and when the data source is made.</summary>
/// <remarks>
/// Once options were good, later ones pass: they come from a change of the configuration, and an exception would go to
/// whoever reloads it, often a file watcher that drops it. The data source validates them itself, and says what it refuses.
/// </remarks>
internal sealed class RoutingOptionsValidator(string optionsName) : IValidateOptions<RoutingOptions>
{
    private volatile bool _started;

    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        if (name != optionsName)
            return ValidateOptionsResult.Skip;
        if (!_started && ClusterPlan.TryCreate(options, out var failures) is null)
            return ValidateOptionsResult.Fail(failures);
        _started = true;
        return ValidateOptionsResult.Success;
    }
}
