//! Laptops of two releases: one lacks a column and a table that the other and the server have.

use crate::cluster::{Team, cluster, run};
use crate::laptop::{Laptop, new_list};
use crate::rows::{edit, send, stamp, text};
use mf_domain::role::Role;
use mf_store::synced;
use mf_sync::core::cursor::Marks;
use mf_sync::core::push::{Answer, Edit};
use mf_sync::core::row::Scalar;
use mf_sync::exchange::{Page, Pulled, Pushed, pull};

/// As a migration of a later release would: a column with a default, and a table.
const LATER: &str = "
SET ROLE mf_owner;
ALTER TABLE mf.target_lists ADD COLUMN criticality text NOT NULL DEFAULT 'normal';
UPDATE mf.synced_tables SET defaults = defaults || '{\"criticality\": \"normal\"}' WHERE name = 'target_lists';
CREATE TABLE mf.tools (
    team_id uuid NOT NULL, id uuid NOT NULL, version text COLLATE \"C\" NOT NULL, base_version text COLLATE \"C\",
    tombstone boolean NOT NULL, extra jsonb NOT NULL, seq bigint NOT NULL, received_at bigint NOT NULL, actor uuid,
    name text NOT NULL, weight bigint NOT NULL, PRIMARY KEY (id, team_id));
ALTER TABLE mf.tools ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY seen_by_members ON mf.tools FOR SELECT TO mf_member USING (team_id = (SELECT mf.my_team()));
CREATE POLICY kept_by_functions ON mf.tools TO mf_owner USING (true) WITH CHECK (true);
GRANT SELECT ON mf.tools TO mf_member;
INSERT INTO mf.synced_tables (name, place, writer) VALUES ('tools', 12, 'operator');
SELECT mf.define_synced();
RESET ROLE;";

#[tokio::test]
async fn what_an_older_laptop_does_not_know_goes_through_it_unharmed() {
    let team = Team::new().await;
    let mut older = Laptop::new(&team, team.join(Role::Operator).await).await;
    let mut newer = team.owner.connect().await;
    older.write(vec![new_list("Ours")]).await;
    older.pass().await;

    run(&mut cluster().admin(&team.database).await, LATER).await;
    let list = new_list("Theirs").key.id;
    let mut columns = crate::rows::target_list(list, stamp(&team.owner, 1_000), "Theirs");
    columns.row.columns.insert("criticality".into(), text("high"));
    let tool = edit(
        "tools",
        new_list("").key.id,
        stamp(&team.owner, 1_001),
        &[("name", text("Torque wrench")), ("weight", Scalar::Int(3))],
    );
    let taken = send(&mut newer, &team.owner, &[columns.clone(), tool.clone()]).await;
    let Pushed::Answered { answers, .. } = taken else { panic!("{taken:?}") };
    assert!(answers.iter().all(|(_, it)| it.answer == Answer::Accepted), "{answers:?}");

    older.pass().await;
    let mut seen = older.copy(&columns.row.key).await.expect("came");
    assert_eq!(seen.columns.get("criticality"), Some(&text("high")));
    assert_eq!(older.copy(&tool.row.key).await, None, "there is no such table here");
    let kept = synced::counts(&mut older.store.read().await.expect("reads")).await.expect("counts").kept;
    assert_eq!(kept, 1, "and it is kept for the release that has one");

    // Edited by somebody who does not know the column, and pulled by somebody who does.
    seen.columns.insert("name".into(), text("Theirs, renamed"));
    older.write(vec![seen]).await;
    older.pass().await;
    assert_eq!(older.waiting().await, 0);
    let (name, criticality): (String, String) =
        sqlx::query_as("SELECT name, criticality FROM mf.target_lists WHERE id = $1::uuid")
            .bind(list.to_string())
            .fetch_one(&mut newer)
            .await
            .expect("asks");
    assert_eq!((name.as_str(), criticality.as_str()), ("Theirs, renamed", "high"));
    let pulled = pull(&mut newer, Marks::default()).await.expect("pulls");
    let Pulled::Page(Page { rows, .. }) = pulled else { panic!("{pulled:?}") };
    let ours = rows.iter().find(|row| row.columns.get("name") == Some(&text("Ours"))).expect("there");
    assert!(!ours.columns.contains_key("criticality"), "what everybody means is not said");
    assert!(rows.contains(&tool.row), "{rows:?}");
    let conflicts = rows.iter().filter(|row| row.key.table == "conflicts").count();
    assert_eq!(conflicts, 0);
}

#[tokio::test]
async fn an_older_server_keeps_a_newer_laptops_column_until_it_has_one_itself() {
    let team = Team::new().await;
    let mut newer = team.owner.connect().await;
    let mut list = crate::rows::target_list(new_list("").key.id, stamp(&team.owner, 1), "List");
    list.row.columns.insert("criticality".into(), text("high"));
    let tool: Edit = edit(
        "tools",
        new_list("").key.id,
        stamp(&team.owner, 2),
        &[("name", text("Torque wrench")), ("weight", Scalar::Int(3))],
    );
    let unknown = Answer::Rejected(mf_sync::core::push::Code::UnknownTable);
    let both = [list.clone(), tool.clone()];
    assert_eq!(crate::rows::answers(&mut newer, &team.owner, &both).await, [Answer::Accepted, unknown]);

    let mut older = Laptop::new(&team, team.join(Role::Operator).await).await;
    older.pass().await;
    let mut seen = older.copy(&list.row.key).await.expect("came");
    seen.columns.insert("name".into(), text("Renamed"));
    older.write(vec![seen]).await;
    older.pass().await;

    run(&mut cluster().admin(&team.database).await, LATER).await;
    let kept =
        "UPDATE mf.target_lists SET criticality = extra ->> 'criticality', extra = extra - 'criticality'
                 WHERE extra ? 'criticality'";
    run(&mut cluster().admin(&team.database).await, kept).await;
    // What was refused for an older server is pushed again, and taken.
    let accepted = crate::rows::answers(&mut newer, &team.owner, std::slice::from_ref(&tool)).await;
    assert_eq!(accepted, [Answer::Accepted]);
    let pulled = pull(&mut newer, Marks::default()).await.expect("pulls");
    let Pulled::Page(Page { rows, .. }) = pulled else { panic!("{pulled:?}") };
    let list = rows.iter().find(|row| row.key == list.row.key).expect("there");
    assert_eq!(list.columns.get("criticality"), Some(&text("high")));
    assert_eq!(list.columns.get("name"), Some(&text("Renamed")));
}
