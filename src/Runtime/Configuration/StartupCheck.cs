namespace CompileTimeRouting;

/// <summary>What happens when the host starts and a node is unreachable, or of no use for what the configuration has it for.</summary>
public enum StartupCheck
{
    /// <summary>
    /// The host starts only where every node answers and can be used, and one of them is the primary, whichever that is
    /// configured to be. A replica that lags is no reason.
    /// </summary>
    Strict = 0,

    /// <summary>
    /// The host starts with the nodes that answered, even without the primary. A warning is logged for each of the others,
    /// and they are probed until they are good. Only a primary that refuses the application (role, password, database,
    /// permission), with no other node in its place, keeps the host from starting: waiting puts nothing right there. The
    /// default.
    /// </summary>
    Degraded = 1,

    /// <summary>Nothing is checked: every configured node is taken to be good.</summary>
    Off = 2,
}
