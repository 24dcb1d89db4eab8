using System.ComponentModel;

namespace CompileTimeRouting;

/// <summary>
/// Tells other assemblies that a method of this one writes to the database, which its metadata doesn't show. The generator
/// makes these attributes and the analyzers read them; they aren't meant to be written by hand.
/// </summary>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class PublishedEffectAttribute : Attribute
{
    /// <summary>Says what a method does.</summary>
    /// <param name="method">The documentation-comment id of the method, accessor or constructor, as in <c>M:Shop.Orders.Save(Shop.Order)</c>.</param>
    /// <param name="write">The words of the SQL or the name of the API that make it a write, as in <c>INSERT</c> or <c>SaveChanges</c>.</param>
    public PublishedEffectAttribute(string method, string write)
    {
        Method = method;
        Write = write;
    }

    /// <summary>The documentation-comment id of the method, accessor or constructor.</summary>
    public string Method { get; }

    /// <summary>The words of the SQL or the name of the API that make it a write.</summary>
    public string Write { get; }
}
