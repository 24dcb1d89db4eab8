namespace CompileTimeRouting;

/// <summary>What happens when the host starts and a node is unreachable or not what the configuration says it is.</summary>
public enum StartupCheck
{
    /// <summary>Every node must answer in its configured role, or the host doesn't start. The default.</summary>
    Strict = 0,

    /// <summary>
    /// The host starts with the nodes that answered, even without the primary. A warning is logged for each of the others,
    /// and they are checked again in the background until they are good.
    /// </summary>
    Degraded = 1,

    /// <summary>Nothing is checked: every configured node is taken to be good.</summary>
    Off = 2,
}
