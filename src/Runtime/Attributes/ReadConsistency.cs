namespace CompileTimeRouting;

/// <summary>What a routed read must see. The words are those of the literature and of Azure Cosmos DB.</summary>
public enum ReadConsistency
{
    /// <summary>
    /// Any replica that is in service may answer; its answer can be older than the primary's: by about
    /// <see cref="RoutingOptions.LagThreshold"/>, by more until the next probe finds the replica behind, and by any time where
    /// nothing fresher may serve.
    /// </summary>
    Eventual = 0,

    /// <summary>
    /// The answer may be at most <see cref="ReadQueryAttribute.MaxLagSeconds"/> older than the primary's.
    /// Only a replica whose staleness is known to be within the bound may answer; where none is known to be, the
    /// primary's read-only pool does.
    /// </summary>
    BoundedStaleness = 1,

    /// <summary>
    /// The answer contains every write this session has made. Only a replica known to have replayed them may answer;
    /// where none is known to have, the primary's read-only pool does. See <see cref="ConsistencySession"/> for what it says of
    /// others' writes.
    /// </summary>
    ReadYourWrites = 2,

    /// <summary>The primary answers, through its read-only pool.</summary>
    Strong = 3,
}
