//! One pass: what the team has not seen goes out, what is new comes in.
//!
//! Every step is a transaction of its own and can be repeated: a pass that is cut off anywhere is taken up by the next one.
//! Deliberately absent: when to make one (`background`), and what follows from rows that came (`merge`).

use super::link::{Belonging, HEARTBEAT, answer, connect, within};
use super::notices::{self, Copied};
use crate::engine::Engine;
use crate::error::EngineError;
use chrono::{DateTime, Utc};
use mf_contract::Event;
use mf_contract::sync::{SyncProgress, SyncReport};
use mf_domain::role::Role;
use mf_store::meta::{self, Key as Meta};
use mf_store::{evidence_outbox, synced};
use mf_sync::chain;
use mf_sync::core::cursor::is_last;
use mf_sync::core::outbox::{Chunk, Plan};
use mf_sync::core::push::{Answer, Code, Edit};
use mf_sync::core::replica::Answered;
use mf_sync::core::row::Key;
use mf_sync::exchange::{self, Pulled, Pushed, Sender};
use mf_sync::replica;
use mf_sync::server::{Line, ping};
use mf_sync::{SyncError, members};
use std::time::{Duration, Instant};

/// How often a pass begins anew for a restored server or a clock that is ahead, and how often it goes round for rows that
/// wait for each other.
const ROUNDS: u32 = 6;
/// How old the time of the last pass may become in the file: only other processes read it there.
const LAST_KEPT_EVERY: chrono::TimeDelta = chrono::TimeDelta::minutes(5);

/// How much of a pass is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Want {
    /// Rows, and who belongs to the team.
    Everything,
    /// Rows alone: something has changed, here or there.
    Rows,
    /// What is new, alone: a schedule is about to fire.
    News,
}

/// Whether a step was done, or all begins anew.
enum Step {
    Done,
    Anew,
}

impl Engine {
    /// Makes a pass. One at a time: who comes second waits.
    ///
    /// # Errors
    /// When the server is not reached or does not let us in, and when the file cannot be written. What was done until then
    /// is done.
    pub(crate) async fn pass(&self, want: Want) -> Result<SyncReport, EngineError> {
        let mut kept = self.link.line.lock().await;
        let mut report = SyncReport::default();
        self.store.look_who_it_is().await?;
        let login = members::login_of(self.store.identity().device);
        if self.link.place().is_some_and(|place| place.login != login) {
            // Another process found that this computer is to have a login of its own.
            self.find_place_again().await?;
            *kept = None;
        }
        let was_kept = kept.is_some();
        let mut made = self.pass_on(&mut kept, want, &mut report).await;
        if matches!(made, Err(EngineError::Sync(_))) {
            // Whatever state it is in: the next pass takes another.
            *kept = None;
        }
        if was_kept && matches!(made, Err(EngineError::Sync(SyncError::Unreachable(_) | SyncError::TimedOut)))
        {
            // It may have been that connection alone, ended while nobody used it; a new one tells.
            made = self.pass_on(&mut kept, want, &mut report).await;
            if matches!(made, Err(EngineError::Sync(_))) {
                *kept = None;
            }
        }
        drop(kept);
        self.note(&made, &report).await?;
        made?;
        report.conflicts = synced::counts(&mut *self.read().await?).await?.conflicts;
        Ok(report)
    }

    async fn pass_on(
        &self,
        kept: &mut Option<Line>,
        want: Want,
        report: &mut SyncReport,
    ) -> Result<(), EngineError> {
        if kept.is_none() {
            let line = connect(&self.team_place().await?).await?;
            *kept = Some(line);
        }
        let Some(line) = kept.as_mut() else { return Ok(()) };
        let asked = Instant::now();
        // A connection may be gone without anybody's saying so.
        within(HEARTBEAT, ping(line)).await?;
        let latency = asked.elapsed();
        if want == Want::Everything {
            self.refresh_roster(line).await?;
        }
        self.link.stands(|standing| standing.latency = Some(latency));
        let mut waited = u32::MAX;
        for _ in 0..ROUNDS {
            if want != Want::News && matches!(self.push(line, report).await?, Step::Anew) {
                continue;
            }
            if matches!(self.pull(line, report).await?, Step::Anew) {
                continue;
            }
            let waiting = synced::outbox_len(&mut *self.read().await?).await?;
            // What waits and does not become less waits for somebody else.
            if want == Want::News || waiting == 0 || waiting >= waited {
                break;
            }
            waited = waiting;
        }
        // After the rows: who sees the record of a piece of evidence finds its content soon.
        if want != Want::News && self.role().allows(Role::Operator) {
            self.send_contents(line).await?;
        }
        Ok(())
    }

    /// Everything the team has not seen, chunk by chunk.
    async fn push(&self, line: &mut Line, report: &mut SyncReport) -> Result<Step, EngineError> {
        let edits = replica::outbox(&mut *self.read().await?).await?;
        if edits.is_empty() {
            return Ok(Step::Done);
        }
        let mut progress = SyncProgress { to_send: count(edits.len()), ..SyncProgress::default() };
        let (fit, unfit): (Vec<Edit>, Vec<Edit>) =
            edits.into_iter().partition(|edit| edit.row.check().is_ok());
        self.refuse(line, &unfit, report).await?;
        let mut plan = Plan::new(fit);
        while let Some(chunk) = plan.next_chunk() {
            let rows: Vec<Edit> = chunk.edits().cloned().collect();
            let (marks, seen_until) = {
                let mut conn = self.read().await?;
                (replica::marks(&mut conn).await?, replica::seen_until(&mut conn).await?)
            };
            let push_id = self.new_id();
            let mut write = self.store.write(self.now()).await?;
            let previous = chain::begin_push(&mut write, push_id).await?;
            let device = write.device();
            write.commit().await?;
            let sender = Sender { device, marks, seen_until, previous: previous.as_deref() };
            match answer(exchange::push(line, &sender, push_id, &rows)).await {
                Ok(Pushed::Answered { answers, end }) => {
                    let missing: Vec<Key> =
                        answers.iter().filter(|(_, it)| is_missing(it)).map(|(key, _)| key.clone()).collect();
                    report.pushed +=
                        count(answers.iter().filter(|(_, it)| it.answer == Answer::Accepted).count());
                    progress.sent += count(answers.len());
                    let changed = self.settle_push(answers, end, Some(push_id)).await?;
                    self.refused(changed.refused, report).await?;
                    plan.hold_back(&missing);
                }
                Ok(Pushed::Copied { last }) => {
                    let ours = chain::knows(&mut *self.read().await?, last).await?;
                    if !ours {
                        self.become_another_device(line).await?;
                    }
                    return Ok(Step::Anew);
                }
                Ok(Pushed::Restored) => {
                    self.begin_anew().await?;
                    return Ok(Step::Anew);
                }
                Ok(Pushed::ClockAhead { server_now }) => {
                    self.stamp_anew(server_now).await?;
                    return Ok(Step::Anew);
                }
                Err(SyncError::Defect(error)) => {
                    // The statement as a whole failed: the row that did it is found by halves and refused alone.
                    tracing::warn!(
                        error = crate::error::chain(&error),
                        rows = rows.len(),
                        "a chunk could not be pushed"
                    );
                    self.halve(line, chunk, &mut plan, report).await?;
                }
                Err(error) => return Err(error.into()),
            }
            self.progress(progress);
        }
        Ok(Step::Done)
    }

    async fn halve(
        &self,
        line: &mut Line,
        chunk: Chunk,
        plan: &mut Plan,
        report: &mut SyncReport,
    ) -> Result<(), EngineError> {
        match chunk.bisect() {
            Ok(halves) => {
                plan.put_back(halves);
                Ok(())
            }
            Err(rows) => self.refuse(line, &rows, report).await,
        }
    }

    /// Takes rows for refused that the server cannot even be asked about.
    async fn refuse(
        &self,
        line: &mut Line,
        rows: &[Edit],
        report: &mut SyncReport,
    ) -> Result<(), EngineError> {
        if rows.is_empty() {
            return Ok(());
        }
        let mut answers = Vec::with_capacity(rows.len());
        for edit in rows {
            let row = answer(exchange::copy_of(line, &edit.row.key)).await?;
            let answer = Answer::Rejected(Code::Invalid);
            answers.push((edit.row.key.clone(), Answered { sent: edit.row.version.clone(), answer, row }));
        }
        let changed = self.settle_push(answers, None, None).await?;
        self.refused(changed.refused, report).await
    }

    /// Tells a person of copies that were refused.
    async fn refused(&self, copies: usize, report: &mut SyncReport) -> Result<(), EngineError> {
        if copies == 0 {
            return Ok(());
        }
        report.rejected += count(copies);
        let now = self.now();
        let mut write = self.store.write(now).await?;
        notices::refused(&mut write, now).await?;
        write.commit().await?;
        self.emit(Event::NotificationsChanged);
        self.emit(Event::ConflictsChanged);
        Ok(())
    }

    /// Everything that is new, page by page; merged once all of it is there.
    async fn pull(&self, line: &mut Line, report: &mut SyncReport) -> Result<Step, EngineError> {
        let (mut progress, mut conflicts) = (SyncProgress::default(), false);
        loop {
            let (marks, known) = {
                let mut conn = self.read().await?;
                (replica::marks(&mut conn).await?, replica::seen_until(&mut conn).await?)
            };
            let page = match answer(exchange::pull(line, marks)).await? {
                Pulled::Page(page) => page,
                Pulled::Restored => {
                    self.begin_anew().await?;
                    return Ok(Step::Anew);
                }
            };
            let last = is_last(page.rows.len());
            if page.rows.is_empty() && progress.received == 0 && known == Some(page.seen_until) {
                return Ok(Step::Done);
            }
            let mut write = self.store.write(self.now()).await?;
            let staged = replica::stage(&mut write, &page).await?;
            write.commit().await?;
            if !staged {
                continue;
            }
            progress.received += count(page.rows.len());
            conflicts |= page.rows.iter().any(|row| row.key.table == mf_sync::core::table::CONFLICTS);
            if last {
                let changed = self.merge_staged(page.seen_until).await?;
                report.pulled += count(changed.taken.len());
                if conflicts {
                    self.emit(Event::ConflictsChanged);
                }
                return Ok(Step::Done);
            }
            self.progress(progress);
        }
    }

    async fn begin_anew(&self) -> Result<(), EngineError> {
        tracing::warn!("the server was restored: every row is offered to it");
        let mut write = self.store.write(self.now()).await?;
        replica::restored(&mut write).await?;
        evidence_outbox::add_all(&mut write).await?;
        Ok(write.commit().await?)
    }

    async fn stamp_anew(&self, server_now: i64) -> Result<(), EngineError> {
        let mut write = self.store.write(self.now()).await?;
        let stamped = replica::clock_ahead(&mut write, server_now).await?;
        write.commit().await?;
        tracing::warn!(
            rows = stamped,
            "this computer's clock is ahead of the server's: unsent changes are stamped anew"
        );
        Ok(())
    }

    fn progress(&self, progress: SyncProgress) {
        if self.link.stands(|standing| standing.progress = Some(progress)) {
            self.ports.events.emit(Event::SyncStatusChanged);
        }
    }

    /// Notes what came of a pass.
    async fn note(&self, made: &Result<(), EngineError>, report: &SyncReport) -> Result<(), EngineError> {
        let now = self.now();
        match made {
            Ok(()) => {
                let before = self.link.standing().last_sync;
                let back = self.link.belonging() == Belonging::Refused;
                if back {
                    let mut write = self.store.write(now).await?;
                    meta::remove(&mut write, Meta::TeamRefused).await?;
                    write.commit().await?;
                    self.link.set_belonging(Belonging::Member);
                    self.emit(Event::WorkspacesChanged);
                }
                let changed = self.link.stands(|standing| {
                    (standing.problem, standing.progress, standing.last_sync) = (None, None, Some(now));
                });
                let moved = *report != SyncReport::default();
                if moved || before.is_none_or(|before| now - before > LAST_KEPT_EVERY || now < before) {
                    self.keep_last(now).await?;
                }
                if changed || moved {
                    self.ports.events.emit(Event::SyncStatusChanged);
                }
            }
            Err(error) => {
                let out = matches!(
                    error,
                    EngineError::Sync(SyncError::NotLetIn(_) | SyncError::Forbidden(_) | SyncError::Copied)
                );
                if out && self.link.belonging() == Belonging::Member {
                    self.link.set_belonging(Belonging::Refused);
                    let mut write = self.store.write(now).await?;
                    meta::put(&mut write, Meta::TeamRefused, &now.timestamp_millis().to_string()).await?;
                    match error {
                        EngineError::Sync(SyncError::Copied) => {
                            notices::copied(&mut write, now, Copied::Stops).await?
                        }
                        _ => notices::ended(&mut write, now).await?,
                    }
                    write.commit().await?;
                    self.emit(Event::NotificationsChanged);
                    self.emit(Event::ConflictsChanged);
                    self.emit(Event::WorkspacesChanged);
                    self.emit(Event::EverythingChanged);
                }
                self.note_problem(error);
            }
        }
        Ok(())
    }

    async fn keep_last(&self, now: DateTime<Utc>) -> Result<(), EngineError> {
        let mut write = self.store.write(now).await?;
        meta::put(&mut write, Meta::SyncLast, &now.timestamp_millis().to_string()).await?;
        Ok(write.commit().await?)
    }

    /// Fetches what is new before a schedule fires, where the server is reached; never waits long, and never fails.
    pub(crate) async fn hear_the_team_first(&self) {
        const LONGEST: Duration = Duration::from_secs(5);
        if self.link.place().is_none() || self.link.belonging() != Belonging::Member {
            return;
        }
        if self.link.standing().problem.is_some() {
            return;
        }
        match tokio::time::timeout(LONGEST, self.pass(Want::News)).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::info!(error = crate::error::chain(&error), "firing without having heard the team");
            }
            Err(_) => {
                tracing::info!("firing without having heard the team: the server takes too long");
                // Cut off in the middle of a statement. Where somebody else has the line by now, it was not ours.
                if let Ok(mut kept) = self.link.line.try_lock() {
                    *kept = None;
                }
            }
        }
    }
}

/// Whether the server has no copy of the row at all: what names it need not be sent.
fn is_missing(answered: &Answered) -> bool {
    matches!(answered.answer, Answer::Rejected(code) if code != Code::UnknownTable) && answered.row.is_none()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
