//! Where an import goes: into something new, or into something there is.

use crate::components::combobox::Combobox;
use crate::components::field::{Field, TextInput, radio_group};
use crate::state::combobox::Choice;
use std::rc::Rc;
use yew::prelude::*;

/// Into something new, which gets a name.
pub const NEW: &str = "new";
/// Into something there is.
pub const EXISTING: &str = "existing";

/// What the two ways and their controls are called. The ids of the controls are their test ids, too.
#[derive(Debug)]
pub struct Words {
    pub radio: &'static str,
    pub new: &'static str,
    pub existing: &'static str,
    pub name_id: &'static str,
    pub name_label: &'static str,
    pub choice_id: &'static str,
    pub choice_label: &'static str,
    pub placeholder: &'static str,
}

/// Properties of [`destination`].
#[derive(Debug)]
pub struct DestinationProps<'a> {
    pub words: &'a Words,
    /// [`NEW`] or [`EXISTING`].
    pub into: &'static str,
    pub oninto: Callback<&'static str>,
    pub name: String,
    pub onname: Callback<String>,
    pub name_error: Option<AttrValue>,
    pub choices: Rc<Vec<Choice>>,
    pub chosen: AttrValue,
    pub onchoice: Callback<String>,
    pub choice_error: Option<AttrValue>,
}

/// The choice, and the control that goes with it.
pub fn destination(props: DestinationProps<'_>) -> Html {
    let words = props.words;
    html! {
        <div class="field-pair">
            { radio_group(
                words.radio,
                "Into",
                &[(NEW, words.new, None), (EXISTING, words.existing, None)],
                props.into,
                props.oninto,
                None,
            ) }
            if props.into == NEW {
                <Field id={words.name_id} label={words.name_label} error={props.name_error.clone()}>
                    <TextInput
                        id={words.name_id}
                        value={props.name}
                        oninput={props.onname}
                        invalid={props.name_error.is_some()}
                        required=true
                        testid={words.name_id}
                    />
                </Field>
            } else {
                <Field id={words.choice_id} label={words.choice_label} error={props.choice_error.clone()}>
                    <Combobox
                        id={words.choice_id}
                        value={props.chosen}
                        choices={props.choices}
                        onchange={props.onchoice}
                        placeholder={words.placeholder}
                        invalid={props.choice_error.is_some()}
                        required=true
                        testid={words.choice_id}
                    />
                </Field>
            }
        </div>
    }
}
