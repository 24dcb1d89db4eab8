using System.Collections.Immutable;
using CompileTimeRouting.Roslyn;
using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Analyzers;

/// <summary>What each rule says. The arguments of the messages are described at <see cref="RuleIds"/>.</summary>
internal static class Descriptors
{
    private const string Usage = "Usage";
    private const string Writes = "Writes";
    private const string Consistency = "Consistency";
    private const string Http = "Http";
    private const string Adoption = "Adoption";

    public static readonly DiagnosticDescriptor NotPartial = new(
        RuleIds.NotPartial,
        "A type that contains a routed method must be partial",
        "'{1}' must be partial, so that the shim of '{0}' can be generated; add the modifier",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The shim of a routed method is generated into another part of its type, which C# allows only where the type and all types around it are partial. A routed method without a body must be partial itself.",
        HelpLink(RuleIds.NotPartial));

    public static readonly DiagnosticDescriptor NoSource = new(
        RuleIds.NoSource,
        "A routed method needs a data source",
        "'{0}' has no data source to open its connection from; give '{1}' a {3} of type '{2}'",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The shim opens its connection from a member of the type, or a parameter of its primary constructor.",
        HelpLink(RuleIds.NoSource));

    public static readonly DiagnosticDescriptor SeveralSources = new(
        RuleIds.SeveralSources,
        "A routed method must find exactly one data source",
        "'{1}' has several data sources, and '{0}' can't tell which one to open its connection from: {2}; keep one",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A guess would read from the wrong database.",
        HelpLink(RuleIds.SeveralSources));

    public static readonly DiagnosticDescriptor UnsupportedSignature = new(
        RuleIds.UnsupportedSignature,
        "The signature can't be routed",
        "'{0}' can't be routed: {1}",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The shim holds all arguments while it opens a connection and waits for the core, and stands beside the method as an ordinary member.",
        HelpLink(RuleIds.UnsupportedSignature));

    public static readonly DiagnosticDescriptor ResultEscapes = new(
        RuleIds.ResultEscapes,
        "The result outlives its connection",
        "'{0}' returns '{1}', which would be used after its connection was given back: {2}",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The connection goes back to its pool when the core has returned. What still needs it then fails, or disturbs another request.",
        HelpLink(RuleIds.ResultEscapes));

    public static readonly DiagnosticDescriptor ShimCollides = new(
        RuleIds.ShimCollides,
        "The generated shim collides with a member",
        "The shim of '{0}' would have the signature of '{1}'; remove or rename one of the two",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The overload without the connection would have the name and the parameter types of another member.",
        HelpLink(RuleIds.ShimCollides));

    public static readonly DiagnosticDescriptor CoreMismatch = new(
        RuleIds.CoreMismatch,
        "The core of a routed method is missing or differs",
        "'{0}' has no core to call: {1}",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A routed method without SQL calls a method of the same name that takes the connection, or a DbContext, first and the same parameters after it.",
        HelpLink(RuleIds.CoreMismatch));

    public static readonly DiagnosticDescriptor BothAttributes = new(
        RuleIds.BothAttributes,
        "A method is either a read or a write",
        "'{0}' is marked both [ReadQuery] and [WriteCommand]; keep [WriteCommand] if any path of it writes, otherwise [ReadQuery]",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The attribute says where the call goes, and it can't go to both.",
        HelpLink(RuleIds.BothAttributes));

    public static readonly DiagnosticDescriptor SqlParameterMissing = new(
        RuleIds.SqlParameterMissing,
        "A parameter of the SQL has no method parameter",
        "The SQL of '{0}' uses {1}, for which the method has no parameter; add one or rename one of the two",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The server would be left with a parameter without a value.",
        HelpLink(RuleIds.SqlParameterMissing));

    public static readonly DiagnosticDescriptor MethodParameterUnused = new(
        RuleIds.MethodParameterUnused,
        "A method parameter is not used by the SQL",
        "The SQL of '{0}' doesn't use its parameter '{1}'; use it or remove it",
        Usage,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A caller who passes a value expects it to matter; a forgotten condition is a common way to read too much.",
        HelpLink(RuleIds.MethodParameterUnused));

    public static readonly DiagnosticDescriptor ResultColumnMismatch = new(
        RuleIds.ResultColumnMismatch,
        "Columns and result type don't match",
        "The columns of '{0}' don't match its result '{1}': {2}; change one of the two",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Each column needs a place in the result type, and each required member a column.",
        HelpLink(RuleIds.ResultColumnMismatch));

    public static readonly DiagnosticDescriptor UnusableSql = new(
        RuleIds.UnusableSql,
        "The SQL can't be used in an attribute",
        "The SQL of '{0}' can't be used in an attribute: {1}; correct it, or give the method a core",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The generated body prepares one statement with positional parameters.",
        HelpLink(RuleIds.UnusableSql));

    public static readonly DiagnosticDescriptor UnmappedType = new(
        RuleIds.UnmappedType,
        "A type has no PostgreSQL mapping",
        "'{1}' in the signature of '{0}' has no PostgreSQL mapping; use a type that has one, or give the method a core that maps it by hand",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "The generated body uses Npgsql's own mappings and no reflection.",
        HelpLink(RuleIds.UnmappedType));

    public static readonly DiagnosticDescriptor AttributeValue = new(
        RuleIds.AttributeValue,
        "An attribute value is invalid or has no effect",
        "'{1}' on '{0}' is invalid or has no effect: {2}",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A setting that does nothing looks like a guarantee to whoever reads the code.",
        HelpLink(RuleIds.AttributeValue));

    public static readonly DiagnosticDescriptor SqlAndBody = new(
        RuleIds.SqlAndBody,
        "SQL in the attribute of a method with a body",
        "'{0}' has SQL in its attribute and a body of its own; remove the body and declare the method partial, or take the SQL out of the attribute",
        Usage,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "From SQL the whole body is generated, so one of the two would be ignored.",
        HelpLink(RuleIds.SqlAndBody));

    public static readonly DiagnosticDescriptor NotOneTransaction = new(
        RuleIds.NotOneTransaction,
        "A write that is tried again must be one transaction",
        "'{0}' is to be tried again after a serialization failure, but {1}; set Transaction = true",
        Usage,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A serialization failure rolls back the transaction in which it occurs. What the call has committed before stays, and is done once more by the next attempt.",
        HelpLink(RuleIds.NotOneTransaction));

    public static readonly DiagnosticDescriptor SqlWrites = new(
        RuleIds.SqlWrites,
        SqlRuleTitles.Writes,
        "The SQL of '{0}' writes with {1}, {2}; mark the method [WriteCommand], or take {1} out of the SQL",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A read runs on a replica, in a session that can't write.",
        HelpLink(RuleIds.SqlWrites));

    public static readonly DiagnosticDescriptor SqlLocks = new(
        RuleIds.SqlLocks,
        SqlRuleTitles.Locks,
        "The SQL of '{0}' locks with {1}, which a replica refuses; mark the method [WriteCommand], or take {1} out of the SQL",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A replica grants no lock that would keep the primary from writing.",
        HelpLink(RuleIds.SqlLocks));

    public static readonly DiagnosticDescriptor SqlCallsWrite = new(
        RuleIds.SqlCallsWrite,
        SqlRuleTitles.CallsWrite,
        "The SQL of '{0}' calls '{1}', {2}; mark the method [WriteCommand], or take the call out of the SQL",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Some functions write, and a replica refuses them; what others do would be lost on a replica.",
        HelpLink(RuleIds.SqlCallsWrite));

    public static readonly DiagnosticDescriptor ApiWrites = new(
        RuleIds.ApiWrites,
        "A read calls an API that writes",
        "'{0}' calls '{1}', {2}; mark the method [WriteCommand], or take the call out",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A read runs on a replica, in a session that can't write.",
        HelpLink(RuleIds.ApiWrites));

    public static readonly DiagnosticDescriptor ReachesWrite = new(
        RuleIds.ReachesWrite,
        "A read reaches a write through the methods it calls",
        "'{0}' reaches a write through {1}: {2}, {3}; mark the method [WriteCommand], or take the call out",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What a read calls runs where the read does: on a replica, in a session that can't write.",
        HelpLink(RuleIds.ReachesWrite));

    public static readonly DiagnosticDescriptor CallsWriteCommand = new(
        RuleIds.CallsWriteCommand,
        "A read calls a write command",
        "'{0}' calls '{1}', {2}; mark the method [WriteCommand] too, or leave the call to its caller",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Whoever calls a read counts on it not to write, and may have it run again.",
        HelpLink(RuleIds.CallsWriteCommand));

    public static readonly DiagnosticDescriptor UnknownSql = new(
        RuleIds.UnknownSql,
        "What a read runs can't be known at compile time",
        "What '{0}' runs can't be known here: {1}",
        Writes,
        DiagnosticSeverity.Hidden,
        isEnabledByDefault: true,
        "Nothing proves that the method only reads. The server still refuses what it can't do.",
        HelpLink(RuleIds.UnknownSql));

    public static readonly DiagnosticDescriptor CallsRoutine = new(
        RuleIds.CallsRoutine,
        "A read calls a routine of the database that may write",
        "The SQL of '{0}' calls '{1}', {2}; mark the method [WriteCommand] if that writes, or take a catalog snapshot that tells",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "What a routine does stands in the database; the catalog snapshot brings it to the compiler.",
        HelpLink(RuleIds.CallsRoutine));

    public static readonly DiagnosticDescriptor TracksChange = new(
        RuleIds.TracksChange,
        "A read tracks a change that it can't save",
        "'{0}' notes a change with '{1}', {2}; mark the method [WriteCommand] and save it, or take the call out",
        Writes,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "The context of a read is gone when the read returns, and nothing saves it.",
        HelpLink(RuleIds.TracksChange));

    public static readonly DiagnosticDescriptor CatalogUnreadable = new(
        RuleIds.CatalogUnreadable,
        "The catalog snapshot can't be read",
        "The catalog snapshot '{0}' can't be read: {1}; write it anew with 'ctr catalog pull'",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "Without it nothing is known of the database's own functions and views.",
        HelpLink(RuleIds.CatalogUnreadable));

    public static readonly DiagnosticDescriptor SqlNeedsPrimary = new(
        RuleIds.SqlNeedsPrimary,
        SqlRuleTitles.NeedsPrimary,
        "The SQL of '{0}' needs {1}, which a replica refuses; mark the method [WriteCommand], or take it out of the SQL",
        Writes,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true,
        "A replica has no serializable or writing transactions, no notifications, no temporary objects and no two-phase commit.",
        HelpLink(RuleIds.SqlNeedsPrimary));

    public static readonly DiagnosticDescriptor ReadAfterWrite = new(
        RuleIds.ReadAfterWrite,
        "A read may miss what the same flow has written",
        "'{0}' reads '{1}' after '{2}' has written it{3}, and a replica may not have that yet; set Consistency = ReadConsistency.ReadYourWrites on '{0}'",
        Consistency,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A replica is some time behind the primary. An eventual or bounded read right after the write finds the state before it.",
        HelpLink(RuleIds.ReadAfterWrite));

    public static readonly DiagnosticDescriptor DecidesWrite = new(
        RuleIds.DecidesWrite,
        "A replica's answer decides or feeds a write",
        "The answer of '{0}', which may be a replica's old one, {1} the write '{2}' ({3}){4}; read it with ReadConsistency.Strong, in the unit of work, or in the SQL of the write",
        Consistency,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "What a replica says may be out of date by its lag. A write that is computed from it undoes what others have written since.",
        HelpLink(RuleIds.DecidesWrite));

    public static readonly DiagnosticDescriptor OutsideTransaction = new(
        RuleIds.OutsideTransaction,
        "A read can't see what an open transaction has written",
        "'{0}' reads '{1}' while the transaction in which '{2}' has written it is open{3}, and takes no part in it; begin it with RoutedDataSource.BeginTransactionAsync, or read after the commit",
        Consistency,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "A routed read opens a connection of its own, unless RoutedDataSource has begun the transaction. No other connection sees what isn't committed.",
        HelpLink(RuleIds.OutsideTransaction));

    public static readonly DiagnosticDescriptor WriteOnGet = new(
        RuleIds.WriteOnGet,
        "A handler of GET requests reaches a write command",
        "'{0}' answers {1}, and reaches the [WriteCommand] '{2}'{3}; let it answer POST, PUT, PATCH or DELETE, or leave the write out",
        Http,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true,
        "GET and HEAD are safe by HTTP: browsers, crawlers and proxies send them ahead and again, and other sites can cause them.",
        HelpLink(RuleIds.WriteOnGet));

    public static readonly DiagnosticDescriptor Unmarked = new(
        RuleIds.Unmarked,
        "A data-access method has no routing attribute",
        "'{0}' {1}; mark it [{2}], so that callers need no connection and it goes where it belongs",
        Adoption,
        DiagnosticSeverity.Info,
        isEnabledByDefault: true,
        "All that the method runs is known, so that the attribute can be chosen for it.",
        HelpLink(RuleIds.Unmarked));

    /// <summary>Those on the use of the attributes.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Usages { get; } = ImmutableArray.Create(
        NotPartial,
        NoSource,
        SeveralSources,
        UnsupportedSignature,
        ResultEscapes,
        ShimCollides,
        CoreMismatch,
        BothAttributes,
        SqlParameterMissing,
        MethodParameterUnused,
        ResultColumnMismatch,
        UnusableSql,
        UnmappedType,
        AttributeValue,
        SqlAndBody,
        NotOneTransaction);

    /// <summary>Those on what reads do.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Effects { get; } = ImmutableArray.Create(
        SqlWrites,
        SqlLocks,
        SqlCallsWrite,
        ApiWrites,
        ReachesWrite,
        CallsWriteCommand,
        SqlNeedsPrimary,
        UnknownSql,
        CallsRoutine,
        TracksChange,
        CatalogUnreadable);

    /// <summary>Those on what reads must see.</summary>
    public static ImmutableArray<DiagnosticDescriptor> Flows { get; } = ImmutableArray.Create(ReadAfterWrite, DecidesWrite, OutsideTransaction);

    /// <summary>All of them, in the order of their ids.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } = Usages.AddRange(Effects).AddRange(Flows).Add(WriteOnGet).Add(Unmarked);

    private static readonly ImmutableDictionary<string, DiagnosticDescriptor> ById = All.ToImmutableDictionary(static d => d.Id);

    /// <summary>The descriptor of one of the <see cref="RuleIds"/>.</summary>
    public static DiagnosticDescriptor Of(string ruleId) => ById[ruleId];

    private static string HelpLink(string ruleId) => $"https://github.com/compiletimerouting/compiletimerouting/blob/main/docs/rules/{ruleId}.md";
}
