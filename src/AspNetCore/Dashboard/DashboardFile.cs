using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CompileTimeRouting.AspNetCore.Dashboard;

/// <summary>A file of the page, which travels in this assembly. A browser that has it is told so.</summary>
internal sealed class DashboardFile
{
    private readonly byte[] _content;
    private readonly string _contentType;
    private readonly EntityTagHeaderValue _version;

    private DashboardFile(string name, string contentType)
    {
        Name = name;
        _contentType = contentType;
        _content = Read(name);
        _version = new EntityTagHeaderValue($"\"{Convert.ToHexString(SHA256.HashData(_content).AsSpan(0, 16))}\"");
    }

    public static DashboardFile Style { get; } = new("dashboard.css", "text/css; charset=utf-8");

    public static DashboardFile Script { get; } = new("dashboard.js", "text/javascript; charset=utf-8");

    public string Name { get; }

    public static byte[] Read(string name)
    {
        using var resource = typeof(DashboardFile).Assembly.GetManifestResourceStream(name)!;
        using var content = new MemoryStream();
        resource.CopyTo(content);
        return content.ToArray();
    }

    public Task WriteAsync(HttpContext context)
    {
        DashboardEndpoints.Protect(context.Response);
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(_content, _contentType, entityTag: _version).ExecuteAsync(context);
    }
}
