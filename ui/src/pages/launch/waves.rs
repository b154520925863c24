//! How the sessions of a batch are offered: all at once, or in waves.

use crate::components::waves_fields::{WavesFieldsProps, waves_fields};
use crate::state::board::waves::WaveDraft;
use crate::state::launch::waves_in_words;
use mf_domain::Invalid;
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`offer`].
#[derive(Debug)]
pub(super) struct OfferProps<'a> {
    /// Whether they are offered in waves at all.
    pub in_waves: bool,
    pub onwaves: Callback<bool>,
    pub draft: &'a WaveDraft,
    pub onchange: Callback<WaveDraft>,
    /// Whether numbers that are still blank are wrong by now.
    pub strict: bool,
    /// What the engine has against them.
    pub refused: Option<Invalid>,
}

/// What the ids of the fields begin with.
pub(super) const ID: &str = "launch";

/// The choice, and the three numbers once they are wanted.
pub(super) fn offer(props: &OfferProps<'_>) -> Html {
    let onchange =
        props.onwaves.reform(|event: Event| event.target_unchecked_into::<HtmlInputElement>().checked());
    let rule = props.draft.wanted();
    // Nothing untouched is called wrong.
    let error = rule.as_ref().err().filter(|error| props.strict || props.draft.is_typed(&error.field));
    let error = error.or(props.refused.as_ref());
    // What is refused must not be said where nobody sees it.
    let in_waves = props.in_waves || props.refused.is_some();
    html! {
        <div class="col">
            <label class="check" for="launch-waves">
                <input type="checkbox" id="launch-waves" checked={in_waves} {onchange} data-testid="launch-waves" />
                { "Offer the sessions in waves" }
            </label>
            if in_waves {
                { waves_fields(&WavesFieldsProps { id: ID, draft: props.draft, onchange: props.onchange.clone(), autofocus: false, error }) }
                <p class="small muted" aria-live="polite">
                    { rule.as_ref().map_or_else(
                        |_| "Fill in what should limit them; what is left blank does not.".to_owned(),
                        waves_in_words,
                    ) }
                </p>
            }
        </div>
    }
}
