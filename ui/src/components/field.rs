//! Form fields: a label, the control, a hint, and what is wrong beside it, tied together for screen readers.

use super::icon::Icon;
use crate::state::time::count;
use mf_domain::targets::LineError;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement, HtmlTextAreaElement};
use yew::prelude::*;

/// Properties of [`Field`].
#[derive(Debug, Properties, PartialEq)]
pub struct FieldProps {
    /// The id of the control inside.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    #[prop_or_default]
    pub optional: bool,
    pub children: Html,
}

/// A labelled control. The control names `{id}-about` in `aria-describedby`; every control here does.
#[component]
pub fn Field(props: &FieldProps) -> Html {
    html! {
        <div class="field">
            <label for={props.id.clone()}>
                { &props.label }
                if props.optional {
                    <span class="optional">{ "optional" }</span>
                }
            </label>
            { props.children.clone() }
            { about(format!("{}-about", props.id), props.error.as_ref(), props.hint.as_ref()) }
        </div>
    }
}

/// Properties of [`Group`].
#[derive(Debug, Properties, PartialEq)]
pub struct GroupProps {
    /// Begins the ids of label and message: `{id}-label`, `{id}-about`.
    pub id: AttrValue,
    pub label: AttrValue,
    #[prop_or(AttrValue::Static("group"))]
    pub role: AttrValue,
    #[prop_or_default]
    pub hint: Option<AttrValue>,
    #[prop_or_default]
    pub error: Option<AttrValue>,
    pub children: Html,
}

/// Several controls under one label. Not a `fieldset`: WebKit gives one in a column room that nothing fills.
#[component]
pub fn Group(props: &GroupProps) -> Html {
    let (label, described) = (format!("{}-label", props.id), format!("{}-about", props.id));
    html! {
        <div
            class="field"
            role={props.role.clone()}
            aria-labelledby={label.clone()}
            aria-describedby={described.clone()}
            aria-invalid={(props.role == "radiogroup" && props.error.is_some()).then_some("true")}
        >
            <span class="label" id={label}>{ &props.label }</span>
            { props.children.clone() }
            { about(described, props.error.as_ref(), props.hint.as_ref()) }
        </div>
    }
}

/// What is said below a control: what is wrong with it, else what it is for.
fn about(id: String, error: Option<&AttrValue>, hint: Option<&AttrValue>) -> Html {
    html! {
        <div {id}>
            if let Some(error) = error {
                { field_error(error.clone()) }
            } else if let Some(hint) = hint {
                <p class="hint">{ hint }</p>
            }
        </div>
    }
}

/// What is wrong, with icon and words.
pub fn field_error(text: impl Into<AttrValue>) -> Html {
    let text: AttrValue = text.into();
    html! {
        <p class="error-text" role="alert">{ Icon::Alert.svg() }<span>{ text }</span></p>
    }
}

/// The most wrong lines that are listed; more would hide the first.
const LISTED: usize = 20;

/// What is wrong on which lines of a text that is read line by line.
pub fn line_errors(errors: &[LineError]) -> Html {
    if errors.is_empty() {
        return Html::default();
    }
    html! {
        <div class="error-list" data-testid="line-errors">
            for error in errors.iter().take(LISTED) {
                { field_error(format!("Line {}: {}", error.line, error.message)) }
            }
            if errors.len() > LISTED {
                <p class="hint">{ format!("and {} more", count(errors.len() - LISTED, "line")) }</p>
            }
        </div>
    }
}

/// Properties of [`TextInput`].
#[derive(Debug, Properties, PartialEq)]
pub struct TextInputProps {
    pub id: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or(AttrValue::Static("text"))]
    pub kind: AttrValue,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    #[prop_or_default]
    pub invalid: bool,
    #[prop_or_default]
    pub required: bool,
    #[prop_or_default]
    pub mono: bool,
    #[prop_or_default]
    pub inputmode: Option<AttrValue>,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// One line of text.
#[component]
pub fn TextInput(props: &TextInputProps) -> Html {
    let oninput =
        props.oninput.reform(|event: InputEvent| event.target_unchecked_into::<HtmlInputElement>().value());
    html! {
        <input
            class={classes!("input", props.mono.then_some("mono"))}
            type={props.kind.clone()}
            id={props.id.clone()}
            value={props.value.clone()}
            {oninput}
            placeholder={props.placeholder.clone()}
            aria-invalid={props.invalid.then_some("true")}
            aria-required={props.required.then_some("true")}
            aria-describedby={format!("{}-about", props.id)}
            inputmode={props.inputmode.clone()}
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            autofocus={props.autofocus}
            data-testid={props.testid.clone()}
        />
    }
}

/// Properties of [`TextArea`].
#[derive(Debug, Properties, PartialEq)]
pub struct TextAreaProps {
    pub id: AttrValue,
    pub value: AttrValue,
    pub oninput: Callback<String>,
    #[prop_or_default]
    pub onkeydown: Callback<KeyboardEvent>,
    #[prop_or_default]
    pub placeholder: Option<AttrValue>,
    #[prop_or_default]
    pub invalid: bool,
    /// Lines of a list or a document, in the typewriter font and not wrapped.
    #[prop_or_default]
    pub code: bool,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
    /// The accessible name where no label stands above it.
    #[prop_or_default]
    pub label: Option<AttrValue>,
}

/// Several lines of text.
#[component]
pub fn TextArea(props: &TextAreaProps) -> Html {
    let oninput = props
        .oninput
        .reform(|event: InputEvent| event.target_unchecked_into::<HtmlTextAreaElement>().value());
    html! {
        <textarea
            class={classes!("input", props.code.then_some("code"))}
            id={props.id.clone()}
            value={props.value.clone()}
            {oninput}
            onkeydown={props.onkeydown.clone()}
            placeholder={props.placeholder.clone()}
            aria-invalid={props.invalid.then_some("true")}
            aria-describedby={format!("{}-about", props.id)}
            aria-label={props.label.clone()}
            spellcheck={if props.code { "false" } else { "true" }}
            autofocus={props.autofocus}
            data-testid={props.testid.clone()}
        />
    }
}

/// Properties of [`Select`].
#[derive(Debug, Properties, PartialEq)]
pub struct SelectProps {
    pub id: AttrValue,
    /// The chosen value.
    pub value: AttrValue,
    /// Value and words of each choice.
    pub options: Vec<(AttrValue, AttrValue)>,
    pub onchange: Callback<String>,
    #[prop_or_default]
    pub invalid: bool,
    #[prop_or_default]
    pub autofocus: bool,
    #[prop_or_default]
    pub testid: Option<AttrValue>,
}

/// One of a few choices.
#[component]
pub fn Select(props: &SelectProps) -> Html {
    let node = use_node_ref();
    {
        // After drawing: the choice may have arrived before its option did.
        let node = node.clone();
        use_effect_with((props.value.clone(), props.options.clone()), move |(value, _)| {
            if let Some(select) = node.cast::<HtmlSelectElement>() {
                select.set_value(value);
            }
        });
    }
    let onchange = props.onchange.reform(|event: Event| {
        event
            .target()
            .and_then(|target| target.dyn_into::<HtmlSelectElement>().ok())
            .map_or_else(String::new, |select| select.value())
    });
    html! {
        <div class="select">
            <select
                class="input"
                ref={node}
                id={props.id.clone()}
                {onchange}
                aria-invalid={props.invalid.then_some("true")}
                aria-describedby={format!("{}-about", props.id)}
                autofocus={props.autofocus}
                data-testid={props.testid.clone()}
            >
                for (value, words) in &props.options {
                    <option value={value.clone()} selected={*value == props.value}>{ words }</option>
                }
            </select>
            { Icon::Chevron.svg_with("chev") }
        </div>
    }
}

/// A choice of a [`radio_group`]: value, words and picture.
pub type Shown = (&'static str, &'static str, Option<Icon>);

/// One of a few choices that are all seen. The id of each is `{name}-{value}`.
pub fn radio_group(
    name: &'static str,
    label: &'static str,
    options: &[Shown],
    chosen: &str,
    onchange: Callback<&'static str>,
    error: Option<AttrValue>,
) -> Html {
    html! {
        <Group id={name} {label} role="radiogroup" {error}>
            <div class="choice">
                for (value, words, icon) in options.iter().copied() {
                    <label>
                        <input
                            type="radio"
                            id={format!("{name}-{value}")}
                            {name}
                            {value}
                            checked={value == chosen}
                            onchange={onchange.reform(move |_: Event| value)}
                            data-testid={format!("{name}-{value}")}
                        />
                        { icon.map(Icon::svg) }{ words }
                    </label>
                }
            </div>
        </Group>
    }
}
