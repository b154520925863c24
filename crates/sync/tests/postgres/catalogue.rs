//! What the server's catalogue must say, whatever a migration forgot.

use crate::cluster::{Team, cluster};
use mf_store::Store;
use mf_sync::core::table::TABLES;
use sqlx::PgConnection;
use std::collections::BTreeSet;

async fn none(conn: &mut PgConnection, what: &str, sql: &'static str) {
    let found: Vec<String> = sqlx::query_scalar(sql).fetch_all(conn).await.expect("asks");
    assert!(found.is_empty(), "{what}: {found:?}");
}

#[tokio::test]
async fn every_table_view_function_and_role_keeps_the_rules() {
    let team = Team::new().await;
    let mut admin = cluster().admin(&team.database).await;
    let conn = &mut admin;
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relkind = 'r'",
    )
    .fetch_one(&mut *conn)
    .await
    .expect("counts");
    assert_eq!(tables, 21, "12 synced, 9 others");
    none(
        conn,
        "without forced row level security",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relkind IN ('r', 'p')
            AND NOT (relrowsecurity AND relforcerowsecurity)",
    )
    .await;
    none(
        conn,
        "not two policies, one for members and one for the functions",
        "SELECT c.relname::text FROM pg_class c WHERE relnamespace = 'mf'::regnamespace AND relkind = 'r'
            AND (SELECT array_agg(p.polroles ORDER BY p.polname) FROM pg_policy p WHERE p.polrelid = c.oid)
                IS DISTINCT FROM ARRAY[ARRAY['mf_owner'::regrole::oid], ARRAY['mf_member'::regrole::oid]]",
    )
    .await;
    none(
        conn,
        "members may more than read",
        "SELECT c.relname || ' ' || a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
          WHERE relnamespace = 'mf'::regnamespace AND a.grantee <> 'mf_owner'::regrole
            AND NOT (a.grantee = 'mf_member'::regrole AND a.privilege_type = 'SELECT')",
    )
    .await;
    none(
        conn,
        "functions everybody may call",
        "SELECT p.proname::text FROM pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
          WHERE p.pronamespace = 'mf'::regnamespace AND a.grantee = 0",
    )
    .await;
    none(
        conn,
        "functions with their owner's rights and the caller's search path",
        "SELECT proname::text FROM pg_proc WHERE pronamespace = 'mf'::regnamespace
            AND NOT coalesce(proconfig::text, '') LIKE '%search_path=mf, pg_temp%'",
    )
    .await;
    none(
        conn,
        "views with their owner's rights",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relkind = 'v'
            AND NOT coalesce('security_invoker=true' = ANY (reloptions), false)",
    )
    .await;
    none(conn, "owned by somebody else",
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'mf'::regnamespace AND relowner <> 'mf_owner'::regrole
          UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'mf'::regnamespace
            AND proowner NOT IN ('mf_owner'::regrole, 'mf_roles'::regrole)").await;
    none(conn, "roles that could log in, or do more than they must",
        "SELECT rolname::text FROM pg_roles WHERE rolname LIKE 'mf\\_%' AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolreplication
            OR (rolcanlogin AND rolname !~ '^mf_d_[0-9a-f]{32}$') OR (rolcreaterole AND rolname <> 'mf_roles'))").await;
    none(conn, "schemas in which members could make something",
        "SELECT nspname::text FROM pg_namespace WHERE nspname = 'mf'
            AND (has_schema_privilege('mf_member', oid, 'CREATE') OR has_schema_privilege('mf_roles', oid, 'CREATE'))").await;
    // The functions that make logins own no table, and those that keep tables make no logins.
    none(
        conn,
        "tables of the role that makes roles",
        "SELECT c.relname::text FROM pg_class c WHERE relnamespace = 'mf'::regnamespace AND relkind = 'r'
            AND has_table_privilege('mf_roles', c.oid, 'INSERT, UPDATE, DELETE')",
    )
    .await;
}

/// Beside the columns every synced table has.
const COMMON: [&str; 9] =
    ["id", "team_id", "version", "base_version", "tombstone", "extra", "seq", "received_at", "actor"];

#[tokio::test]
async fn both_databases_have_the_columns_the_core_knows() {
    let team = Team::new().await;
    let mut admin = cluster().admin(&team.database).await;
    let folder = tempfile::tempdir().expect("a folder");
    let now = "2026-11-27T10:00:00Z".parse().expect("an instant");
    let ids = [1, 2, 3].map(uuid::Uuid::from_u128);
    let store = Store::open(&folder.path().join("a.db"), ids, now).await.expect("opens");
    let mut sqlite = store.read().await.expect("reads");

    let synced: BTreeSet<String> = sqlx::query_scalar(
        "SELECT tbl_name FROM sqlite_schema WHERE type = 'trigger' AND name = tbl_name || '_outbox_insert'",
    )
    .fetch_all(&mut *sqlite)
    .await
    .expect("asks")
    .into_iter()
    .collect();
    let known: BTreeSet<String> = TABLES.iter().map(|table| table.name.to_owned()).collect();
    assert_eq!(synced, known);

    for table in TABLES {
        let expected: BTreeSet<(String, bool)> =
            table.columns.iter().map(|(name, kind)| ((*name).to_owned(), kind.is_number())).collect();
        let postgres: Vec<(String, String)> = sqlx::query_as(
            "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute
              WHERE attrelid = ('mf.' || $1)::regclass AND attnum > 0 AND NOT attisdropped",
        )
        .bind(table.name)
        .fetch_all(&mut admin)
        .await
        .expect("asks");
        let postgres: BTreeSet<(String, bool)> = postgres
            .into_iter()
            .filter(|(name, _)| !COMMON.contains(&name.as_str()))
            .map(|(name, kind)| (name, kind == "bigint"))
            .collect();
        assert_eq!(postgres, expected, "{} on the server", table.name);
        let row: (String, String, String) = sqlx::query_as(
            "SELECT writer, defaults::text, parents::text FROM mf.synced_tables WHERE name = $1",
        )
        .bind(table.name)
        .fetch_one(&mut admin)
        .await
        .expect("asks");
        let pairs = |pairs: &[(&str, &str)]| {
            serde_json::Value::Object(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).into())).collect())
        };
        assert_eq!(row.0, mf_sync::members::role_name(table.write), "{}", table.name);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&row.1).expect("JSON"), pairs(table.defaults));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&row.2).expect("JSON"), pairs(table.parents));

        let stamped: String = sqlx::query_scalar(
            "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1 || '_stamped'",
        )
        .bind(table.name)
        .fetch_one(&mut *sqlite)
        .await
        .expect("a trigger");
        let columns =
            stamped.split_once("UPDATE OF").and_then(|(_, rest)| rest.split_once("ON ")).expect("columns").0;
        let columns: BTreeSet<&str> =
            columns.split(',').map(str::trim).filter(|name| !COMMON.contains(name)).collect();
        let expected: BTreeSet<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        assert_eq!(columns, expected, "{} on the laptop", table.name);
    }
    drop(sqlite);
    store.close().await;
}
