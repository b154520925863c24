//! A button that asks once before it does something that cannot be taken back.

use super::button::{Button, Tone};
use super::dialog::Confirm;
use super::icon::Icon;
use mf_domain::role::Role;
use yew::prelude::*;

/// Properties of [`Ask`].
#[derive(Debug, Properties, PartialEq)]
pub struct AskProps {
    /// The id of the dialog and the button's name for tests; the dialog's button is `{id}-confirm`.
    pub id: AttrValue,
    /// What the button says, and the dialog's button, too.
    pub action: AttrValue,
    /// What the button says, where it stands beside what goes.
    #[prop_or_default]
    pub short: Option<AttrValue>,
    pub title: AttrValue,
    /// What goes and what stays, by name.
    pub text: AttrValue,
    #[prop_or(AttrValue::Static("Keep it"))]
    pub keep: AttrValue,
    #[prop_or_default]
    pub icon: Option<Icon>,
    #[prop_or_default]
    pub small: bool,
    /// The least role that may do it.
    #[prop_or(Role::Operator)]
    pub needs: Role,
    pub onconfirm: Callback<()>,
    pub busy: bool,
    pub error: Option<AttrValue>,
}

/// The button with its question. It closes when the command has been carried out.
#[component]
pub fn Ask(props: &AskProps) -> Html {
    let asked = use_state(|| false);
    {
        let (asked, was_busy) = (asked.setter(), use_mut_ref(|| false));
        use_effect_with((props.busy, props.error.is_some()), move |(busy, failed)| {
            if was_busy.replace(*busy) && !busy && !failed {
                asked.set(false);
            }
        });
    }
    let set = |open: bool| {
        let asked = asked.setter();
        Callback::from(move |()| asked.set(open))
    };
    html! {
        <>
            <Button tone={Tone::Ghost} writes=true needs={props.needs} small={props.small} icon={props.icon} onclick={set(true)} testid={props.id.clone()}>
                { props.short.as_ref().unwrap_or(&props.action) }
            </Button>
            <Confirm
                id={props.id.clone()}
                title={props.title.clone()}
                action={props.action.clone()}
                keep={props.keep.clone()}
                open={*asked}
                onclose={set(false)}
                onconfirm={props.onconfirm.clone()}
                busy={props.busy}
                error={props.error.clone()}
                testid={format!("{}-confirm", props.id)}
            >
                <p>{ &props.text }</p>
            </Confirm>
        </>
    }
}
