using Microsoft.EntityFrameworkCore;

namespace CompileTimeRouting.EntityFrameworkCore.Guards;

/// <summary>Throws where the context of a read is asked to write, before anything is sent.</summary>
internal static class ReadViolation
{
    /// <param name="context">Any context.</param>
    /// <param name="what">What was called, as the start of a sentence.</param>
    /// <exception cref="InvalidOperationException">The context is on loan for a read.</exception>
    public static void ThrowIfRead(DbContext? context, string what)
    {
        if (LeasedContexts.ReadOf(context) is { } read)
            throw Of(read, what);
    }

    public static InvalidOperationException Of(ReadRoute read, string what) => new(
        $"{what} on the context of the read '{read.Name}', which a replica serves. Nothing was sent to the server. " +
        "Mark the routed method [WriteCommand] (or open the context with CreateWriteAsync), or take the call out.");
}
