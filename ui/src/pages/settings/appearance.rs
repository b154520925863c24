//! How the program looks on this machine.

use super::{Section, SettingsFrame};
use crate::browser;
use crate::components::field::radio_group;
use crate::components::icon::Icon;
use crate::state::theme::{Theme, use_theme};
use yew::prelude::*;

/// The section.
#[component]
pub fn Appearance() -> Html {
    let theme = use_theme();
    use_effect_with((), |()| browser::mark_ready());
    let onchange = Callback::from(|name: &'static str| Theme::of_name(name).choose());
    html! {
        <SettingsFrame section={Section::Appearance}>
            <div class="page-head"><h1>{ "Appearance" }</h1></div>
            <section class="card col" aria-label="Theme">
                { radio_group(
                    "theme",
                    "Theme",
                    &[("system", "As the system", Some(Icon::System)), ("light", "Light", Some(Icon::Sun)), ("dark", "Dark", Some(Icon::Moon))],
                    theme.name().unwrap_or("system"),
                    onchange,
                    None,
                ) }
                <p class="hint">{ "Kept on this computer. Text size follows the system; Ctrl and + or − change it in this window where the system allows." }</p>
            </section>
        </SettingsFrame>
    }
}
