//! What happens to a batch as a whole: its ticket, its sign-off, its waves. Append-only.

use super::answer::{answer, require};
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::batches::*;
use mf_contract::{Event, Handle};
use mf_domain::Invalid;
use mf_domain::batch::events::TICKET_MAX;
use mf_domain::batch::{BatchEventKind, BatchStatus, Held, WaveRule};
use mf_domain::ids::{BatchEventId, BatchId};
use mf_domain::role::Role;
use mf_domain::text::{LONG_TEXT_MAX, body, name};
use mf_store::batch_events::NewEvent;
use mf_store::batches::BatchRow;
use mf_store::{Write, batch_events};

/// A rule that says something, or none.
pub(super) fn wave_rule(rule: Option<WaveRule>) -> Result<Option<WaveRule>, Invalid> {
    match rule {
        Some(rule) => rule.check().map(|()| Some(rule)).map_err(|invalid| invalid.under("waves")),
        None => Ok(None),
    }
}

fn note(text: Option<String>) -> Result<Option<String>, Invalid> {
    text.filter(|text| !text.trim().is_empty()).map(|text| body("note", &text, LONG_TEXT_MAX)).transpose()
}

impl Engine {
    /// Adds to the events of a batch, in the caller's transaction.
    pub(super) async fn note_on_batch(
        &self,
        write: &mut Write,
        batch: BatchId,
        kind: BatchEventKind,
    ) -> Result<(), EngineError> {
        let event = NewEvent {
            subject: batch,
            id: BatchEventId(self.new_id()),
            at: self.now(),
            author: Some(self.store.identity().member),
            kind,
        };
        batch_events::append(write, vec![event]).await?;
        Ok(())
    }

    /// Adds to the events of a batch, commits, and answers with the batch after that.
    pub(super) async fn change_batch(
        &self,
        mut write: Write,
        batch: BatchRow,
        kind: BatchEventKind,
    ) -> Result<Batch, EngineError> {
        let (batch_id, flow_id) = (batch.id, batch.flow_id);
        self.note_on_batch(&mut write, batch_id, kind).await?;
        let reply = answer(write.conn(), batch, self.me()).await?;
        write.commit().await?;
        self.emit(Event::BatchChanged { batch_id, flow_id });
        Ok(reply)
    }
}

impl Handle<SetBatchTicket> for Engine {
    async fn handle(&self, request: SetBatchTicket) -> Result<Batch, EngineError> {
        let ticket = request.ticket.map(|text| name("ticket", &text)).transpose()?;
        if let Some(count) = ticket.as_ref().map(|text| text.chars().count()).filter(|n| *n > TICKET_MAX) {
            let message = format!("has {count} characters; at most {TICKET_MAX} are allowed");
            return Err(Invalid::new("ticket", message).into());
        }
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        self.change_batch(write, batch, BatchEventKind::TicketSet { ticket }).await
    }
}

impl Handle<SignOffBatch> for Engine {
    async fn handle(&self, request: SignOffBatch) -> Result<Batch, EngineError> {
        let note = note(request.note)?;
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        let Batch { summary: now, sign_off_barred, .. } =
            answer(write.conn(), batch.clone(), self.me()).await?;
        let refuse = |message: &str| Err(EngineError::conflict("batch_id", message));
        if now.status != BatchStatus::Finished {
            return refuse("only a finished batch can be signed off: some of its sessions are still open");
        }
        if now.sign_off.is_some() {
            return refuse("the batch is signed off already");
        }
        if sign_off_barred {
            return refuse(
                "you recorded steps of this batch: the flow asks for somebody else to sign it off",
            );
        }
        self.change_batch(write, batch, BatchEventKind::SignedOff { note }).await
    }
}

impl Handle<WithdrawSignOff> for Engine {
    async fn handle(&self, request: WithdrawSignOff) -> Result<Batch, EngineError> {
        let note = note(request.note)?;
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        if answer(write.conn(), batch.clone(), self.me()).await?.summary.sign_off.is_none() {
            return Err(EngineError::conflict("batch_id", "the batch is not signed off"));
        }
        self.change_batch(write, batch, BatchEventKind::SignOffWithdrawn { note }).await
    }
}

impl Handle<SetBatchWaves> for Engine {
    async fn handle(&self, request: SetBatchWaves) -> Result<Batch, EngineError> {
        let waves = wave_rule(request.waves)?;
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        self.change_batch(write, batch, BatchEventKind::WavesSet { waves }).await
    }
}

impl Handle<ContinueBatch> for Engine {
    async fn handle(&self, request: ContinueBatch) -> Result<Batch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let batch = require(write.conn(), request.batch_id).await?;
        let now = answer(write.conn(), batch.clone(), self.me()).await?;
        match now.waves.and_then(|waves| waves.gate) {
            Some(Held::Stopped { .. } | Held::CanaryFailed { .. }) => {
                let failures = now.summary.rollup.failed;
                self.change_batch(write, batch, BatchEventKind::Released { failures }).await
            }
            _ => Err(EngineError::conflict("batch_id", "no failure holds this batch back")),
        }
    }
}
