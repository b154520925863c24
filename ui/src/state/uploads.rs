//! Evidence on its way: what is waiting, how far it is read, and what could not be kept and why.
//!
//! One at a time, in the order it was given. What failed stays until the person tries again or lets it go. Deliberately
//! absent: what arrived; that comes back with the session.

use super::evidence::refusal;
use mf_domain::flow::StepId;
use mf_domain::ids::SessionId;
use std::rc::Rc;
use yew::Reducible;

/// What is to be kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    File(web_sys::File),
    Text(Rc<str>),
}

/// Where a piece is to go: a step, or the session as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    pub session: SessionId,
    pub step: Option<StepId>,
}

/// How far a piece is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Phase {
    Waiting,
    /// So many percent are read.
    Reading(u32),
    Saving,
    /// It was not kept, for this reason.
    Failed(String),
}

/// A piece on its way.
#[derive(Clone, Debug, PartialEq)]
pub struct Upload {
    pub id: u32,
    pub place: Place,
    pub name: String,
    pub size: u64,
    pub source: Source,
    pub phase: Phase,
    /// Trying again may help: what is wrong does not lie in the piece itself.
    pub again: bool,
}

/// A piece as the person gave it.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    pub name: String,
    pub size: u64,
    pub source: Source,
}

/// All pieces on their way, the first to go first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Uploads {
    pub items: Vec<Upload>,
    next: u32,
}

/// What can happen to them.
#[derive(Clone, Debug)]
pub enum UploadAction {
    Give(Place, Vec<Given>),
    Read(u32, u32),
    Save(u32),
    Fail(u32, String),
    Again(u32),
    /// It is kept, or the person let it go.
    Done(u32),
}

impl Uploads {
    /// The piece to work on now; `None` while one is being worked on.
    #[must_use]
    pub fn due(&self) -> Option<&Upload> {
        let busy = self.items.iter().any(|item| matches!(item.phase, Phase::Reading(_) | Phase::Saving));
        self.items.iter().find(|item| item.phase == Phase::Waiting).filter(|_| !busy)
    }

    /// Those that go to a place.
    pub fn of<'a>(&'a self, place: &'a Place) -> impl Iterator<Item = &'a Upload> {
        self.items.iter().filter(move |item| item.place == *place)
    }

    fn set(&mut self, id: u32, phase: Phase) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            item.phase = phase;
        }
    }
}

impl Reducible for Uploads {
    type Action = UploadAction;

    fn reduce(self: Rc<Self>, action: UploadAction) -> Rc<Self> {
        let mut uploads = Rc::unwrap_or_clone(self);
        match action {
            UploadAction::Give(place, given) => {
                for Given { name, size, source } in given {
                    let refused = refusal(&name, size);
                    let again = refused.is_none();
                    let phase = refused.map_or(Phase::Waiting, Phase::Failed);
                    let (id, place) = (uploads.next, place.clone());
                    uploads.items.push(Upload { id, place, name, size, source, phase, again });
                    uploads.next = uploads.next.wrapping_add(1);
                }
            }
            UploadAction::Read(id, percent) => uploads.set(id, Phase::Reading(percent.min(100))),
            UploadAction::Save(id) => uploads.set(id, Phase::Saving),
            UploadAction::Fail(id, reason) => uploads.set(id, Phase::Failed(reason)),
            UploadAction::Again(id) => uploads.set(id, Phase::Waiting),
            UploadAction::Done(id) => uploads.items.retain(|item| item.id != id),
        }
        Rc::new(uploads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(n: u128) -> Place {
        Place { session: SessionId(uuid::Uuid::from_u128(n)), step: Some(StepId("a".to_owned())) }
    }

    fn text(name: &str, size: u64) -> Given {
        Given { name: name.to_owned(), size, source: Source::Text("x".into()) }
    }

    #[test]
    fn pieces_go_one_at_a_time_in_their_order() {
        let given = vec![text("a.txt", 1), text("b.txt", 1)];
        let uploads = Rc::new(Uploads::default()).reduce(UploadAction::Give(place(1), given));
        let first = uploads.due().unwrap().id;
        let uploads = uploads.reduce(UploadAction::Read(first, 40));
        assert_eq!(uploads.due(), None);
        let uploads = uploads.reduce(UploadAction::Save(first));
        assert_eq!(uploads.due(), None);
        let uploads = uploads.reduce(UploadAction::Done(first));
        assert_eq!(uploads.due().unwrap().name, "b.txt");
        assert_eq!((uploads.of(&place(1)).count(), uploads.of(&place(2)).count()), (1, 0));
    }

    #[test]
    fn what_is_too_large_is_never_read_and_holds_nothing_up() {
        let given = vec![text("dump.bin", 11 << 20), text("b.txt", 1)];
        let uploads = Rc::new(Uploads::default()).reduce(UploadAction::Give(place(1), given));
        assert!(matches!(&uploads.items[0].phase, Phase::Failed(why) if why.contains("10 MiB")));
        assert!(!uploads.items[0].again);
        assert_eq!(uploads.due().unwrap().name, "b.txt");
    }

    #[test]
    fn what_failed_stays_and_can_be_tried_again() {
        let uploads =
            Rc::new(Uploads::default()).reduce(UploadAction::Give(place(1), vec![text("a.txt", 1)]));
        let id = uploads.items[0].id;
        let uploads = uploads.reduce(UploadAction::Fail(id, "The disk is full.".to_owned()));
        assert!(uploads.due().is_none() && uploads.items[0].again);
        assert_eq!(uploads.reduce(UploadAction::Again(id)).due().unwrap().id, id);
    }
}
