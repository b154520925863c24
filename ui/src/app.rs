//! The root: one connection to the engine, one clock, one place for toasts, and the question whether the workspace can
//! be used at all, before anything else is asked of it.

use crate::components::loaded::skeleton;
use crate::components::toasts::ToastCorner;
use crate::components::trouble::trouble;
use crate::events::Bus;
use crate::pages::recovery::Recovery;
use crate::pages::reports::ReportDesk;
use crate::pages::shell::Shell;
use crate::route::{Here, use_address};
use crate::state::clock::{Now, use_clock};
use crate::state::load::use_load;
use crate::state::modals::{ModalStack, Modals};
use crate::state::toasts::{ToastList, Toasts};
use crate::{api, browser};
use mf_contract::workspace::{Health, WorkspaceHealth};
use yew::prelude::*;

/// The application.
#[component]
pub fn App() -> Html {
    let bus = use_memo((), |()| Bus::connected());
    let now = use_clock();
    let here = use_address();
    let toasts = use_reducer(ToastList::default);
    let modals = use_reducer(ModalStack::default);
    html! {
        <ContextProvider<Bus> context={(*bus).clone()}>
            <ContextProvider<Now> context={now}>
                <ContextProvider<Toasts> context={Toasts(toasts.dispatcher())}>
                    <ContextProvider<Modals> context={Modals(modals.dispatcher())}>
                        <ContextProvider<Here> context={here}>
                            <ReportDesk><Gate /></ReportDesk>
                        </ContextProvider<Here>>
                    </ContextProvider<Modals>>
                    <ToastCorner list={toasts} over={modals.top().cloned()} />
                </ContextProvider<Toasts>>
            </ContextProvider<Now>>
        </ContextProvider<Bus>>
    }
}

/// Lets nobody in before the workspace is known to be whole.
#[component]
fn Gate() -> Html {
    let health = use_load(Some(WorkspaceHealth {}), |_, _| false);
    let failed = health.data().is_none() && health.error().is_some();
    use_effect_with(failed, |failed| {
        if *failed {
            browser::mark_ready();
        }
    });
    match (health.data().as_deref(), health.error()) {
        (Some(Health::Ready), _) => html! { <Shell /> },
        (Some(Health::ReadOnly { reason }), _) => {
            html! { <Shell read_only={AttrValue::from(reason.clone())} /> }
        }
        (Some(Health::Corrupt { reason, database_path, newest_backup }), _) => html! {
            <Recovery
                reason={reason.clone()}
                database_path={database_path.clone()}
                newest_backup={newest_backup.clone()}
                onrecovered={health.put()}
            />
        },
        (None, Some(error)) => html! {
            <main class="fullscreen">
                <div class="fullscreen-card">
                    <h1>{ "The workspace does not open" }</h1>
                    { trouble(api::sentence(error), Some(health.again())) }
                </div>
            </main>
        },
        (None, None) => html! { <main class="fullscreen">{ skeleton(3) }</main> },
    }
}
