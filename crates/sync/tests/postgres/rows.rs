//! Rows to push.

use crate::cluster::{Person, id};
use mf_domain::version::{HybridClock, Version};
use mf_sync::core::cursor::Marks;
use mf_sync::core::push::{Answer, Edit};
use mf_sync::core::row::{Columns, Key, Row, Scalar};
use mf_sync::exchange::{Pushed, Sender, push};
use sqlx::PgConnection;
use uuid::Uuid;

/// 2026, and well before now.
pub(crate) const SOME_TIME: u64 = 1_767_225_600_000;

pub(crate) fn stamp(person: &Person, after: u64) -> Version {
    HybridClock::new(person.device).stamp(SOME_TIME + after)
}

pub(crate) fn text(text: impl Into<String>) -> Scalar {
    Scalar::Text(text.into())
}

pub(crate) fn edit(table: &str, id: Uuid, version: Version, columns: &[(&str, Scalar)]) -> Edit {
    let columns: Columns = columns.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    Edit { row: Row::new(Key { table: table.into(), id }, version, false, columns), base_version: None }
}

pub(crate) fn target_list(id: Uuid, version: Version, name: &str) -> Edit {
    edit(
        "target_lists",
        id,
        version,
        &[
            ("name", text(name)),
            ("description", text("")),
            ("targets", text(r#"[{"label":"RDS-01"}]"#)),
            ("created_at", Scalar::Int(1)),
            ("updated_at", Scalar::Int(1)),
        ],
    )
}

/// One complete row of every synced table, but for the server's own conflicts; parents first.
pub(crate) fn family(version: &Version) -> Vec<Edit> {
    let [flow, head, schedule, batch, session] = [(); 5].map(|()| id());
    let one = Scalar::Int(1);
    let at = || ("created_at", one.clone());
    let updated = || ("updated_at", one.clone());
    let name = |id: Uuid| text(id.to_string());
    let row = |table, id, columns: &[(&str, Scalar)]| edit(table, id, version.clone(), columns);
    vec![
        row(
            "flows",
            flow,
            &[
                ("name", text("Patch")),
                ("description", text("")),
                ("flow_type", text("maintenance")),
                ("head_id", name(head)),
                at(),
                updated(),
            ],
        ),
        row(
            "flow_revisions",
            head,
            &[
                ("flow_id", name(flow)),
                ("name", text("Patch")),
                ("description", text("")),
                ("flow_type", text("maintenance")),
                ("structure", text(r#"{"steps": []}"#)),
                ("intake_form", text("[]")),
                ("step_count", one.clone()),
                ("estimate_minutes", one.clone()),
                at(),
            ],
        ),
        target_list(id(), version.clone(), "A list"),
        row(
            "blackout_calendars",
            id(),
            &[("name", text("Christmas")), ("entries", text("[]")), at(), updated()],
        ),
        row(
            "schedules",
            schedule,
            &[
                ("flow_id", name(flow)),
                ("recurrence", text("{}")),
                ("timezone", text("UTC")),
                ("misfire", text("run_once")),
                ("overlap", text("allow")),
                ("grace_seconds", one.clone()),
                ("intake", text("{}")),
                at(),
                updated(),
            ],
        ),
        row("active_schedules", flow, &[("schedule_id", name(schedule))]),
        row("schedule_pauses", schedule, &[("paused", one.clone())]),
        row(
            "batches",
            batch,
            &[
                ("flow_id", name(flow)),
                ("revision_id", name(head)),
                ("origin", text("manual")),
                ("intake", text("{}")),
                ("launched_at", one.clone()),
            ],
        ),
        row(
            "sessions",
            session,
            &[
                ("batch_id", name(batch)),
                ("flow_id", name(flow)),
                ("target_label", text("RDS-01")),
                ("position", Scalar::Int(0)),
                at(),
            ],
        ),
        row(
            "session_events",
            id(),
            &[("session_id", name(session)), ("event", text(r#"{"kind":"reopened"}"#)), ("at", one.clone())],
        ),
        row("batch_events", id(), &[("batch_id", name(batch)), ("event", text("{}")), ("at", one.clone())]),
    ]
}

pub(crate) async fn send(conn: &mut PgConnection, person: &Person, rows: &[Edit]) -> Pushed {
    let sender = Sender { device: person.device, marks: Marks::default(), seen_until: None, previous: None };
    push(conn, &sender, id(), rows).await.expect("pushes")
}

pub(crate) async fn answers(conn: &mut PgConnection, person: &Person, rows: &[Edit]) -> Vec<Answer> {
    match send(conn, person, rows).await {
        Pushed::Answered { answers, .. } => rows
            .iter()
            .map(|edit| answers.iter().find(|(key, _)| *key == edit.row.key).expect("an answer").1.answer)
            .collect(),
        other => panic!("{other:?}"),
    }
}
