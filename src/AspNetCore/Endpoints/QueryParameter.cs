using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace CompileTimeRouting.AspNetCore.Endpoints;

/// <summary>Describes a query parameter that an endpoint reads itself.</summary>
internal sealed class QueryParameter(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name!;

    public bool HasTryParse => false;

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => true;
}
