//! Evidence as the person gives it: chosen, dropped, pasted or typed.

use crate::browser::{self, Pasted};
use crate::state::evidence::pasted_name;
use crate::state::time;
use crate::state::uploads::{Given, Source};
use mf_domain::flow::StepId;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, File};
use yew::prelude::*;

/// Files, ready to be sent. A screenshot from the clipboard gets a name that says when it was taken.
pub(super) fn given(files: Vec<File>, pasted: bool) -> Vec<Given> {
    let of = |file: File| {
        let name = match file.name() {
            name if pasted && name == "image.png" => named("screenshot", "png"),
            name => name,
        };
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a size is a whole number"
        )]
        let size = file.size() as u64;
        Given { name, size, source: Source::File(file) }
    };
    files.into_iter().map(of).collect()
}

/// Text, ready to be sent.
pub(super) fn output(text: &str) -> Given {
    let (name, size) = (named("output", "txt"), text.len() as u64);
    Given { name, size, source: Source::Text(text.into()) }
}

fn named(what: &str, ending: &str) -> String {
    pasted_name(what, time::in_viewer_zone(browser::now()), ending)
}

/// Calls the newest `told` with what is pasted on the page and whether a field gets it; it answers whether it took it.
#[hook]
pub(super) fn use_paste(told: Callback<(Rc<Pasted>, bool), bool>) {
    let newest = use_mut_ref(|| told.clone());
    *newest.borrow_mut() = told;
    use_effect_with((), move |()| {
        let listener = browser::on_paste(move |pasted, typing| {
            let told = newest.borrow().clone();
            !browser::dialog_is_open() && told.emit((Rc::new(pasted), typing))
        });
        move || drop(listener)
    });
}

/// The attribute of what takes files that are dropped: the step they are for, or nothing for the session as a whole.
pub(super) const TAKES_FILES: &str = "data-takes-files";

/// Files that are dragged over the page.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Dragging {
    /// The step under them; empty for the session as a whole.
    pub over: Option<String>,
    pub ondragover: Callback<DragEvent>,
    pub ondragleave: Callback<DragEvent>,
    pub ondrop: Callback<DragEvent>,
}

/// What is dropped on something that takes files goes to `give`; anywhere else it is left to the window.
#[hook]
pub(super) fn use_dragging(give: Callback<(Option<StepId>, Vec<File>)>) -> Dragging {
    let over = use_state_eq(|| None::<String>);
    let ondragover = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            let taker = browser::files(&event).and_then(|_| taker(&event));
            if taker.is_some() {
                event.prevent_default();
            }
            over.set(taker);
        })
    };
    let ondragleave = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            if event.related_target().is_none() {
                over.set(None);
            }
        })
    };
    let ondrop = {
        let over = over.setter();
        Callback::from(move |event: DragEvent| {
            over.set(None);
            if let Some((taker, files)) = taker(&event).zip(browser::files(&event)) {
                event.prevent_default();
                let step = (!taker.is_empty()).then_some(StepId(taker));
                give.emit((step, browser::each_file(&files)));
            }
        })
    };
    Dragging { over: (*over).clone(), ondragover, ondragleave, ondrop }
}

fn taker(event: &DragEvent) -> Option<String> {
    let under = event.target()?.dyn_into::<Element>().ok()?;
    under.closest(&format!("[{TAKES_FILES}]")).ok()??.get_attribute(TAKES_FILES)
}
