using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace CompileTimeRouting;

/// <summary>Tells the options pattern that the configuration behind some options was reloaded.</summary>
internal sealed class ConfigurationChanges(string optionsName, IConfiguration configuration) : IOptionsChangeTokenSource<RoutingOptions>
{
    public string? Name => optionsName;

    public IChangeToken GetChangeToken() => configuration.GetReloadToken();
}
