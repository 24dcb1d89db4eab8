namespace CompileTimeRouting.Roslyn;

/// <summary>The rules, with the arguments of their messages. {0} is always the routed method's name.</summary>
internal static class RuleIds
{
    /// <summary>{1}, a containing type or the method itself, must be partial. Location: the name of what isn't partial.</summary>
    public const string NotPartial = "CTR001";

    /// <summary>Nothing in {1} can open the core's first parameter; {2} is the type that one must have, {3} the kinds of member it may be.</summary>
    public const string NoSource = "CTR002";

    /// <summary>{1} has two or more sources: {2}, a list of names.</summary>
    public const string SeveralSources = "CTR003";

    /// <summary>No shim can be generated for this signature: {1}, a clause that says why.</summary>
    public const string UnsupportedSignature = "CTR004";

    /// <summary>The result {1} would be used after its connection was given back: {2}, a clause that says how.</summary>
    public const string ResultEscapes = "CTR005";

    /// <summary>The overload without the connection would collide with {1}.</summary>
    public const string ShimCollides = "CTR006";

    /// <summary>The core is missing, ambiguous or doesn't match: {1}, a clause that says which and what it must look like.</summary>
    public const string CoreMismatch = "CTR007";

    /// <summary>The method has both attributes.</summary>
    public const string BothAttributes = "CTR008";

    /// <summary>The SQL uses a parameter {1} that the method doesn't have.</summary>
    public const string SqlParameterMissing = "CTR009";

    /// <summary>The method has a parameter {1} that the SQL doesn't use.</summary>
    public const string MethodParameterUnused = "CTR010";

    /// <summary>The result type {1} has no place for a column, or a member without column: {2}.</summary>
    public const string ResultColumnMismatch = "CTR011";

    /// <summary>The SQL can't be used in an attribute: {1}, a clause that says why.</summary>
    public const string UnusableSql = "CTR012";

    /// <summary>{1}, the type of a parameter or result, has no PostgreSQL mapping.</summary>
    public const string UnmappedType = "CTR013";

    /// <summary>The attribute's value {1} is invalid or without effect: {2}, a clause that says why.</summary>
    public const string AttributeValue = "CTR014";

    /// <summary>The attribute has SQL, but the method has a body.</summary>
    public const string SqlAndBody = "CTR015";

    /// <summary>A write is to be tried again, but isn't one transaction: {1}, a clause that says why.</summary>
    public const string NotOneTransaction = "CTR016";

    /// <summary>The SQL of a read writes, with the word {1}; {2}, a clause, says whether a replica refuses that.</summary>
    public const string SqlWrites = "CTR101";

    /// <summary>The SQL of a read takes locks that a replica refuses, with the words {1}.</summary>
    public const string SqlLocks = "CTR102";

    /// <summary>The SQL of a read calls the function {1}; {2}, a clause, says whether a replica refuses that.</summary>
    public const string SqlCallsWrite = "CTR103";

    /// <summary>A read calls {1}, an API that writes; {2}, a clause, says how that is known.</summary>
    public const string ApiWrites = "CTR104";

    /// <summary>A read reaches {2}, a write, through the methods {1}, in the order of the calls.</summary>
    public const string ReachesWrite = "CTR105";

    /// <summary>A read calls the <c>[WriteCommand]</c> {1}.</summary>
    public const string CallsWriteCommand = "CTR106";

    /// <summary>The SQL of a read needs {1}, a setting or object that a replica refuses.</summary>
    public const string SqlNeedsPrimary = "CTR107";

    /// <summary>What a read runs isn't known: {1}, a clause that says why.</summary>
    public const string UnknownSql = "CTR108";

    /// <summary>The SQL of a read calls the database's routine {1}; {2}, a clause, says what is known of it.</summary>
    public const string CallsRoutine = "CTR109";

    /// <summary>A read notes a change with {1} that nothing saves.</summary>
    public const string TracksChange = "CTR110";

    /// <summary>The catalog snapshot {0} can't be read: {1} says why.</summary>
    public const string CatalogUnreadable = "CTR111";

    /// <summary>The read follows the write {2} of the table {1}; {3} is the way, in brackets, or nothing.</summary>
    public const string ReadAfterWrite = "CTR201";

    /// <summary>A replica's answer {1}, a verb, the write {2}; {3} says of which tables, {4} is the way, in brackets, or nothing.</summary>
    public const string DecidesWrite = "CTR202";

    /// <summary>The read follows the write {2} of the table {1} in a transaction that it takes no part in; {3} is the way, in brackets, or nothing.</summary>
    public const string OutsideTransaction = "CTR203";

    /// <summary>The handler {0} of {1}, safe HTTP methods, reaches the <c>[WriteCommand]</c> {2}; {3} is the way, in brackets, or nothing.</summary>
    public const string WriteOnGet = "CTR301";

    /// <summary>A method without routing attribute {1}: {2} is the attribute for it.</summary>
    public const string Unmarked = "CTR302";
}
