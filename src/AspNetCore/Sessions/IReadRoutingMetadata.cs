namespace CompileTimeRouting.AspNetCore;

/// <summary>
/// Metadata of an endpoint that says where the reads of its requests go, whatever the request's method. Of several the last
/// one counts, which is the most specific.
/// </summary>
public interface IReadRoutingMetadata
{
    /// <summary>Whether all of them go to the primary; otherwise each goes where its route says.</summary>
    bool ReadsFromPrimary { get; }
}
