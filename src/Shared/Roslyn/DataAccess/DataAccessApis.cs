using Microsoft.CodeAnalysis;

namespace CompileTimeRouting.Roslyn.DataAccess;

/// <summary>The methods of libraries that write without being given SQL, and the parameters that take SQL.</summary>
internal static class DataAccessApis
{
    private const string Ef = "Microsoft.EntityFrameworkCore";

    /// <summary>Namespaces whose <c>query</c>, <c>command</c> or <c>text</c> is SQL.</summary>
    private static readonly string[] DataNamespaces =
    [
        "System.Data", "Npgsql", "Dapper", Ef, "Microsoft.Data", "MySql", "MySqlConnector", "Oracle", "FirebirdSql", "NPoco", "PetaPoco", "RepoDb",
        "Insight.Database", "ServiceStack.OrmLite", "SqlKata", "LinqToDB", "FreeSql", "SqlSugar", "NHibernate", "Weasel", "Marten", "DbUp", "Rebus.PostgreSql",
    ];

    /// <summary>Parameters of these names take SQL wherever they are declared.</summary>
    private static readonly HashSet<string> SqlNames = new(
        ["sql", "sqls", "commandText", "cmdText", "rawSql", "sqlQuery", "sqlStatement", "sqlCommand", "querySql", "sqlFormat", "selectCommandText", "copyFromCommand", "copyToCommand", "copyCommand"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> SqlNamesOfDataNamespaces = new(
        ["query", "command", "statement", "text", "queryString", "queryText"], StringComparer.OrdinalIgnoreCase);

    /// <summary>Namespace, type (<c>*</c>: any) and method, of which <c>*</c> at the end stands for any more letters.</summary>
    private static readonly (string Namespace, string Type, string[] Methods)[] Writes =
    [
        (Ef, "*", ["ExecuteUpdate", "ExecuteUpdateAsync", "ExecuteDelete", "ExecuteDeleteAsync"]),
        (Ef, "RelationalDatabaseFacadeExtensions", ["Migrate", "MigrateAsync"]),
        (Ef, "DatabaseFacade", ["EnsureCreated", "EnsureCreatedAsync", "EnsureDeleted", "EnsureDeletedAsync"]),
        (Ef, "IMigrator", ["Migrate", "MigrateAsync"]),
        (Ef, "IRelationalDatabaseCreator", ["Create*", "Delete*", "EnsureCreated*", "EnsureDeleted*"]),
        (Ef, "RelationalDatabaseCreator", ["Create*", "Delete*", "EnsureCreated*", "EnsureDeleted*"]),
        (Ef, "IDatabaseCreator", ["EnsureCreated*", "EnsureDeleted*"]),
        ("Npgsql", "NpgsqlConnection", ["BeginBinaryImport*", "BeginTextImport*"]),
        ("Npgsql", "*", ["CreateReplicationSlot*", "CreatePgOutputReplicationSlot*", "CreateTestDecodingReplicationSlot*", "DropReplicationSlot*"]),
        ("Npgsql", "NpgsqlLargeObjectManager", ["Create*", "OpenReadWrite*", "Unlink*", "ImportRemote*"]),
        ("System.Data.Common", "DbDataAdapter", ["Update"]),
        ("System.Data", "IDataAdapter", ["Update"]),
        ("Microsoft.Data.SqlClient", "SqlBulkCopy", ["WriteToServer*"]),
        ("System.Data.SqlClient", "SqlBulkCopy", ["WriteToServer*"]),
        ("MySqlConnector", "MySqlBulkCopy", ["WriteToServer*"]),
        ("Dapper.Contrib.Extensions", "SqlMapperExtensions", ["Insert*", "Update*", "Delete*"]),
        ("Dapper", "SimpleCRUD", ["Insert*", "Update*", "Delete*"]),
        ("Dapper.FastCrud", "*", ["Insert*", "Update*", "Delete*", "BulkUpdate*", "BulkDelete*"]),
        ("Dommel", "DommelMapper", ["Insert*", "Update*", "Delete*"]),
        ("DapperExtensions", "*", ["Insert*", "Update*", "Delete*"]),
        ("Z.Dapper.Plus", "*", ["Bulk*"]),
        ("RepoDb", "DbConnectionExtension", ["Insert*", "Update*", "Merge*", "Delete*", "Truncate*", "Bulk*"]),
        ("RepoDb", "NpgsqlConnectionExtension", ["Binary*"]),
        ("EFCore.BulkExtensions", "*", ["BulkInsert*", "BulkUpdate*", "BulkDelete*", "BulkSaveChanges*", "Truncate*", "BatchDelete*", "BatchUpdate*"]),
        ("FlexLabs.EntityFrameworkCore.Upsert", "*", ["Run*"]),
        ("PhenX.EntityFrameworkCore.BulkInsert", "*", ["ExecuteBulkInsert*"]),
        ("Z.EntityFramework", "*", ["BulkInsert*", "BulkUpdate*", "BulkDelete*", "BulkMerge*", "BulkSaveChanges*", "SingleInsert*", "SingleUpdate*", "DeleteFromQuery*", "UpdateFromQuery*", "InsertFromQuery*", "DeleteByKey*"]),
        ("LinqToDB", "*", ["Insert*", "Update*", "Delete*", "Merge*", "BulkCopy*", "CreateTable*", "DropTable*", "Truncate*"]),
        ("NHibernate", "ISession", ["Save*", "Update*", "Delete*", "Merge*", "Persist*", "Flush*"]),
        ("NHibernate", "IStatelessSession", ["Insert*", "Update*", "Delete*"]),
        ("NHibernate", "IQuery", ["ExecuteUpdate*"]),
        ("NPoco", "*", ["Insert*", "Update*", "Delete*", "Save*"]),
        ("PetaPoco", "*", ["Insert*", "Update*", "Delete*", "Save*"]),
        ("ServiceStack.OrmLite", "*", ["Insert*", "Update*", "Delete*", "Save*", "CreateTable*", "DropTable*", "DropAndCreateTable*", "BulkInsert*"]),
        ("SqlKata.Execution", "*", ["Insert*", "Update*", "Delete*", "Increment*", "Decrement*"]),
        ("YesSql", "ISession", ["Flush*"]),
        ("Microsoft.AspNetCore.Identity", "UserManager", ["Create*", "Update*", "Delete*", "Add*", "Remove*", "Replace*", "Set*", "Change*", "Confirm*", "Reset*", "AccessFailed*", "GenerateNewTwoFactorRecoveryCodes*", "RedeemTwoFactorRecoveryCode*"]),
        // Who counts failures, or forgets them, stores the user.
        ("Microsoft.AspNetCore.Identity", "SignInManager", ["PasswordSignIn*", "CheckPasswordSignIn*", "TwoFactorSignIn*", "TwoFactorAuthenticatorSignIn*", "TwoFactorRecoveryCodeSignIn*", "PasskeySignIn*", "UpdateExternalAuthenticationTokens*"]),
        ("Microsoft.AspNetCore.Identity", "RoleManager", ["Create*", "Update*", "Delete*", "Add*", "Remove*", "Set*"]),
    ];

    private static readonly ILookup<char, (string Namespace, string Type, string Method)> WritesByInitial = Writes
        .SelectMany(static w => w.Methods.Select(m => (w.Namespace, w.Type, Method: m)))
        .ToLookup(static w => w.Method[0]);

    /// <summary>What a call of a method without a body in source does, whatever it is given.</summary>
    public static ApiEffect EffectOf(IMethodSymbol method)
    {
        var name = method.Name;
        if (name is "SaveChanges" or "SaveChangesAsync" or "SaveEntitiesAsync")
            return ApiEffect.Writes;
        if (name is "ExecuteNonQuery" or "ExecuteNonQueryAsync" && method.ContainingType is { } command && IsIn(command, "System.Data", "Npgsql", "Microsoft.Data", "MySqlConnector"))
            return ApiEffect.RunsCommand;
        if (IsUnitOfWork(method))
            return ApiEffect.Writes;
        // What the transaction is about to do isn't said here.
        if (name == "EnlistTransaction" && IsConnectionLike(method.ContainingType))
            return ApiEffect.Unknown;
        if (name.Length > 0 && method.ContainingType is { } type)
        {
            foreach (var (space, typeName, pattern) in WritesByInitial[name[0]])
            {
                if (Fits(name, pattern) && IsOfType(type, space, typeName) && !IsPreparation(name))
                    return ApiEffect.Writes;
            }

            if (IsRepository(type) && ChangeNames.IsChange(name))
                return ApiEffect.Writes;
            if (IsBulkWrite(name) && method.Parameters.Any(static p => IsConnectionLike(p.Type)))
                return ApiEffect.Writes;
            if (IsTracked(method, type))
                return ApiEffect.TracksChange;
            if (type.Name == "EntityFrameworkQueryableExtensions" && name.EndsWith("Async", StringComparison.Ordinal))
                return ApiEffect.Reads;
        }

        return ApiEffect.None;
    }

    /// <summary>Whether a parameter takes SQL.</summary>
    /// <param name="parameter">The parameter.</param>
    /// <param name="hasBody">Whether the method's own body is read: then only a mark counts, because the body tells.</param>
    public static bool TakesSql(IParameterSymbol parameter, bool hasBody)
    {
        var type = parameter.Type is IArrayTypeSymbol array ? array.ElementType : parameter.Type;
        if (!(type.SpecialType == SpecialType.System_String || type.Name == "FormattableString" || type.Name.EndsWith("InterpolatedStringHandler", StringComparison.Ordinal)))
            return false;
        if (IsMarkedSql(parameter))
            return true;
        if (hasBody)
            return false;
        return SqlNames.Contains(parameter.Name) ||
            (SqlNamesOfDataNamespaces.Contains(parameter.Name) && parameter.ContainingType is { } container && IsIn(container, DataNamespaces));
    }

    /// <summary>Whether a property takes SQL when it is assigned.</summary>
    public static bool TakesSql(IPropertySymbol property) =>
        property.Type.SpecialType == SpecialType.System_String &&
        ((property.Name == "CommandText" && property.ContainingType is { } type && IsCommand(type)) || IsMarkedSql(property));

    /// <summary>Whether the SQL given to a method is meant to return no rows, by its name.</summary>
    public static bool IsNonQuery(string method) =>
        method is "Execute" or "ExecuteAsync" or "RunSqlAsync" or "RunSql" ||
        method.StartsWith("ExecuteSql", StringComparison.Ordinal) || method.StartsWith("ExecuteNonQuery", StringComparison.Ordinal);

    /// <summary>Whether <c>{0}</c> in its format is a value, as in EF's raw SQL.</summary>
    public static bool HasNumberedValues(IMethodSymbol method) =>
        method.Name.Contains("Raw") && method.ContainingType is { } type && IsIn(type, Ef);

    /// <summary>Whether <c>{value}</c> in an interpolated string is a value, as in EF's interpolated SQL.</summary>
    public static bool HasInterpolatedValues(IParameterSymbol parameter) => parameter.Type.Name == "FormattableString";

    /// <summary>Whether a method runs whatever method it is told to, by reflection.</summary>
    public static bool RunsAnyMethod(IMethodSymbol method) =>
        method is { Name: "Invoke", ContainingType.Name: "MethodBase" or "MethodInfo" or "ConstructorInfo" or "MethodInvoker" or "ConstructorInvoker" }
            or { Name: "DynamicInvoke", ContainingType.Name: "Delegate" }
            or { Name: "InvokeMember", ContainingType.Name: "Type" }
            or { Name: "CreateInstance", ContainingType.Name: "Activator" or "ActivatorUtilities" };

    /// <summary>Whether a type is of a library that does with a connection only what is known of it.</summary>
    public static bool IsKnown(INamedTypeSymbol type) => IsIn(type, "System", "Npgsql", "Dapper", "Microsoft", "CompileTimeRouting");

    /// <summary>Whether values of the type reach the database.</summary>
    public static bool IsConnectionLike(ITypeSymbol? type)
    {
        if (type is ITypeParameterSymbol parameter)
            return parameter.ConstraintTypes.Any(static c => c is not ITypeParameterSymbol && IsConnectionLike(c));
        if (type is { TypeKind: TypeKind.Interface } && type.AllInterfaces.Any(static i => i.Name is "IDbConnection" or "IDbTransaction"))
            return true;
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name is "DbConnection" or "DbContext" or "DbTransaction" or "DbDataSource" or "IDbConnection" or "IDbTransaction" or "RoutedDataSource")
                return true;
        }

        return false;
    }

    public static bool IsIn(INamedTypeSymbol type, params string[] namespaces)
    {
        if (type.ContainingNamespace is not { IsGlobalNamespace: false } space)
            return false;
        foreach (var wanted in namespaces)
        {
            if (IsOrIsWithin(space, wanted))
                return true;
        }

        return false;
    }

    /// <summary>What a call does that the compiler couldn't bind, as while its package is missing: by the name alone.</summary>
    public static ApiEffect EffectOfUnbound(string name) =>
        name is "SaveChanges" or "SaveChangesAsync" or "SaveEntitiesAsync" or "ExecuteNonQuery" or "ExecuteNonQueryAsync" or
            "ExecuteUpdate" or "ExecuteUpdateAsync" or "ExecuteDelete" or "ExecuteDeleteAsync" or "EnsureCreatedAsync" or "EnsureDeletedAsync" || IsBulkWrite(name)
            ? ApiEffect.Writes
            : ApiEffect.None;

    /// <summary>
    /// Whether a member changes something that isn't found because its type is missing, or a type below it: the names tell, of
    /// a repository of entities, a unit of work or what is listed here.
    /// </summary>
    public static bool IsMissingWrite(INamedTypeSymbol? receiver, string name)
    {
        if (receiver is null || name.Length == 0 || !MissingOf(receiver).Any())
            return false;
        return MissingOf(receiver).Append(receiver).Any(type =>
            (type.IsGenericType && type.Name.Contains("Repository") && ChangeNames.IsChange(name)) ||
            (type.Name.Contains("UnitOfWork") && IsCommit(name)) ||
            WritesByInitial[name[0]].Any(w => w.Type == type.Name && Fits(name, w.Method) && !IsPreparation(name)));
    }

    /// <summary>Whether a type that isn't found is named like a connection to a database.</summary>
    public static bool IsMissingConnection(INamedTypeSymbol type) =>
        type is { TypeKind: TypeKind.Error, Name: "SqlConnection" or "SqliteConnection" or "MySqlConnection" or "OracleConnection" or "NpgsqlConnection" or "DbConnection" or "IDbConnection" or "DbContext" };

    private static IEnumerable<INamedTypeSymbol> MissingOf(INamedTypeSymbol type)
    {
        for (var level = type; level is not null; level = level.BaseType)
        {
            if (level.TypeKind == TypeKind.Error)
                yield return level;
        }

        foreach (var contract in type.AllInterfaces)
        {
            if (contract.TypeKind == TypeKind.Error)
                yield return contract;
        }
    }

    /// <summary>Whether a name says that what it names is SQL.</summary>
    public static bool IsNamedAsSql(string name) =>
        SqlNames.Contains(name.TrimStart('_')) || name.EndsWith("Sql", StringComparison.Ordinal);

    /// <summary>Whether a method that the compiler couldn't bind is given SQL, by its name alone.</summary>
    public static bool IsNamedForSql(string name) =>
        name.StartsWith("Execute", StringComparison.Ordinal) || name.StartsWith("Query", StringComparison.Ordinal) ||
        name.StartsWith("FromSql", StringComparison.Ordinal) || name.StartsWith("SqlQuery", StringComparison.Ordinal) || name == "CreateCommand";

    private static bool IsBulkWrite(string name) =>
        name.StartsWith("Bulk", StringComparison.Ordinal) && name.Substring(4) is { Length: > 0 } verb &&
        (verb.StartsWith("Insert", StringComparison.Ordinal) || verb.StartsWith("Update", StringComparison.Ordinal) || verb.StartsWith("Upsert", StringComparison.Ordinal) ||
            verb.StartsWith("Merge", StringComparison.Ordinal) || verb.StartsWith("Delete", StringComparison.Ordinal) || verb.StartsWith("Copy", StringComparison.Ordinal) ||
            verb.StartsWith("SaveChanges", StringComparison.Ordinal));

    /// <summary>Whether values of the type are commands.</summary>
    public static bool IsCommand(ITypeSymbol? type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.Name is "DbCommand" or "DbBatchCommand" or "IDbCommand")
                return true;
        }

        return type?.AllInterfaces.Any(static i => i.Name == "IDbCommand") == true;
    }

    // Insert is a write, InsertOnSubmit and the building of a query or a statement aren't yet.
    private static bool IsPreparation(string name) => name.EndsWith("Query", StringComparison.Ordinal) && name.StartsWith("Update", StringComparison.Ordinal);

    private static bool IsUnitOfWork(IMethodSymbol method) =>
        method.ContainingType is { } type && type.Name.Contains("UnitOfWork") && IsCommit(method.Name);

    private static bool IsCommit(string name) => ChangeNames.FirstWord(name) is "Commit" or "Save" or "Complete";

    // IRepositoryBase<Basket>.AddAsync of a package: whatever is behind it, it's no read. Only generic ones are repositories of
    // entities; LibGit2Sharp has a Repository, too. Of source, and of what was built with this product, more is known.
    private static bool IsRepository(INamedTypeSymbol type)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if (t.IsGenericType && t.Name.Contains("Repository"))
            {
                return type.ContainingAssembly is not (null or ISourceAssemblySymbol) &&
                    !type.ContainingAssembly.Modules.First().ReferencedAssemblies.Any(static a => a.Name == "CompileTimeRouting");
            }
        }

        return false;
    }

    private static bool IsTracked(IMethodSymbol method, INamedTypeSymbol type) =>
        method.Name is "Add" or "AddAsync" or "AddRange" or "AddRangeAsync" or "Update" or "UpdateRange" or "Remove" or "RemoveRange" &&
        type.Name is "DbContext" or "DbSet" && IsIn(type, Ef);

    private static bool IsMarkedSql(ISymbol symbol)
    {
        foreach (var attribute in symbol.GetAttributes())
        {
            if (attribute.AttributeClass?.Name is not ("StringSyntaxAttribute" or "LanguageInjectionAttribute") || attribute.ConstructorArguments.IsEmpty)
                continue;
            var argument = attribute.ConstructorArguments[0];
            var language = argument.Kind == TypedConstantKind.Enum
                ? argument.Type!.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(f => Equals(f.ConstantValue, argument.Value))?.Name
                : argument.Value as string;
            if (string.Equals(language, "sql", StringComparison.OrdinalIgnoreCase) || string.Equals(language, "postgresql", StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    private static bool Fits(string name, string pattern) => pattern[pattern.Length - 1] == '*'
        ? string.CompareOrdinal(name, 0, pattern, 0, pattern.Length - 1) == 0
        : name == pattern;

    private static bool IsOfType(INamedTypeSymbol type, string space, string name)
    {
        for (var t = type; t is not null; t = t.BaseType)
        {
            if ((name == "*" || t.Name == name) && IsIn(t, space))
                return true;
        }

        return false;
    }

    // Compared from the inside out, without building a string.
    private static bool IsOrIsWithin(INamespaceSymbol space, string wanted)
    {
        for (var at = space; at is { IsGlobalNamespace: false }; at = at.ContainingNamespace)
        {
            if (Is(at, wanted))
                return true;
        }

        return false;
    }

    private static bool Is(INamespaceSymbol space, string wanted)
    {
        var end = wanted.Length;
        for (var at = space; ; at = at.ContainingNamespace)
        {
            if (at is null or { IsGlobalNamespace: true })
                return end < 0;
            var start = end - at.Name.Length;
            if (start < 0 || string.CompareOrdinal(wanted, start, at.Name, 0, at.Name.Length) != 0 || (start > 0 && wanted[start - 1] != '.'))
                return false;
            end = start - 1;
        }
    }
}
