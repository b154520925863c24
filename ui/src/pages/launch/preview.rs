//! What a launch would create, where the engine has to be asked.

use super::Form;
use crate::state::launch::{Preview, Source};
use crate::state::load::use_load;
use crate::state::target_import::ReadFile;
use mf_contract::Event;
use mf_contract::batches::BatchSummary;
use mf_contract::sessions::ListSessions;
use mf_contract::target_lists::{GetTargetList, TargetListSummary};
use mf_domain::session::SessionStatus;
use std::rc::Rc;
use yew::prelude::*;

/// The labels a preview names.
const NAMED: u32 = 5;

/// What would be created, as far as that takes the engine: the first labels of a list or of a run.
#[hook]
pub(super) fn use_preview(
    open: bool,
    source: Source,
    form: &Form,
    saved: &[TargetListSummary],
    past: Option<Rc<Vec<BatchSummary>>>,
    file: Option<&ReadFile>,
) -> Option<Preview> {
    let list = form.list_id().filter(|_| open && source == Source::Saved);
    let targets = use_load(
        list.map(|id| GetTargetList { id }),
        |request, event| matches!(event, Event::TargetListChanged { target_list_id } if *target_list_id == request.id),
    );
    let previous = form.previous.filter(|_| open && source == Source::Previous);
    let sessions = use_load(
        previous.map(|previous| ListSessions {
            batch_id: Some(previous.batch_id),
            status: previous.only_failed.then_some(SessionStatus::Failed),
            limit: Some(NAMED),
            ..ListSessions::default()
        }),
        |_, _| false,
    );
    match source {
        Source::Manual => None,
        Source::Saved => {
            let summary = saved.iter().find(|summary| Some(summary.id) == list)?;
            let full = targets.data().filter(|full| full.id == summary.id);
            Some(full.map_or_else(
                || {
                    Preview::of_labels(
                        summary.target_count as usize,
                        summary.first_labels.iter().map(String::as_str),
                    )
                },
                |full| Preview::of(&full.targets),
            ))
        }
        Source::Previous => {
            let previous = previous?;
            let past = past?;
            let batch = past.iter().find(|batch| batch.batch_id == previous.batch_id)?;
            let rollup = &batch.rollup;
            let total = if previous.only_failed { rollup.failed } else { rollup.total } as usize;
            let sessions = sessions.data()?;
            Some(Preview::of_labels(total, sessions.iter().map(|session| session.target_label.as_str())))
        }
        Source::File => {
            let targets = &file?.preview.targets;
            (!targets.is_empty()).then(|| Preview::of(targets))
        }
    }
}
