//! Making the sample: the commands a person would have given, at the times they would have.

use super::identity::{Generation, SampleClock, SampleIds};
use crate::engine::{Engine, Ports};
use crate::error::EngineError;
use crate::ports::Silent;
use chrono::{DateTime, TimeDelta, Utc};
use mf_contract::batches::{LaunchBatch, LaunchedBatch};
use mf_contract::flows::ImportFlowJson;
use mf_contract::schedules::CreateSchedule;
use mf_contract::sessions::{AddEvidence, CompleteSession, RecordStep};
use mf_contract::target_lists::CreateTargetList;
use mf_contract::{Command, Handle};
use mf_domain::ids::SessionId;
use mf_store::StoreError;
use serde_json::{Value, json};
use std::sync::Arc;

const CITRIX: &str = include_str!("citrix.json");
const CERTIFICATES: &str = include_str!("certificates.json");
const LOGONS: &str = include_str!("logons.json");

/// The steps of the Citrix flow, with the minutes each takes.
const STEPS: [(&str, i64); 8] = [
    ("announce", 2),
    ("drain", 3),
    ("sessions", 14),
    ("snapshot", 5),
    ("install", 24),
    ("restart", 9),
    ("logon", 4),
    ("release", 1),
];

/// What the installer of the update said.
const INSTALLED: &str = "2026-11 Cumulative Update for Windows Server 2022 (KB5070884)
Extracting... done
Installing... done
Exit code 3010: a restart is required
";

/// Somebody who makes the sample.
struct Making {
    engine: Engine,
    ids: Arc<SampleIds>,
    clock: Arc<SampleClock>,
    generation: Generation,
    now: DateTime<Utc>,
}

/// Makes all of it. Begins with the flow by which a generation is known to exist.
pub(super) async fn make(
    engine: &Engine,
    generation: Generation,
    timezone: Option<String>,
) -> Result<(), EngineError> {
    let now = engine.now();
    let (ids, clock) = (Arc::new(SampleIds::new(generation)), Arc::new(SampleClock::new(now)));
    let ports = Ports {
        clock: clock.clone(),
        ids: ids.clone(),
        notifier: Arc::new(Silent),
        events: Arc::new(Silent),
        gate: engine.ports.gate.clone(),
        secrets: engine.ports.secrets.clone(),
    };
    let making = Making { engine: engine.with_ports(ports), ids, clock, generation, now };
    making.flows().await?;
    making.lists().await?;
    making.schedule(timezone).await?;
    making.finished().await?;
    making.running().await
}

impl Making {
    /// Gives a command; `name` is what the ids of what it makes follow from.
    async fn give<C: Command>(&self, name: &str, request: Value) -> Result<C::Reply, EngineError>
    where
        Engine: Handle<C> + mf_contract::Answers<Error = EngineError>,
    {
        self.ids.begin(name);
        let request: C =
            serde_json::from_value(request).map_err(|_| StoreError::Unreadable { column: "sample" })?;
        self.engine.handle(request).await
    }

    async fn flows(&self) -> Result<(), EngineError> {
        self.clock.set(self.now - TimeDelta::days(40));
        for (name, json) in [("citrix", CITRIX), ("certificates", CERTIFICATES), ("logons", LOGONS)] {
            self.give::<ImportFlowJson>(&format!("flow/{name}"), json!({ "json": json })).await?;
        }
        Ok(())
    }

    async fn lists(&self) -> Result<(), EngineError> {
        self.clock.set(self.now - TimeDelta::days(39));
        let host = |prefix: &str, network: &str, n: u32, notes: Option<&str>| {
            json!({
                "label": format!("{prefix}-CTX-{n:02}"),
                "notes": notes,
                "variables": {"ip": format!("{network}.{}", 10 + n), "os": "Windows Server 2022"},
            })
        };
        let contoso: Vec<Value> = (1..=6)
            .map(|n| host("CON", "10.20.1", n, (n == 1).then_some("Canary: update it first")))
            .collect();
        let list = json!({
            "name": "Contoso session hosts", "description": "The farm in the main office.",
            "client": "Contoso", "site": "Rome", "targets": contoso,
        });
        self.give::<CreateTargetList>("list/contoso", list).await?;
        let mut fabrikam: Vec<Value> = (1..=4).map(|n| host("FAB", "10.31.7", n, None)).collect();
        fabrikam[3]["site"] = json!("Bergen");
        fabrikam[3]["notes"] = json!("Behind the slow line");
        let list = json!({
            "name": "Fabrikam session hosts", "description": "Two sites, one window each month.",
            "client": "Fabrikam", "site": "Oslo", "targets": fabrikam,
        });
        self.give::<CreateTargetList>("list/fabrikam", list).await?;
        Ok(())
    }

    async fn schedule(&self, timezone: Option<String>) -> Result<(), EngineError> {
        self.clock.set(self.now);
        let request = json!({
            "flow_id": self.generation.flow("citrix").0,
            "recurrence": {"kind": "cron", "expression": "0 22 * * 6"},
            "timezone": timezone,
            "target_list_id": self.generation.list("contoso"),
        });
        self.give::<CreateSchedule>("schedule", request).await?;
        Ok(())
    }

    async fn launch(&self, batch: &str, list: &str, version: &str) -> Result<LaunchedBatch, EngineError> {
        let request = json!({
            "flow_id": self.generation.flow("citrix").0,
            "target_list_id": self.generation.list(list),
            "intake": {"patch_version": version, "change_number": "CHG-20417"},
            "request_id": self.generation.request(batch),
        });
        self.give::<LaunchBatch>(&format!("batch/{batch}"), request).await
    }

    /// Records a step; answers when it was done.
    async fn step(
        &self,
        session: SessionId,
        at: DateTime<Utc>,
        step: (&str, i64),
        outcome: &str,
        note: Option<&str>,
    ) -> Result<DateTime<Utc>, EngineError> {
        let at = at + TimeDelta::minutes(step.1);
        self.clock.set(at);
        let request = json!({"session_id": session, "step_id": step.0, "outcome": outcome, "note": note});
        self.give::<RecordStep>(&format!("session/{session}/{}", step.0), request).await?;
        Ok(at)
    }

    async fn complete(&self, session: SessionId) -> Result<(), EngineError> {
        let name = format!("session/{session}/end");
        self.give::<CompleteSession>(&name, json!({ "session_id": session })).await?;
        Ok(())
    }

    /// Twelve days ago: five hosts went well, one did not come back.
    async fn finished(&self) -> Result<(), EngineError> {
        let begun = self.now - TimeDelta::days(12);
        self.clock.set(begun);
        let batch = self.launch("finished", "contoso", "2026-10").await?;
        for (session, n) in batch.sessions.iter().zip(0_i64..) {
            let mut at = begun + TimeDelta::minutes(4 + n * 11);
            for step in STEPS {
                let (outcome, note) = match (n, step.0) {
                    (1, "sessions") => ("done", Some("One user was at lunch and called back.")),
                    (4, "restart") => {
                        ("failed", Some("Not registered after ten minutes. The time was off by six minutes."))
                    }
                    (4, "logon") => ("skipped", Some("Left for the morning.")),
                    (4, "release") => ("failed", Some("Stays in maintenance mode until the time is right.")),
                    (_, "install") => ("done", Some("Installed without errors.")),
                    _ => ("done", None),
                };
                at = self.step(session.id, at, step, outcome, note).await?;
            }
            self.complete(session.id).await?;
        }
        Ok(())
    }

    /// An hour ago: one host is done, one is being worked on, one has a step that failed, one waits for its turn.
    async fn running(&self) -> Result<(), EngineError> {
        let begun = self.now - TimeDelta::minutes(80);
        self.clock.set(begun);
        let batch = self.launch("running", "fabrikam", "2026-11").await?;
        if let [first, second, third, ..] = batch.sessions.as_slice() {
            let mut at = begun + TimeDelta::minutes(3);
            for step in STEPS {
                let note = (step.0 == "logon").then_some("Logon in 11 seconds, printers are there.");
                at = self.step(first.id, at, step, "done", note).await?;
                if step.0 == "install" {
                    self.attach(first.id, step.0, "install.txt", INSTALLED).await?;
                }
            }
            self.complete(first.id).await?;
            let mut at = begun + TimeDelta::minutes(30);
            for step in &STEPS[..3] {
                let note = (step.0 == "sessions").then_some("The last user is told and logs off at ten.");
                at = self.step(second.id, at, *step, "done", note).await?;
            }
            let mut at = begun + TimeDelta::minutes(36);
            for step in &STEPS[..4] {
                at = match step.0 {
                    "snapshot" => {
                        let note = Some("The datastore is full: 3 GB are left.");
                        self.step(third.id, at, *step, "failed", note).await?
                    }
                    _ => self.step(third.id, at, *step, "done", None).await?,
                };
            }
        }
        Ok(())
    }

    /// What shows that a step was done.
    async fn attach(
        &self,
        session: SessionId,
        step: &str,
        name: &str,
        text: &str,
    ) -> Result<(), EngineError> {
        let request = json!({"session_id": session, "step_id": step, "name": name, "text": text});
        self.give::<AddEvidence>(&format!("session/{session}/{step}/evidence"), request).await?;
        Ok(())
    }
}
