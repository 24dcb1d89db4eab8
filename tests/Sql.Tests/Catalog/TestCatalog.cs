namespace CompileTimeRouting.Sql.Tests;

/// <summary>A catalog for tests, by its file's text.</summary>
internal static class TestCatalog
{
    public const string Json = """
        {
          "version": 1,
          "searchPath": ["app", "public"],
          "functions": [
            { "schema": "app", "name": "reads", "arguments": ["integer"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica", "reads": ["app.customers"] },
            { "schema": "app", "name": "book", "arguments": ["integer", "text"], "defaults": 1, "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["appointments"] },
            { "schema": "app", "name": "book_all", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["book"] },
            { "schema": "app", "name": "outermost", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["app.book_all", "reads"] },
            { "schema": "app", "name": "overloaded", "arguments": ["integer"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" },
            { "schema": "app", "name": "overloaded", "arguments": ["integer", "integer"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "DELETE", "writes": ["app.customers"] },
            { "schema": "app", "name": "overloaded", "arguments": ["text"], "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" },
            { "schema": "app", "name": "many", "arguments": ["text", "integer[]"], "variadic": true, "kind": "function", "volatility": "stable", "language": "sql", "route": "replica" },
            { "schema": "app", "name": "many", "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "reason": "calls pg_advisory_lock" },
            { "schema": "app", "name": "in_c", "arguments": ["integer"], "kind": "function", "volatility": "immutable", "language": "c", "route": "unknown", "reason": "is written in c" },
            { "schema": "app", "name": "calls_c", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["app.in_c"] },
            { "schema": "app", "name": "calls_missing", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "calls": ["gone"] },
            { "schema": "app", "name": "ping", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.pong"] },
            { "schema": "app", "name": "pong", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.ping"] },
            { "schema": "app", "name": "ping_writes", "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.pong_writes"] },
            { "schema": "app", "name": "pong_writes", "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "replica", "calls": ["app.ping_writes", "book"] },
            { "schema": "app", "name": "cached", "kind": "function", "volatility": "stable", "language": "sql", "route": "replica", "reads": ["app.cache"] },
            { "schema": "app", "name": "lower", "arguments": ["app.customers"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "INSERT" },
            { "schema": "hidden", "name": "upper", "arguments": ["text"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "INSERT" },
            { "schema": "hidden", "name": "elsewhere", "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "INSERT" },
            { "schema": "hidden", "name": "reads", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "INSERT" },
            { "schema": "app", "name": "audit_trigger", "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["audit"] },
            { "schema": "app", "name": "total", "arguments": ["integer"], "kind": "aggregate", "volatility": "immutable", "language": "internal", "route": "replica", "calls": ["app.book"] },
            { "schema": "app", "name": "report", "arguments": ["integer"], "kind": "procedure", "volatility": "volatile", "language": "plpgsql", "route": "replica", "reads": ["app.customers"] },
            { "schema": "app", "name": "archive", "kind": "procedure", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "DELETE", "writes": ["app.appointments"] },
            { "schema": "app", "name": "full_name", "arguments": ["app.customers"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "calls nextval" },
            { "schema": "app", "name": "keys", "arguments": ["integer"], "kind": "function", "volatility": "volatile", "language": "sql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["audit"] },
            { "schema": "app", "name": "with_path", "kind": "function", "volatility": "volatile", "language": "sql", "route": "replica", "searchPath": ["hidden"], "calls": ["reads"] },
            { "schema": "app", "name": "logged_equal", "arguments": ["integer", "integer"], "kind": "function", "volatility": "volatile", "language": "plpgsql", "route": "primary", "refused": true, "reason": "INSERT", "writes": ["audit"] }
          ],
          "relations": [
            { "schema": "app", "name": "customers", "kind": "table", "columns": [{ "name": "id", "type": "bigint", "notNull": true }, { "name": "name", "type": "text" }] },
            { "schema": "app", "name": "appointments", "kind": "partitioned table",
              "triggers": [{ "name": "audited", "events": ["insert", "update"], "function": "app.audit_trigger" }],
              "foreignKeys": [{ "name": "customer", "columns": ["customer_id"], "references": "app.customers", "onDelete": "cascade", "onUpdate": "no action" }] },
            { "schema": "app", "name": "appointments_2026", "kind": "table", "parents": ["app.appointments"] },
            { "schema": "app", "name": "reminders", "kind": "table",
              "foreignKeys": [{ "name": "appointment", "columns": ["appointment_id"], "references": "app.appointments", "onDelete": "set null", "onUpdate": "cascade" }] },
            { "schema": "app", "name": "audit", "kind": "table" },
            { "schema": "app", "name": "cache", "kind": "table", "unlogged": true },
            { "schema": "app", "name": "upcoming", "kind": "view", "reads": ["app.appointments", "app.customers"] },
            { "schema": "app", "name": "next_ones", "kind": "view", "reads": ["app.upcoming"] },
            { "schema": "app", "name": "numbered", "kind": "view", "route": "primary", "refused": true, "reason": "calls nextval", "reads": ["app.customers"] },
            { "schema": "app", "name": "booking", "kind": "view", "reads": ["app.customers"], "calls": ["app.outermost"] },
            { "schema": "app", "name": "over_booking", "kind": "view", "reads": ["app.booking"] },
            { "schema": "app", "name": "over_cache", "kind": "view", "reads": ["app.cache", "app.customers"] },
            { "schema": "app", "name": "in_c_view", "kind": "view", "calls": ["app.in_c"] },
            { "schema": "app", "name": "totals", "kind": "materialized view" },
            { "schema": "app", "name": "secured", "kind": "table", "calls": ["app.book"] },
            { "schema": "app", "name": "dropped", "kind": "table",
              "rules": [{ "name": "drop_it", "events": ["insert"], "instead": true, "nothing": true }] },
            { "schema": "app", "name": "sometimes", "kind": "table",
              "rules": [{ "name": "drop_some", "events": ["insert"], "instead": true, "conditional": true, "nothing": true }] },
            { "schema": "app", "name": "both", "kind": "table",
              "rules": [{ "name": "a", "events": ["insert"], "instead": true, "nothing": true }, { "name": "b", "events": ["insert"], "writes": ["app.audit"] }] },
            { "schema": "app", "name": "redirected", "kind": "view",
              "rules": [{ "name": "to_audit", "events": ["insert"], "instead": true, "writes": ["app.audit"] }] },
            { "schema": "public", "name": "customers", "kind": "table", "unlogged": true },
            { "schema": "hidden", "name": "Odd \"Name\"", "kind": "table" },
            { "schema": "hidden", "name": "only_here", "kind": "table", "unlogged": true }
          ],
          "operators": [{ "name": "===", "function": "app.logged_equal" }, { "name": "=", "function": "app.in_c" }],
          "enums": [{ "schema": "app", "name": "mood", "labels": ["sad", "ok"] }]
        }
        """;

    public static SqlCatalog Catalog { get; } = Parse(Json);

    public static SqlCatalog Parse(string json)
    {
        var parse = SqlCatalog.Parse(json);
        Assert.True(parse.Error is null, parse.Error?.ToString());
        return parse.Catalog!;
    }
}
