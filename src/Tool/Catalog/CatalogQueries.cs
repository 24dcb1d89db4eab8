namespace CompileTimeRouting.Tool.Catalog;

/// <summary>
/// What is asked of the system catalogs of PostgreSQL 15 and later. $1 are the schemas, or null for all but the system's.
/// Names come qualified and quoted where they must be, because the search path is empty meanwhile.
/// </summary>
internal static class CatalogQueries
{
    private const string Schemas = """
        n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and ($1::text[] is null or n.nspname = any ($1))
        """;

    /// <summary>The function's name, unless it is built in.</summary>
    private const string NameOfFunction = "(select format('%I.%I', fn.nspname, f.proname) from pg_proc f join pg_namespace fn on fn.oid = f.pronamespace where f.oid = ";

    public const string Settings =
        "select current_schemas(false)::text[], current_setting('server_version_num')::int, current_setting('standard_conforming_strings') = 'on'";

    public const string SchemasThere = $"select n.nspname::text from pg_namespace n where {Schemas}";

    public const string Functions = $"""
        select n.nspname::text, p.proname::text, p.prokind::text, p.provolatile::text, l.lanname::text,
               array(select format_type(t.type, null)
                     from unnest(case when p.prokind = 'p' and p.proallargtypes is not null then p.proallargtypes else p.proargtypes::oid[] end)
                          with ordinality t(type, i)
                     where p.prokind <> 'p' or p.proargmodes is null or p.proargmodes[t.i] <> 't'
                     order by t.i)::text[],
               p.pronargdefaults::int, p.provariadic <> 0, p.prosrc, pg_get_function_sqlbody(p.oid), p.proconfig,
               exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'),
               array(select format('%I.%I', fn.nspname, f.proname)
                     from pg_aggregate a, pg_proc f join pg_namespace fn on fn.oid = f.pronamespace
                     where a.aggfnoid = p.oid and fn.nspname <> 'pg_catalog'
                       and f.oid in (a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn)
                     order by 1)::text[]
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
        where {Schemas}
        """;

    public const string Relations = $"""
        select c.oid, n.nspname::text, c.relname::text, c.relkind::text, c.relpersistence::text,
               case when c.relkind = 'v' then pg_get_viewdef(c.oid) end,
               array(select pg_get_expr(p.polqual, p.polrelid) from pg_policy p
                     where c.relrowsecurity and p.polrelid = c.oid and p.polcmd in ('r', '*') and p.polqual is not null order by p.polname)
                 || array(select pg_get_expr(d.adbin, d.adrelid) from pg_attribute a join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                          where a.attrelid = c.oid and a.attgenerated = 'v' order by a.attnum)
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't' and {Schemas}
        """;

    public const string Columns = $"""
        select c.oid, a.attname::text, format_type(a.atttypid, a.atttypmod), a.attnotnull
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f') and {Schemas}
        order by c.oid, a.attnum
        """;

    /// <summary>Of all schemas: a child may lie where nobody looks.</summary>
    public const string Parents = """
        select i.inhrelid, i.inhparent, format('%I.%I', n.nspname, c.relname), h.relpersistence = 'u'
        from pg_inherits i join pg_class c on c.oid = i.inhparent join pg_namespace n on n.oid = c.relnamespace
             join pg_class h on h.oid = i.inhrelid
        where c.relkind in ('r', 'p', 'f')
        order by i.inhrelid, i.inhseqno
        """;

    public const string Triggers = $"""
        select c.oid, t.tgname::text, t.tgtype::int, {NameOfFunction} t.tgfoid)
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where not t.tgisinternal and t.tgenabled in ('O', 'A') and {Schemas}
        order by c.oid, t.tgname
        """;

    public const string Rules = $"""
        select c.oid, r.rulename::text, r.ev_type::text, r.is_instead, r.ev_qual::text <> '<>', pg_get_ruledef(r.oid)
        from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
        where r.ev_type <> '1' and r.ev_enabled in ('O', 'A') and {Schemas}
        order by c.oid, r.rulename
        """;

    /// <summary>Those that partitions inherit are their table's.</summary>
    public const string ForeignKeys = $"""
        select c.oid, k.conname::text,
               array(select a.attname from unnest(k.conkey) with ordinality u(n, i) join pg_attribute a on a.attrelid = c.oid and a.attnum = u.n order by u.i)::text[],
               format('%I.%I', rn.nspname, r.relname), k.confdeltype::text, k.confupdtype::text
        from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
             join pg_class r on r.oid = k.confrelid join pg_namespace rn on rn.oid = r.relnamespace
        where k.contype = 'f' and k.conparentid = 0 and {Schemas}
        order by c.oid, k.conname
        """;

    public const string Operators = $"""
        select distinct o.oprname::text, {NameOfFunction} o.oprcode)
        from pg_operator o join pg_namespace n on n.oid = o.oprnamespace join pg_proc p on p.oid = o.oprcode
        where p.pronamespace <> 'pg_catalog'::regnamespace and {Schemas}
        """;

    public const string Enums = $"""
        select n.nspname::text, t.typname::text, array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)::text[]
        from pg_type t join pg_namespace n on n.oid = t.typnamespace
        where t.typtype = 'e' and {Schemas}
        """;
}
