//! Short messages in the corner: what was done, or what could not be.

use gloo_timers::callback::Timeout;
use std::rc::Rc;
use yew::prelude::*;

/// What a toast reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ToastTone {
    Success,
    /// Stays until it is closed.
    Failure,
    /// Something is under way, so many thousandths of it done. Stays until that has ended.
    Working(u32),
}

/// One message.
#[derive(Clone, Debug, PartialEq)]
pub struct Toast {
    pub id: u32,
    pub tone: ToastTone,
    pub text: AttrValue,
    /// Takes back what was done.
    pub undo: Option<Callback<()>>,
    /// The address of what it is about.
    pub view: Option<AttrValue>,
    /// The page that alone can take it back: the offer goes with it.
    pub page: Option<AttrValue>,
}

/// The messages on the screen, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ToastList {
    pub toasts: Vec<Toast>,
    next: u32,
}

/// What can happen to the list.
#[derive(Clone, Debug)]
pub enum ToastAction {
    /// Its tone and words, how to take back what was done, and the address it leads to.
    Show(ToastTone, AttrValue, Option<Callback<()>>, Option<AttrValue>),
    /// Something is under way: its words, and how far it is.
    Working(AttrValue, u32),
    /// It has ended.
    Worked,
    /// What was done on a page that alone can take it back: its words, how, and the name of the page.
    OnPage(AttrValue, Callback<()>, AttrValue),
    /// That page is gone.
    Left(AttrValue),
    Close(u32),
}

/// More than this hide the page; the oldest goes.
const MOST: usize = 3;

impl ToastList {
    fn push(&mut self, toast: Toast) {
        self.toasts.push(Toast { id: self.next, ..toast });
        self.next = self.next.wrapping_add(1);
    }

    fn show(&mut self, toast: Toast) {
        // The same words again would only push others out.
        self.toasts.retain(|other| other.text != toast.text);
        self.push(toast);
        if self.toasts.len() > MOST {
            self.toasts.remove(0);
        }
    }
}

impl Reducible for ToastList {
    type Action = ToastAction;

    fn reduce(self: Rc<Self>, action: ToastAction) -> Rc<Self> {
        let mut list = Rc::unwrap_or_clone(self);
        match action {
            ToastAction::Show(tone, text, undo, view) => {
                list.show(Toast { id: 0, tone, text, undo, view, page: None });
            }
            ToastAction::OnPage(text, undo, page) => {
                let (tone, undo, page) = (ToastTone::Success, Some(undo), Some(page));
                list.show(Toast { id: 0, tone, text, undo, view: None, page });
            }
            ToastAction::Left(page) => list.toasts.retain(|toast| toast.page.as_ref() != Some(&page)),
            ToastAction::Working(text, share) => {
                let tone = ToastTone::Working(share);
                let known = list.toasts.iter_mut().find(|toast| matches!(toast.tone, ToastTone::Working(_)));
                match known {
                    Some(toast) => (toast.tone, toast.text) = (tone, text),
                    // What has begun is shown; what was closed meanwhile stays closed.
                    None if share == 0 => {
                        list.push(Toast { id: 0, tone, text, undo: None, view: None, page: None });
                    }
                    None => {}
                }
            }
            ToastAction::Worked => {
                list.toasts.retain(|toast| !matches!(toast.tone, ToastTone::Working(_)));
            }
            ToastAction::Close(id) => list.toasts.retain(|toast| toast.id != id),
        }
        Rc::new(list)
    }
}

/// Shows toasts, from anywhere below the root.
#[derive(Clone, Debug, PartialEq)]
pub struct Toasts(pub UseReducerDispatcher<ToastList>);

impl Toasts {
    /// Says that something was done.
    pub fn success(&self, text: impl Into<AttrValue>) {
        self.0.dispatch(ToastAction::Show(ToastTone::Success, text.into(), None, None));
    }

    /// Says that something went, and offers to bring it back.
    pub fn undoable(&self, text: impl Into<AttrValue>, undo: Callback<()>) {
        self.0.dispatch(ToastAction::Show(ToastTone::Success, text.into(), Some(undo), None));
    }

    /// As [`Toasts::undoable`], where only the page that is shown can bring it back.
    pub fn undoable_here(&self, text: impl Into<AttrValue>, undo: Callback<()>, page: AttrValue) {
        self.0.dispatch(ToastAction::OnPage(text.into(), undo, page));
    }

    /// Says that something was done, leads to it, and may take it back.
    pub fn done(&self, text: impl Into<AttrValue>, undo: Option<Callback<()>>, view: impl Into<AttrValue>) {
        self.0.dispatch(ToastAction::Show(ToastTone::Success, text.into(), undo, Some(view.into())));
    }

    /// Says how far something is, in thousandths.
    pub fn working(&self, text: impl Into<AttrValue>, share: u32) {
        self.0.dispatch(ToastAction::Working(text.into(), share));
    }

    /// Takes off what [`Toasts::working`] shows.
    pub fn worked(&self) {
        self.0.dispatch(ToastAction::Worked);
    }

    /// Says that something could not be done.
    pub fn failure(&self, error: &mf_contract::ApiError) {
        self.refused(crate::api::sentence(error));
    }

    /// Says why something was not even tried.
    pub fn refused(&self, text: impl Into<AttrValue>) {
        self.0.dispatch(ToastAction::Show(ToastTone::Failure, text.into(), None, None));
    }
}

/// The way to the toasts; silent where there is no root (in tests of one component).
#[hook]
pub fn use_toasts() -> Option<Toasts> {
    use_context::<Toasts>()
}

/// Takes off what can be taken back only on this page, once that is left: Undo would do nothing any more.
#[hook]
pub fn use_undo_only_here(page: &'static str) {
    let toasts = use_toasts();
    use_effect_with((), move |()| {
        move || {
            if let Some(Toasts(list)) = toasts {
                list.dispatch(ToastAction::Left(page.into()));
            }
        }
    });
}

/// Takes a toast off after a while, unless it reports a failure, or somebody has it under the pointer or the keyboard.
#[hook]
pub fn use_toast_timeout(toast: &Toast, held: bool, close: Callback<u32>) {
    let patience = if toast.undo.is_some() { 10_000 } else { 5_000 };
    use_effect_with((toast.id, toast.tone, held), move |(id, tone, held)| {
        let id = *id;
        let timeout =
            (*tone == ToastTone::Success && !held).then(|| Timeout::new(patience, move || close.emit(id)));
        move || drop(timeout)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_few_stay_and_the_same_words_show_once() {
        let mut list: Rc<ToastList> = Rc::default();
        for text in ["a", "b", "c", "d", "e", "b"] {
            list = list.reduce(ToastAction::Show(ToastTone::Success, text.into(), None, None));
        }
        let words: Vec<&str> = list.toasts.iter().map(|toast| toast.text.as_str()).collect();
        assert_eq!(words, ["d", "e", "b"]);
        let first = list.toasts[0].id;
        assert_eq!(list.reduce(ToastAction::Close(first)).toasts.len(), 2);
    }

    #[test]
    fn what_only_a_page_can_take_back_goes_with_it() {
        let list: Rc<ToastList> = Rc::default();
        let list = list.reduce(ToastAction::OnPage("a".into(), Callback::noop(), "editor".into()));
        let list =
            list.reduce(ToastAction::Show(ToastTone::Success, "b".into(), Some(Callback::noop()), None));
        let left = list.clone().reduce(ToastAction::Left("another".into()));
        assert_eq!(left.toasts, list.toasts);
        let left = list.reduce(ToastAction::Left("editor".into()));
        assert_eq!(left.toasts.iter().map(|toast| toast.text.as_str()).collect::<Vec<_>>(), ["b"]);
    }

    #[test]
    fn what_is_under_way_is_one_toast_that_moves() {
        let mut list: Rc<ToastList> = Rc::default();
        for share in [0, 250, 800] {
            list = list.reduce(ToastAction::Working("writing".into(), share));
        }
        assert_eq!((list.toasts.len(), list.toasts[0].tone), (1, ToastTone::Working(800)));
        let closed = list.clone().reduce(ToastAction::Close(list.toasts[0].id));
        let closed = closed.reduce(ToastAction::Working("writing".into(), 900));
        assert!(closed.toasts.is_empty(), "closed by hand, it stays closed");
        assert!(list.reduce(ToastAction::Worked).toasts.is_empty());
    }
}
