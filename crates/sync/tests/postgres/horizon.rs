//! Tombstones go after 180 days, and with them the news of deletions: who has not read one reads everything, and what was
//! deleted comes back by nobody.

use crate::cluster::{Team, cluster, run};
use crate::laptop::{Laptop, new_list};
use crate::rows::{answers, family, stamp};
use mf_domain::role::Role;
use mf_domain::version::Version;
use mf_store::synced;
use mf_sync::core::push::Answer;
use mf_sync::core::row::{Key, Row};

/// As if 181 days had gone by since everything that was taken so far; the next push collects.
async fn half_a_year_goes_by(team: &Team) {
    let tables: String = mf_sync::core::table::TABLES
        .iter()
        .map(|table| {
            format!("UPDATE mf.{} SET received_at = received_at - 181 * 86400000::bigint;", table.name)
        })
        .collect();
    let sql = format!("{tables} UPDATE mf.teams SET collected_at = 0");
    run(&mut cluster().admin(&team.database).await, &sql).await;
}

async fn delete(laptop: &Laptop, key: &Key) {
    let row = laptop.copy(key).await.expect("there");
    laptop.write(vec![Row { tombstone: true, ..row }]).await;
}

async fn count(team: &Team, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM mf.{table}"));
    sqlx::query_scalar(sql).fetch_one(&mut team.owner.connect().await).await.expect("counts")
}

#[tokio::test]
async fn a_laptop_that_was_away_for_long_learns_what_was_deleted_and_loses_nothing_of_its_own() {
    let team = Team::new().await;
    let mut here = Laptop::new(&team, team.join(Role::Operator).await).await;
    let mut away = Laptop::new(&team, team.join(Role::Operator).await).await;
    let [stays, goes, edited] = ["Stays", "Goes", "Edited"].map(new_list);
    here.write(vec![stays.clone(), goes.clone(), edited.clone()]).await;
    here.pass().await;
    away.pass().await;

    let mut mine = away.copy(&edited.key).await.expect("came");
    mine.columns.insert("name".into(), crate::rows::text("Edited while away"));
    let own = new_list("Made while away");
    away.write(vec![mine, own.clone()]).await;
    delete(&here, &goes.key).await;
    delete(&here, &edited.key).await;
    here.pass().await;
    half_a_year_goes_by(&team).await;
    here.write(vec![new_list("The first push after that")]).await;
    here.pass().await;
    assert_eq!(count(&team, "target_lists").await, 2, "the tombstones are gone");

    away.pass().await;
    assert_eq!(away.waiting().await, 0);
    for (row, is_there) in [(&stays, true), (&goes, false), (&edited, false), (&own, true)] {
        assert_eq!(away.copy(&row.key).await.is_some(), is_there, "{row:?}");
    }
    let asides = synced::set_asides(&mut away.store.read().await.expect("reads")).await.expect("reads");
    assert_eq!(asides.len(), 1, "what was edited meanwhile is kept: {asides:?}");
    assert_eq!((asides[0].code.as_str(), asides[0].key == edited.key), ("gone", true));
    here.pass().await;
    let mut fresh = Laptop::new(&team, team.join(Role::Readonly).await).await;
    fresh.pass().await;
    assert_eq!(here.exported().await, away.exported().await);
    assert_eq!(here.exported().await, fresh.exported().await);
    // All was read once, and from then on what is new.
    assert_eq!([here.fetch().await, away.fetch().await, fresh.fetch().await], [1; 3]);
}

#[tokio::test]
async fn a_tombstone_that_is_named_stays_for_those_that_name_it() {
    let team = Team::new().await;
    let mut here = Laptop::new(&team, team.join(Role::Manager).await).await;
    let rows: Vec<Row> = family(&Version::bottom()).into_iter().map(|edit| edit.row).collect();
    let key = |table: &str| rows.iter().find(|row| row.key.table == table).expect("one").key.clone();
    here.write(rows.clone()).await;
    here.pass().await;
    for table in ["flows", "blackout_calendars", "batch_events"] {
        delete(&here, &key(table)).await;
    }
    here.pass().await;
    half_a_year_goes_by(&team).await;
    here.write(vec![new_list("The first push after that")]).await;
    here.pass().await;
    let left = [
        count(&team, "flows").await,
        count(&team, "blackout_calendars").await,
        count(&team, "batch_events").await,
    ];
    assert_eq!(left, [1, 0, 0], "a deleted flow stays for its history");
    let mut fresh = Laptop::new(&team, team.join(Role::Readonly).await).await;
    fresh.pass().await;
    assert_eq!(fresh.exported().await, here.exported().await);
}

#[tokio::test]
async fn what_is_younger_stays_and_a_push_below_the_horizon_is_answered_gone() {
    let team = Team::new().await;
    let mut here = Laptop::new(&team, team.join(Role::Operator).await).await;
    let [old, young] = ["Old", "Young"].map(new_list);
    here.write(vec![old.clone(), young.clone()]).await;
    here.pass().await;
    let based = here.copy(&old.key).await.expect("there").version;
    delete(&here, &old.key).await;
    here.pass().await;
    half_a_year_goes_by(&team).await;
    delete(&here, &young.key).await;
    here.pass().await;
    assert_eq!(count(&team, "target_lists").await, 1, "deleted today");

    let mut conn = team.owner.connect().await;
    let mut late = crate::rows::target_list(old.key.id, stamp(&team.owner, 1_000_000), "Late");
    late.base_version = Some(based.clone());
    assert_eq!(answers(&mut conn, &team.owner, std::slice::from_ref(&late)).await, [Answer::Gone]);
    late.row.version = based;
    late.base_version = None;
    assert_eq!(answers(&mut conn, &team.owner, &[late]).await, [Answer::Gone], "it was accepted once");
    assert_eq!(count(&team, "target_lists").await, 1);
}
