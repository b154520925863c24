//! One target per line, read as it is typed: how many there are, and what is wrong on which line.
//!
//! Reading waits for a pause in typing, so that pasting thousands of lines stays fluid.

use super::field::{Field, TextArea, line_errors};
use crate::browser;
use crate::state::time::count;
use gloo_timers::callback::Timeout;
use mf_domain::targets::{LineError, Target, parse_lines};
use std::rc::Rc;
use yew::prelude::*;

/// What the lines amount to.
pub type Lines = Result<Rc<[Target]>, Rc<[LineError]>>;

/// Reads lines.
pub fn read(text: &str) -> Lines {
    parse_lines(&browser::composed(text)).map(Rc::from).map_err(Rc::from)
}

/// What `text` amounts to, a moment after it stopped changing; `None` while it changes or is blank.
#[hook]
pub fn use_lines(text: &AttrValue) -> Option<Lines> {
    let known = use_state(|| None::<(AttrValue, Lines)>);
    {
        let set = known.setter();
        use_effect_with(text.clone(), move |text| {
            let text = text.clone();
            let wait = if text.len() > 20_000 { 250 } else { 60 };
            let timeout = Timeout::new(wait, move || {
                let lines = read(&text);
                set.set(Some((text, lines)));
            });
            move || drop(timeout)
        });
    }
    // The last reading stays until the next one: counts do not flicker while typing goes on.
    known.as_ref().filter(|_| !text.trim().is_empty()).map(|(_, lines)| lines.clone())
}

/// Properties of [`targets_field`].
#[derive(Debug)]
pub struct TargetsFieldProps {
    pub id: AttrValue,
    pub text: AttrValue,
    pub oninput: Callback<String>,
    pub lines: Option<Lines>,
    /// What is wrong apart from the lines themselves.
    pub error: Option<AttrValue>,
    pub testid: Option<AttrValue>,
    pub autofocus: bool,
}

/// The field.
pub fn targets_field(props: &TargetsFieldProps) -> Html {
    let errors = props.lines.as_ref().and_then(|lines| lines.as_ref().err());
    let hint = match &props.lines {
        Some(Ok(targets)) => format!("{}. Notes stand after #.", count(targets.len(), "target")),
        _ => "One per line, notes after #: RDS-01 # 192.168.1.10".to_owned(),
    };
    html! {
        <>
            <Field id={props.id.clone()} label="Targets" {hint} error={props.error.clone()}>
                <TextArea
                    id={props.id.clone()}
                    value={props.text.clone()}
                    oninput={props.oninput.clone()}
                    code=true
                    invalid={errors.is_some() || props.error.is_some()}
                    autofocus={props.autofocus}
                    testid={props.testid.clone()}
                />
            </Field>
            { errors.map_or_else(Html::default, |errors| line_errors(errors)) }
        </>
    }
}
