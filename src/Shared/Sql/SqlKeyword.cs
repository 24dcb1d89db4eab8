namespace CompileTimeRouting.Sql;

/// <summary>
/// The words that the grammar gives a meaning to here, each spelled as its member: <c>current_date</c> is
/// <see cref="CurrentDate"/>. What such a word is to the server, <see cref="SqlKeywords"/> knows.
/// </summary>
internal enum SqlKeyword : ushort
{
    /// <summary>Another word, or no bare word at all.</summary>
    Other,

    Abort, Access, All, Alter, Analyse, Analyze, And, Any, Array, As, Asc, Asymmetric, Atomic, Authorization, Begin, Between,
    Bigint, Binary, Bit, Boolean, Both, By, Call, Case, Cast, Char, Character, Check, Checkpoint, Close, Cluster, Coalesce,
    Collate, Collation, Column, Columns, Comment, Commit, Concurrently, Conflict, Constraint, Content, Copy, Create, Cross, Cube,
    CurrentCatalog, CurrentDate, CurrentRole, CurrentSchema, CurrentTime, CurrentTimestamp, CurrentUser, Cycle, Day, Deallocate,
    Dec, Decimal, Declare, Default, Deferrable, Delete, Desc, Discard, Distinct, Do, Document, Drop, Else, End, Escape, Except,
    Exclusive, Execute, Exists, Explain, Extract, False, Fetch, Filter, First, Float, For, Foreign, Freeze, From, Full, Function,
    Global, Grant, Greatest, Group, Grouping, Groups, Having, Hour, If, Ilike, Import, In, Index, Initially, Inner, Inout, Insert,
    Int, Int4, Integer, Intersect, Interval, Into, Is, Isnull, Join, Json, JsonArray, JsonArrayagg, JsonExists, JsonObject,
    JsonObjectagg, JsonQuery, JsonScalar, JsonSerialize, JsonTable, JsonValue, Key, Keys, Language, Lateral, Leading, Least, Left, Like,
    Limit, Listen, Load, Local, Localtime, Localtimestamp, Lock, Locked, Materialized, Merge, MergeAction, Minute, Mode, Month,
    Move, National, Natural, Nchar, No, None, Normalize, Not, Nothing, Notify, Notnull, Nowait, Null, Nullif, Numeric, Of, Off,
    Offset, On, Only, Operator, Or, Order, Ordinality, Out, Outer, Over, Overlaps, Overlay, Overriding, Partition, Passing, Path, Placing,
    Plan, Policy, Position, Precision, Prepare, Prepared, Primary, Procedure, Range, Read, Real, Reassign, Recursive, References,
    Refresh, Reindex, Release, Repack, Repeatable, Replace, Reset, Returning, Revoke, Right, Rollback, Rollup, Row, Rows,
    Savepoint, Search, Second, Security, Select, Sequence, Serializable, Session, SessionUser, Set, Setof, Sets, Share, Show,
    Similar, Skip, Smallint, Some, Start, Stdin, Stdout, Substring, Symmetric, System, SystemUser, Table, Tablesample, Temp,
    Temporary, Text, Then, Time, Timestamp, To, Trailing, Transaction, TransactionIsolation, TransactionReadOnly, Treat, Trigger,
    Trim, True, Truncate, Uescape, Union, Unique, Unlisten, Unlogged, Update, User, Using, Vacuum, Values, Varchar, Variadic,
    Varying, Verbose, View, Wait, When, Where, Window, With, Within, Without, Write, Xmlattributes, Xmlconcat, Xmlelement,
    Xmlexists, Xmlforest, Xmlnamespaces, Xmlparse, Xmlpi, Xmlroot, Xmlserialize, Xmltable, Year, Zone,
}
