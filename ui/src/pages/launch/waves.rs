//! How the sessions of a batch are offered: all at once, or in waves.

use crate::components::field::{Field, TextInput};
use crate::state::launch::{WaveForm, waves_in_words};
use web_sys::HtmlInputElement;
use yew::prelude::*;

/// Properties of [`wave_fields`].
#[derive(Debug)]
pub(super) struct WaveFieldsProps {
    pub form: WaveForm,
    pub onchange: Callback<WaveForm>,
    /// Whether numbers that are still blank are wrong by now.
    pub strict: bool,
}

/// The id of a number's field.
#[must_use]
pub(super) fn wave_field(name: &str) -> String {
    format!("launch-{}", name.replace('_', "-"))
}

/// The three numbers, once they are wanted.
pub(super) fn wave_fields(props: &WaveFieldsProps) -> Html {
    let form = &props.form;
    let onwanted = {
        let (form, onchange) = (form.clone(), props.onchange.clone());
        Callback::from(move |event: Event| {
            let wanted = event.target_unchecked_into::<HtmlInputElement>().checked();
            onchange.emit(WaveForm { wanted, ..form.clone() });
        })
    };
    let number = |name: &'static str,
                  words: &'static str,
                  hint: &'static str,
                  get: fn(&mut WaveForm) -> &mut String| {
        let value = get(&mut form.clone()).clone();
        // Nothing untouched is called wrong.
        let error = form.error(name).filter(|_| props.strict || !value.trim().is_empty());
        let oninput = {
            let (form, onchange) = (form.clone(), props.onchange.clone());
            Callback::from(move |text: String| {
                let mut form = form.clone();
                *get(&mut form) = text;
                onchange.emit(form);
            })
        };
        let id = AttrValue::from(wave_field(name));
        html! {
            <Field id={id.clone()} label={words} {hint} error={error.clone().map(AttrValue::from)}>
                <TextInput {id} {value} {oninput} inputmode="numeric" invalid={error.is_some()} testid={wave_field(name)} />
            </Field>
        }
    };
    html! {
        <div class="col">
            <label class="check" for="launch-waves">
                <input type="checkbox" id="launch-waves" checked={form.wanted} onchange={onwanted} data-testid="launch-waves" />
                { "Offer the sessions in waves" }
            </label>
            if form.wanted {
                <div class="field-three">
                    { number("canary", "Canaries", "Targets that go first, alone", |form| &mut form.canary) }
                    { number("max_in_progress", "At a time", "Most sessions in progress", |form| &mut form.max_in_progress) }
                    { number("stop_after_failures", "Failures", "Stop after so many", |form| &mut form.stop_after_failures) }
                </div>
                <p class="small muted" aria-live="polite">
                    { match form.rule() {
                        Ok(Some(rule)) => waves_in_words(&rule),
                        _ => "Fill in what should limit them; what is left blank does not.".to_owned(),
                    } }
                </p>
            }
        </div>
    }
}
