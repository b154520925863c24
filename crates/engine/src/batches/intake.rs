//! What is answered for a whole batch, beside what was answered before.

use super::answer::{answer, require, sessions_of};
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Handle;
use mf_contract::batches::{Batch, SetBatchIntake};
use mf_domain::Invalid;
use mf_domain::batch::BatchEventKind;
use mf_domain::intake::{Answers, Completeness, IntakeForm};
use mf_domain::role::Role;
use mf_store::{batches, revisions};

/// The answers with those that are given now, and what that changes: blank where an answer was taken away.
fn with_given(form: &IntakeForm, known: &Answers, given: Answers) -> Result<(Answers, Answers), Invalid> {
    // Answers of a schedule may be to questions this revision does not ask. They stay.
    let (mut merged, others): (Answers, Answers) =
        known.clone().into_iter().partition(|(key, _)| form.0.iter().any(|field| field.key == *key));
    // Whoever says again what is there says nothing.
    merged.extend(given.into_iter().filter(|(key, text)| known.get(key) != Some(text)));
    let mut answers = form.check(&merged, Completeness::MayBeMissing)?;
    answers.extend(others);
    let differs = |key: &&String| known.get(*key) != answers.get(*key);
    let changed = answers.keys().chain(known.keys()).filter(differs);
    let changed = changed.map(|key| (key.clone(), answers.get(key).cloned().unwrap_or_default())).collect();
    Ok((answers, changed))
}

impl Handle<SetBatchIntake> for Engine {
    async fn handle(&self, request: SetBatchIntake) -> Result<Batch, EngineError> {
        let mut write = self.write(Role::Operator).await?;
        let mut batch = require(write.conn(), request.batch_id).await?;
        let now = answer(write.conn(), batch.clone(), self.me()).await?;
        if now.summary.sign_off.is_some() {
            let message = "the batch is signed off with its answers: withdraw the sign-off first";
            return Err(EngineError::conflict("batch_id", message));
        }
        let form = revisions::get(write.conn(), batch.revision_id)
            .await?
            .map(|revision| revision.intake_form)
            .unwrap_or_default();
        let (answers, changed) = with_given(&form, &batch.intake, request.intake)?;
        if changed.is_empty() {
            return Ok(now);
        }
        let rewritten =
            changed.keys().find(|key| batch.intake.get(*key).is_some_and(|text| !text.is_empty()));
        if let Some(key) = rewritten
            && sessions_of(write.conn(), batch.id).await?.iter().any(|row| row.standing.started_at.is_some())
        {
            let message = format!(
                "work on this batch has begun, and “{key}” is answered: only what nobody has answered yet can be given"
            );
            return Err(EngineError::conflict("intake", message));
        }
        batches::set_intake(&mut write, batch.id, &answers).await?;
        batch.intake = answers;
        self.change_batch(write, batch, BatchEventKind::IntakeSet { answers: changed }).await
    }
}
