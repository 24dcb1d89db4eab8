using Microsoft.Extensions.Options;

namespace CompileTimeRouting;

/// <summary>Validation for the options pattern: when the host starts, and when the data source is made.</summary>
internal sealed class RoutingOptionsValidator(string optionsName) : IValidateOptions<RoutingOptions>
{
    public ValidateOptionsResult Validate(string? name, RoutingOptions options)
    {
        if (name != optionsName)
            return ValidateOptionsResult.Skip;
        return ClusterPlan.TryCreate(options, out var failures) is null
            ? ValidateOptionsResult.Fail(failures)
            : ValidateOptionsResult.Success;
    }
}
