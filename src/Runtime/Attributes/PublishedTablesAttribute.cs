using System.ComponentModel;

namespace CompileTimeRouting;

/// <summary>
/// Tells other assemblies which tables the core of a routed method of this one uses, which its metadata doesn't show. The
/// generator makes these attributes and the analyzers read them; they aren't meant to be written by hand.
/// </summary>
/// <remarks>Of SQL in the attribute of a method nothing is published: it stands in the metadata itself.</remarks>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PublishedTablesAttribute : Attribute
{
    /// <summary>Says which tables a method uses.</summary>
    /// <param name="method">The documentation-comment id of the method with the routing attribute, as in <c>M:Shop.Orders.ListAsync(System.Int32)</c>.</param>
    /// <param name="reads">The tables that it reads, as SQL names with commas between them: <c>orders, sales."Lines"</c>. May be empty.</param>
    /// <param name="writes">The tables that it writes, in the same form.</param>
    public PublishedTablesAttribute(string method, string reads, string writes)
    {
        Method = method;
        Reads = reads;
        Writes = writes;
    }

    /// <summary>The documentation-comment id of the method with the routing attribute.</summary>
    public string Method { get; }

    /// <summary>The tables that it reads, as SQL names with commas between them.</summary>
    public string Reads { get; }

    /// <summary>The tables that it writes, as SQL names with commas between them.</summary>
    public string Writes { get; }
}
