//! Which pending sessions of a batch with waves may be started at this moment.

use crate::error::EngineError;
use mf_domain::batch::{BatchState, Held, WaveRule, offer};
use mf_domain::ids::{BatchId, SessionId};
use mf_domain::session::SessionStatus;
use mf_store::sessions::ListedSession;
use mf_store::{Connection, sessions};
use std::collections::HashMap;
use std::sync::Arc;

/// The batches with waves among those that a command works on.
#[derive(Debug, Default)]
pub(super) struct Waves(HashMap<BatchId, Wave>);

#[derive(Debug)]
struct Wave {
    rule: WaveRule,
    released: u32,
    places: HashMap<SessionId, usize>,
    statuses: Vec<SessionStatus>,
}

impl Waves {
    /// Reads how the batches of these sessions stand, where that can hold one of them back.
    pub(super) async fn of(
        conn: &mut Connection,
        listed: &[ListedSession],
        states: &HashMap<BatchId, Arc<BatchState>>,
    ) -> Result<Self, EngineError> {
        let pending = listed.iter().filter(|row| row.standing.status == SessionStatus::Pending);
        let mut rules: HashMap<BatchId, (WaveRule, u32)> = HashMap::new();
        for id in pending.filter_map(|row| row.session.batch_id) {
            if let Some((rule, released)) = states.get(&id).and_then(|s| Some((s.waves?, s.released))) {
                rules.insert(id, (rule, released));
            }
        }
        if rules.is_empty() {
            return Ok(Self::default());
        }
        let ids: Vec<BatchId> = rules.keys().copied().collect();
        let mut statuses = sessions::statuses(conn, &ids).await?;
        let waves = rules.into_iter().map(|(id, (rule, released))| {
            let (ids, statuses): (Vec<SessionId>, _) =
                statuses.remove(&id).unwrap_or_default().into_iter().unzip();
            let places = ids.into_iter().enumerate().map(|(place, id)| (id, place)).collect();
            (id, Wave { rule, released, places, statuses })
        });
        Ok(Self(waves.collect()))
    }

    /// Why this pending session may not be started.
    pub(super) fn hold(&self, batch: Option<BatchId>, session: SessionId) -> Option<Held> {
        let wave = self.0.get(&batch?)?;
        let before = wave.statuses.iter().take(*wave.places.get(&session)?);
        let before = before.filter(|status| **status == SessionStatus::Pending).count();
        offer(&wave.rule, wave.released, &wave.statuses).hold(u32::try_from(before).unwrap_or(u32::MAX))
    }

    /// Takes note that a session has begun: the next one of the same command must not count on its room.
    pub(super) fn began(&mut self, batch: Option<BatchId>, session: SessionId) {
        let Some(wave) = batch.and_then(|batch| self.0.get_mut(&batch)) else { return };
        let place = wave.places.get(&session).and_then(|place| wave.statuses.get_mut(*place));
        if let Some(status) = place {
            *status = SessionStatus::InProgress;
        }
    }
}
