//! Tabs: arrow keys move, the panel follows.

use crate::browser;
use yew::prelude::*;

/// Properties of [`Tabs`].
#[derive(Debug, Properties, PartialEq)]
pub struct TabsProps {
    pub label: AttrValue,
    /// Id and words of each tab; the panel's id is `{id}-panel`.
    pub tabs: Vec<(&'static str, &'static str)>,
    pub selected: &'static str,
    pub onselect: Callback<&'static str>,
}

/// A row of tabs.
#[component]
pub fn Tabs(props: &TabsProps) -> Html {
    let onkeydown = {
        let (tabs, selected, onselect) = (props.tabs.clone(), props.selected, props.onselect.clone());
        Callback::from(move |event: KeyboardEvent| {
            let by = match event.key().as_str() {
                "ArrowRight" => 1,
                "ArrowLeft" => tabs.len() - 1,
                _ => return,
            };
            let at = tabs.iter().position(|(id, _)| *id == selected).unwrap_or(0);
            if let Some((id, _)) = tabs.get((at + by) % tabs.len().max(1)) {
                event.prevent_default();
                browser::focus(id);
                onselect.emit(id);
            }
        })
    };
    html! {
        <div class="tabs" role="tablist" aria-label={props.label.clone()} {onkeydown}>
            for (id, words) in props.tabs.clone() {
                <button
                    type="button"
                    role="tab"
                    class="tab"
                    {id}
                    aria-selected={if id == props.selected { "true" } else { "false" }}
                    aria-controls={format!("{id}-panel")}
                    tabindex={if id == props.selected { "0" } else { "-1" }}
                    onclick={props.onselect.reform(move |_| id)}
                    data-testid={id}
                >
                    { words }
                </button>
            }
        </div>
    }
}
