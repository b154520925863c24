//! Reports under way. They are written beside whatever page is shown: leaving the batch does not stop them.

use crate::browser;
use crate::components::progress::share;
use crate::events::use_event;
use crate::state::call::{use_call, use_told};
use crate::state::saving::{Content, Document, use_save};
use crate::state::toasts::use_toasts;
use mf_contract::Event;
use mf_contract::reports::{MakeReport, ReportDocument, ReportFormat};
use mf_domain::ids::BatchId;
use yew::prelude::*;

/// The way to a report, from anywhere below the root.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reports {
    /// Writes the report of a batch, of the flow of that name, and saves it among the downloads.
    pub write: Callback<(BatchId, String, ReportFormat)>,
    /// One is being written.
    pub busy: bool,
}

/// The way to the reports.
#[hook]
pub fn use_reports() -> Reports {
    use_context::<Reports>().unwrap_or_default()
}

/// Properties of [`ReportDesk`].
#[derive(Debug, Properties, PartialEq)]
pub struct ReportDeskProps {
    pub children: Html,
}

/// Writes reports, and shows how far the one under way is.
#[component]
pub fn ReportDesk(props: &ReportDeskProps) -> Html {
    let toasts = use_toasts();
    let writing = use_mut_ref(|| None::<(BatchId, String)>);
    let worked = {
        let toasts = toasts.clone();
        Callback::from(move |()| {
            if let Some(toasts) = &toasts {
                toasts.worked();
            }
        })
    };
    let save = use_save(worked.clone());
    let make = use_call::<MakeReport>({
        let writing = writing.clone();
        Callback::from(move |made: ReportDocument| {
            writing.borrow_mut().take();
            let content = Content::of(made.text, made.base64);
            save.emit(Document { name: made.file_name, content });
        })
    });
    use_event({
        let (toasts, writing) = (toasts.clone(), writing.clone());
        Callback::from(move |event| {
            let Event::ReportProgress { batch_id, done, total } = event else { return };
            if let (Some(toasts), Some((own, name))) = (&toasts, &*writing.borrow())
                && *own == batch_id
            {
                toasts.working(words(name), share(done, total));
            }
        })
    });
    use_effect_with(make.error().is_some(), move |failed| {
        if *failed {
            worked.emit(());
        }
    });
    use_told(make.error());
    let write = {
        let make = make.clone();
        Callback::from(move |(batch_id, name, format): (BatchId, String, ReportFormat)| {
            if make.busy() {
                return;
            }
            if let Some(toasts) = &toasts {
                toasts.working(words(&name), 0);
            }
            writing.replace(Some((batch_id, name)));
            make.run(MakeReport { batch_id, format, timezone: Some(browser::viewer_zone()) });
        })
    };
    html! {
        <ContextProvider<Reports> context={Reports { write, busy: make.busy() }}>
            { props.children.clone() }
        </ContextProvider<Reports>>
    }
}

fn words(name: &str) -> String {
    format!("The report of “{name}” is being written. You can go on meanwhile.")
}
