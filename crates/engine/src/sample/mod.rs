//! The sample workspace: made through the same commands as everything else, and taken away without a trace of it.

mod identity;
mod making;

use crate::engine::Engine;
use crate::error::EngineError;
use identity::{BATCHES, FLOWS, Generation, LISTS};
use mf_contract::flows::DeleteFlow;
use mf_contract::sample::*;
use mf_contract::schedules::DeleteSchedule;
use mf_contract::target_lists::DeleteTargetList;
use mf_contract::{Event, Handle};
use mf_domain::ids::{FlowId, NotificationId, TargetListId, TeamId};
use mf_domain::occurrence::ready_notification_id;
use mf_domain::recurrence::Zone;
use mf_domain::role::Role;
use mf_store::meta::{self, Key};
use mf_store::{Connection, batches, flows, notifications, schedules, target_lists};

/// More samples than anybody makes and deletes.
const GENERATIONS: u32 = 100_000;

/// What there is of a sample, and what somebody made their own.
#[derive(Debug, Default)]
struct Found {
    sample: Sample,
    kept: Vec<String>,
}

impl Found {
    /// Whether there is anything left that is the sample's.
    fn is_here(&self) -> bool {
        let sample = &self.sample;
        !(sample.flow_ids.is_empty()
            && sample.target_list_ids.is_empty()
            && sample.schedule_ids.is_empty()
            && sample.batch_ids.is_empty())
    }
}

/// What there is of a generation; `None` when it was never made.
async fn find(conn: &mut Connection, generation: Generation) -> Result<Option<Found>, EngineError> {
    if flows::name(conn, generation.flow(FLOWS[0]).0).await?.is_none() {
        return Ok(None);
    }
    let mut found = Found::default();
    let others = schedules_of_others(conn, generation).await?;
    for name in FLOWS {
        let (id, revision) = generation.flow(name);
        let Some(flow) = flows::get(conn, id).await? else { continue };
        if flow.head == revision && !others.iter().any(|(flow, _)| *flow == id) {
            found.sample.flow_ids.push(id);
        } else {
            found.kept.push(flow.name);
        }
    }
    for name in LISTS {
        let id = generation.list(name);
        let Some(list) = target_lists::get(conn, id).await? else { continue };
        if list.updated_at == list.created_at && !others.iter().any(|(_, list)| *list == Some(id)) {
            found.sample.target_list_ids.push(id);
        } else {
            found.kept.push(list.name);
        }
    }
    if let Some(listed) = schedules::get(conn, generation.schedule()).await?
        && listed.schedule.updated_at == listed.schedule.created_at
    {
        found.sample.schedule_ids.push(generation.schedule());
    }
    for name in BATCHES {
        let id = generation.batch(name);
        found.sample.batch_ids.extend(batches::get(conn, id).await?.map(|_| id));
    }
    Ok(Some(found))
}

/// The flows and lists that schedules use which people made.
async fn schedules_of_others(
    conn: &mut Connection,
    generation: Generation,
) -> Result<Vec<(FlowId, Option<TargetListId>)>, EngineError> {
    let all = schedules::list(conn).await?;
    let of_others = all.into_iter().filter_map(Result::ok).filter(|listed| {
        let schedule = &listed.schedule;
        schedule.id != generation.schedule() || schedule.updated_at != schedule.created_at
    });
    Ok(of_others.map(|listed| (listed.schedule.flow_id, listed.target_list.map(|(id, _)| id))).collect())
}

/// The generation that is here, or the next one.
async fn current(conn: &mut Connection, team: TeamId) -> Result<(Generation, Option<Found>), EngineError> {
    for number in 0..GENERATIONS {
        let generation = Generation::new(team, number);
        match find(conn, generation).await? {
            None => return Ok((generation, None)),
            Some(found) if found.is_here() => return Ok((generation, Some(found))),
            Some(_) => {}
        }
    }
    Err(EngineError::conflict("sample", "the sample was made and deleted too often"))
}

/// Whether the sample, or a part of it, is here.
pub(crate) async fn is_here(conn: &mut Connection, team: TeamId) -> Result<bool, EngineError> {
    Ok(current(conn, team).await?.1.is_some())
}

impl Engine {
    /// Whether the sample of this generation was made to its end; a crash may have come between.
    async fn is_whole(&self, generation: Generation) -> Result<bool, EngineError> {
        let whole = meta::get(&mut *self.read().await?, Key::Sample).await?;
        Ok(whole.as_deref() == Some(generation.request("").as_str()))
    }

    async fn take_away(&self, generation: Generation, found: Found) -> Result<DeletedSample, EngineError> {
        let Sample { flow_ids, target_list_ids, schedule_ids, mut batch_ids, .. } = found.sample;
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let mut deleted = DeletedSample {
            flows: count(flow_ids.len()),
            target_lists: count(target_list_ids.len()),
            schedules: count(schedule_ids.len()),
            batches: 0,
            kept: found.kept,
        };
        for id in schedule_ids {
            self.handle(DeleteSchedule { id }).await?;
        }
        let mut write = self.write(Role::Manager).await?;
        // What its schedule fired and nobody touched goes with it; work that was begun is somebody's.
        batch_ids.extend(batches::untouched_of_schedule(write.conn(), generation.schedule()).await?);
        deleted.batches = count(batch_ids.len());
        batches::delete(&mut write, &batch_ids).await?;
        let notices: Vec<NotificationId> = batch_ids.into_iter().map(ready_notification_id).collect();
        notifications::remove(&mut write, &notices).await?;
        write.commit().await?;
        for id in flow_ids {
            self.handle(DeleteFlow { id }).await?;
        }
        for id in target_list_ids {
            self.handle(DeleteTargetList { id }).await?;
        }
        Ok(deleted)
    }
}

impl Handle<CreateSample> for Engine {
    async fn handle(&self, request: CreateSample) -> Result<Sample, EngineError> {
        self.require(Role::Manager)?;
        if let Some(zone) = &request.timezone {
            Zone::named(zone)?;
        }
        let team = self.store.identity().team;
        let (mut generation, found) = current(&mut *self.read().await?, team).await?;
        if let Some(found) = found {
            if self.is_whole(generation).await? {
                return Ok(found.sample);
            }
            self.take_away(generation, found).await?;
            generation = current(&mut *self.read().await?, team).await?.0;
        }
        making::make(self, generation, request.timezone).await?;
        let mut write = self.write(Role::Manager).await?;
        meta::put(&mut write, Key::Sample, &generation.request("")).await?;
        write.commit().await?;
        self.schedules_changed.notify_one();
        self.emit(Event::EverythingChanged);
        let found = find(&mut *self.read().await?, generation).await?.unwrap_or_default();
        Ok(Sample { created: true, ..found.sample })
    }
}

impl Handle<DeleteSample> for Engine {
    async fn handle(&self, _: DeleteSample) -> Result<DeletedSample, EngineError> {
        self.require(Role::Manager)?;
        let team = self.store.identity().team;
        let (generation, found) = current(&mut *self.read().await?, team).await?;
        let Some(found) = found else { return Ok(DeletedSample::default()) };
        let deleted = self.take_away(generation, found).await?;
        self.emit(Event::EverythingChanged);
        Ok(deleted)
    }
}
