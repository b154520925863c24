//! Role x table x command x own and other team, spoken straight to Postgres with the person's own login. Each refusal has a
//! twin that is allowed, so that none passes because the statement was wrong.

use crate::cluster::{Team, id};
use crate::rows::{answers, family, send, stamp};
use mf_domain::role::Role;
use mf_sync::core::push::{Answer, Code};
use mf_sync::core::table;
use mf_sync::{SyncError, members};
use sqlx::{AssertSqlSafe, PgConnection};

const ROLES: [Role; 4] = [Role::Readonly, Role::Operator, Role::Manager, Role::Owner];
const OTHERS: [&str; 6] = ["teams", "members", "devices", "pushes", "audit", "synced_tables"];

async fn code(conn: &mut PgConnection, sql: String) -> Option<String> {
    match sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await {
        Ok(_) => None,
        Err(error) => Some(
            error.as_database_error().and_then(|e| e.code()).map_or_else(|| error.to_string(), Into::into),
        ),
    }
}

async fn count(conn: &mut PgConnection, table: &str) -> i64 {
    let sql = AssertSqlSafe(format!("SELECT count(*) FROM mf.{table}"));
    sqlx::query_scalar(sql).fetch_one(conn).await.expect("counts")
}

#[tokio::test]
async fn each_role_reads_its_team_writes_no_table_and_pushes_what_it_may() {
    let team = Team::new().await;
    let other = team.beside().await;
    let (mut owner, mut foreign) = (team.owner.connect().await, other.owner.connect().await);
    let rows = family(&stamp(&team.owner, 1));
    let theirs = family(&stamp(&other.owner, 1));
    for (conn, person, rows) in [(&mut owner, &team.owner, &rows), (&mut foreign, &other.owner, &theirs)] {
        assert!(answers(conn, person, rows).await.iter().all(|answer| *answer == Answer::Accepted));
    }
    for role in ROLES {
        let person = team.join(role).await;
        let mut conn = person.connect().await;
        for name in table::TABLES.iter().map(|table| table.name).chain(OTHERS) {
            // Its own team's rows and no other's: the foreign team has as many.
            let own = if name == "conflicts" { 0 } else { 1 };
            if table::find(name).is_some() {
                assert_eq!(count(&mut conn, name).await, own, "{role:?} reads {name}");
                assert_eq!(count(&mut foreign, name).await, own, "the other team reads its {name}");
            }
            let column = if name == "teams" { "id" } else { "team_id" };
            let foreign_rows = format!(
                "DO $$ BEGIN IF EXISTS (SELECT FROM mf.{name} WHERE {column} = '{}') THEN RAISE 'seen' USING ERRCODE = 'MF009'; END IF; END $$",
                other.team
            );
            if name != "synced_tables" {
                assert_eq!(code(&mut conn, foreign_rows).await, None, "{role:?} and the other team's {name}");
            }
            for write in [
                format!("INSERT INTO mf.{name} DEFAULT VALUES"),
                format!("DELETE FROM mf.{name}"),
                format!("TRUNCATE mf.{name}"),
                format!(
                    "UPDATE mf.{name} SET {} = DEFAULT",
                    if name == "synced_tables" { "place" } else { column }
                ),
                format!("DROP TABLE mf.{name}"),
                format!("ALTER TABLE mf.{name} DISABLE ROW LEVEL SECURITY"),
            ] {
                assert_eq!(
                    code(&mut conn, write.clone()).await.as_deref(),
                    Some("42501"),
                    "{role:?}: {write}"
                );
            }
        }
        // The same rows, changed: what the role may write is taken, the rest has no effect.
        for row in family(&stamp(&person, 2)) {
            let table = table::find(&row.row.key.table).expect("a table");
            let expected =
                if role.allows(table.write) { Answer::Accepted } else { Answer::Rejected(Code::Forbidden) };
            let mut whole = rows.iter().find(|it| it.row.key.table == table.name).expect("a row").clone();
            whole.base_version = Some(whole.row.version.clone());
            whole.row.version = stamp(&person, 10 + role as u64);
            whole.row.tombstone = true;
            let before = version_of(&mut conn, table.name, &whole.row.key.id.to_string()).await;
            let known = Some(before.clone()) == whole.base_version.as_ref().map(|it| it.as_str().to_owned());
            assert_eq!(
                answers(&mut conn, &person, std::slice::from_ref(&whole)).await,
                [expected],
                "{role:?} {}",
                table.name
            );
            let after = version_of(&mut conn, table.name, &whole.row.key.id.to_string()).await;
            assert_eq!(after != before, expected == Answer::Accepted, "{role:?} {} {known}", table.name);
        }
        // What only owners may.
        let allowed = role == Role::Owner;
        let somebody = team.join(Role::Readonly).await;
        let results = [
            members::set_role(&mut conn, somebody.member, Role::Operator).await,
            members::remove(&mut conn, somebody.member).await,
        ];
        for result in results {
            assert_eq!(result.is_ok(), allowed, "{role:?}: {result:?}");
            assert!(allowed || matches!(result, Err(SyncError::Forbidden(_))), "{result:?}");
        }
        let foreign_member = members::set_role(&mut conn, other.owner.member, Role::Readonly).await;
        assert!(
            matches!(foreign_member, Err(SyncError::NoSuchMember | SyncError::Forbidden(_))),
            "{role:?} and a member of another team: {foreign_member:?}"
        );
    }
}

async fn version_of(conn: &mut PgConnection, table: &str, id: &str) -> String {
    let sql = AssertSqlSafe(format!("SELECT version FROM mf.{table} WHERE id = $1::uuid"));
    sqlx::query_scalar(sql).bind(id).fetch_one(conn).await.expect("a version")
}

#[tokio::test]
async fn a_login_cannot_become_anybody_else() {
    let team = Team::new().await;
    let mut conn = team.owner.connect().await;
    for attempt in [
        "SET ROLE mf_owner",
        "SET ROLE mf_roles",
        "SET SESSION AUTHORIZATION admin",
        "CREATE ROLE more LOGIN",
        "GRANT mf_owner TO mf_member",
        "ALTER ROLE mf_member CREATEROLE",
        "CREATE TABLE mf.mine (id int)",
        "SELECT mf.make_login('mf_d_00000000000000000000000000000000', 'x')",
        "SELECT mf.add_team(NULL, NULL, NULL, NULL, NULL)",
        "SELECT mf.found_team(NULL, NULL, NULL, NULL, NULL, NULL)",
        "SELECT mf.drop_member(NULL)",
        "SELECT mf.apply_rows(NULL, 'flows', '[]', '[]', NULL, 0)",
        "COPY mf.flows TO PROGRAM 'true'",
    ] {
        assert_eq!(code(&mut conn, attempt.to_owned()).await.as_deref(), Some("42501"), "{attempt}");
    }
    assert_eq!(code(&mut conn, "SET ROLE mf_member; RESET ROLE".to_owned()).await, None);
}

#[tokio::test]
async fn another_teams_ids_are_no_obstacle_and_no_door() {
    let team = Team::new().await;
    let other = team.beside().await;
    let (mut mine, mut theirs) = (team.owner.connect().await, other.owner.connect().await);
    let row = crate::rows::target_list(id(), stamp(&team.owner, 1), "Mine");
    send(&mut mine, &team.owner, std::slice::from_ref(&row)).await;
    let same_id = crate::rows::target_list(row.row.key.id, stamp(&other.owner, 2), "Theirs");
    assert_eq!(answers(&mut theirs, &other.owner, &[same_id]).await, [Answer::Accepted]);
    let name: String =
        sqlx::query_scalar("SELECT name FROM mf.target_lists").fetch_one(&mut mine).await.expect("one");
    assert_eq!(name, "Mine");
}
