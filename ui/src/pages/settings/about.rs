//! What runs here, on what, and how much there is: what a person is asked for who reports a problem.

use super::{Section, SettingsFrame};
use crate::browser;
use crate::components::button::Button;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::state::evidence::size;
use crate::state::load::use_view;
use crate::state::time::grouped;
use crate::state::toasts::use_toasts;
use mf_contract::workspace::{About, AboutReply};
use std::rc::Rc;
use yew::prelude::*;

/// The section.
#[component]
pub fn AboutPage() -> Html {
    let about = use_view(Some(About {}), |_, _| false);
    let copied = use_state(|| false);
    let toasts = use_toasts();
    let oncopy = about.data().map(|about| {
        let text = as_text(&about);
        let (copied, toasts) = (copied.setter(), toasts.clone());
        Callback::from(move |()| {
            let (text, copied, toasts) = (text.clone(), copied.clone(), toasts.clone());
            wasm_bindgen_futures::spawn_local(async move {
                let done = browser::copy(&text).await;
                copied.set(done);
                if let Some(toasts) = toasts {
                    if done {
                        toasts.success("Copied to the clipboard.");
                    } else {
                        toasts.refused("The clipboard is not to be had here; the text can be selected.");
                    }
                }
            });
        })
    });
    html! {
        <SettingsFrame section={Section::About}>
            <div class="page-head">
                <h1 class="grow">{ "About" }</h1>
                if let Some(onclick) = oncopy {
                    <Button icon={if *copied { Icon::Check } else { Icon::Copy }} {onclick} testid="copy-about">{ "Copy to clipboard" }</Button>
                }
            </div>
            { loaded(&about, 8, |about: Rc<AboutReply>| html! {
                <section class="card" aria-label="About this program" data-testid="about">
                    <dl class="about-facts selectable">
                        for (name, value) in facts(&about) {
                            <div><dt>{ name }</dt><dd>{ value }</dd></div>
                        }
                    </dl>
                </section>
            }) }
        </SettingsFrame>
    }
}

fn facts(about: &AboutReply) -> Vec<(&'static str, String)> {
    let counts = &about.counts;
    let number = |number: u32| grouped(number as usize);
    vec![
        ("Maintenance Flows", about.version.clone()),
        ("Time zone database", about.zone_database.clone()),
        ("SQLite", about.sqlite_version.clone()),
        ("Data folder", about.data_folder.clone()),
        ("Database", about.database_path.clone()),
        ("Size of the database", size(about.database_bytes)),
        ("Flows", number(counts.flows)),
        ("Target lists", number(counts.target_lists)),
        ("Schedules", number(counts.schedules)),
        ("Batches", number(counts.batches)),
        ("Sessions", number(counts.sessions)),
        ("Workspace", about.team_id.to_string()),
    ]
}

fn as_text(about: &AboutReply) -> String {
    facts(about).into_iter().map(|(name, value)| format!("{name}: {value}\n")).collect()
}
