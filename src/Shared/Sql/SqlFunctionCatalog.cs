namespace CompileTimeRouting.Sql;

/// <summary>
/// The functions of PostgreSQL 15 to 18 and of its contrib extensions: those that a hot standby refuses, as each was
/// called on one, those that it accepts but that belong on the primary, and all the others, which only read.
/// Volatility is no substitute: <c>txid_current</c> is stable and refused, <c>random</c> is volatile and harmless.
/// </summary>
internal static partial class SqlFunctionCatalog
{
    private const string Refused =
        // sequences, notifications, WAL
        "nextval setval pg_nextoid pg_notify pg_current_wal_lsn pg_current_wal_insert_lsn pg_current_wal_flush_lsn pg_switch_wal "
        + "pg_create_restore_point pg_log_standby_snapshot pg_logical_emit_message "
        // large objects
        + "lo_creat lo_create lo_from_bytea lo_import lo_put lo_truncate lo_truncate64 lo_unlink lowrite "
        // replication origins
        + "pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_oid "
        + "pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress "
        + "pg_replication_origin_session_reset pg_replication_origin_session_setup pg_replication_origin_xact_reset "
        + "pg_replication_origin_xact_setup "
        // statistics of the planner, indexes, catalogs
        + "pg_clear_attribute_stats pg_clear_relation_stats pg_restore_attribute_stats pg_restore_relation_stats "
        + "brin_desummarize_range brin_summarize_new_values brin_summarize_range gin_clean_pending_list pg_import_system_collations "
        // contrib: amcheck, pg_surgery, pg_visibility, lo
        + "bt_index_parent_check heap_force_freeze heap_force_kill pg_truncate_visibility_map lo_manage";

    private const string RefusedInPlanning = "pg_current_xact_id txid_current pg_walfile_name pg_walfile_name_offset";

    private const string Primary =
        // locks that only the primary's sessions respect
        "pg_advisory_lock pg_advisory_lock_shared pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared "
        + "pg_advisory_xact_lock pg_advisory_xact_lock_shared pg_try_advisory_lock pg_try_advisory_lock_shared "
        + "pg_try_advisory_xact_lock pg_try_advisory_xact_lock_shared "
        // what the session keeps; currval and lastval ask for what nextval left in it
        + "set_config setseed currval lastval set_limit pg_export_snapshot "
        // statistics
        + "pg_stat_reset pg_stat_reset_backend_stats pg_stat_reset_replication_slot pg_stat_reset_shared "
        + "pg_stat_reset_single_function_counters pg_stat_reset_single_table_counters pg_stat_reset_slru "
        + "pg_stat_reset_subscription_stats pg_stat_statements_reset "
        // the server
        + "pg_reload_conf pg_rotate_logfile pg_rotate_logfile_old pg_logfile_rotate pg_promote pg_wal_replay_pause "
        + "pg_wal_replay_resume pg_cancel_backend pg_terminate_backend "
        + "pg_backup_start pg_backup_stop pg_start_backup pg_stop_backup pg_extension_config_dump "
        // replication slots
        + "pg_copy_logical_replication_slot pg_copy_physical_replication_slot pg_create_logical_replication_slot "
        + "pg_create_physical_replication_slot pg_drop_replication_slot pg_logical_slot_get_binary_changes "
        + "pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes "
        + "pg_replication_slot_advance pg_sync_replication_slots "
        // files of the server; the last four are adminpack's
        + "lo_export pg_file_write pg_file_sync pg_file_rename pg_file_unlink";

    private const string RunsRemotely =
        "dblink dblink_cancel_query dblink_close dblink_connect dblink_connect_u dblink_disconnect dblink_exec dblink_fetch "
        + "dblink_get_result dblink_open dblink_send_query";

    private const string RunsText =
        "query_to_xml query_to_xmlschema query_to_xml_and_xmlschema ts_stat ts_rewrite crosstab crosstab2 crosstab3 crosstab4 "
        + "xpath_table";

    private static readonly Dictionary<string, SqlFunctionRole> BuiltIn = Roles(BuiltInNames, isBuiltIn: true);

    private static readonly Dictionary<string, SqlFunctionRole> Contrib = Roles(ContribNames, isBuiltIn: false);

    /// <summary>
    /// A built-in function's role. An extension's functions lie in whatever schema it was created in; in one other than
    /// <c>pg_catalog</c> a built-in name is somebody else's function.
    /// </summary>
    /// <param name="schema">Null when the search path decides.</param>
    /// <param name="name">As the server folds it.</param>
    public static SqlFunctionRole Role(string? schema, string name)
    {
        if (schema is null or "pg_catalog" && BuiltIn.TryGetValue(name, out var role))
            return role;
        return Contrib.TryGetValue(name, out role) ? role : SqlFunctionRole.Unknown;
    }

    private static Dictionary<string, SqlFunctionRole> Roles(string harmless, bool isBuiltIn)
    {
        var roles = new Dictionary<string, SqlFunctionRole>(StringComparer.Ordinal);
        foreach (var name in harmless.Split(' '))
            roles[name] = SqlFunctionRole.Harmless;
        foreach (var (names, role) in new[]
        {
            (Refused, SqlFunctionRole.Refused),
            (RefusedInPlanning, SqlFunctionRole.RefusedInPlanning),
            (Primary, SqlFunctionRole.Primary),
            (RunsRemotely, SqlFunctionRole.RunsRemotely),
            (RunsText, SqlFunctionRole.RunsText),
            ("lo_open", SqlFunctionRole.OpensLargeObject),
        })
        {
            foreach (var name in names.Split(' '))
            {
                // Some names are older than the lists: pg_start_backup, pg_file_write.
                if (isBuiltIn || roles.ContainsKey(name))
                    roles[name] = role;
            }
        }

        return roles;
    }
}
